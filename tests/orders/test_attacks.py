"""What somebody might try with forms, keys and addresses of orders that no page of ours sends."""

import pytest
from django.urls import reverse

from checkout.models import Payment
from strangers import Asker, TooMany
from tests.orders.ordering import wanted
from tests.paying import come
from tracking.orders.models import BasketLine, Dish, Endpoint, Order, State, Way
from tracking.orders.outside import fault_of
from tracking.orders.placing import Wanted

pytestmark = pytest.mark.django_db


def test_an_option_that_is_sent_as_a_tick_and_as_a_number_is_read_once(client, menu):
    dish = menu["Margherita"]
    offered = dish.groups.get()
    choice = offered.choices.first()
    asked = {f"many-{choice.pk}": "2", f"group-{offered.pk}": str(choice.pk)}
    assert client.get(reverse("orders:dish", args=["grill", dish.pk]), asked).status_code == 200
    assert client.post(reverse("orders:add", args=["grill", dish.pk]), asked).status_code == 422
    assert not BasketLine.objects.exists()


def test_a_note_has_no_character_that_databases_refuse(client, menu):
    client.post(reverse("orders:add", args=["grill", menu["Cola"].pk]), {"note": "no\x00 ice", "quantity": "1"})
    assert BasketLine.objects.get().note == "no ice"


def test_a_station_that_no_database_can_hold_is_refused(client, make_order, olga):
    order = make_order({"Burger": 1}, State.ACCEPTED)
    client.force_login(olga)
    address = reverse("orders:kitchen-tap", args=["grill", order.pk, "bump"])
    client.post(address, {"station": "9" * 30})
    order.refresh_from_db()
    assert order.state == State.ACCEPTED


@pytest.mark.parametrize("host", ["fec0::1", "feff::1", "::127.0.0.1", "fd00::1", "2002:7f00:1::"])
def test_no_webhook_reaches_an_inside_address_of_version_6(host):
    assert fault_of(f"https://[{host}]/") and not fault_of("https://[2606:4700::1111]/")


@pytest.fixture
def office(client, olga):
    """The admin, as olga sees it."""
    olga.is_staff = True
    olga.save()
    client.force_login(olga)
    return client


@pytest.mark.parametrize("field", ["pin__startswith", "asked_from__startswith", "key"])
def test_a_filter_of_the_list_tells_staff_nothing_that_it_hides(office, make_order, field):
    order = make_order({"Burger": 1}, State.READY, way=Way.DELIVERY, gate="B22", pin="4711")
    assert order.reference in office.get("/admin/orders/order/").text
    assert office.get("/admin/orders/order/", {field: "4"}).status_code == 400
    for offered in (
        {"state__exact": "ready"},
        {"shop__id__exact": order.shop_id},
        {"made_at__year": order.made_at.year},
    ):
        assert order.reference in office.get("/admin/orders/order/", offered).text


def test_nor_the_secret_of_a_webhook_or_the_hash_of_a_key(office, grill):
    endpoint = Endpoint.objects.create(shop=grill, url="https://example.org/hook")
    endpoint.rotate()
    assert office.get("/admin/orders/endpoint/", {"secrets__icontains": endpoint.secrets[0][:3]}).status_code == 400
    assert office.get("/admin/orders/tillkey/", {"key_hash__startswith": "a"}).status_code == 400


def test_one_network_holds_a_share_of_the_portions_until_it_pays(order_food, menu):
    soup = menu["Soup"]
    Dish.objects.filter(pk=soup.pk).update(stock=60)
    here = Asker("here", "a")
    held = order_food(wanted(soup, 20), asker=here)
    for quantity in (1, 40):
        with pytest.raises(TooMany):
            order_food(wanted(soup, quantity), asker=here)
    soup.refresh_from_db()
    assert soup.stock == 40 and Order.objects.count() == 1
    order_food(wanted(soup, 5), asker=Asker("there", "b"))
    come(Payment.objects.begin(held))
    assert order_food(wanted(soup, 11), asker=here)


def test_the_last_few_portions_are_a_share_that_one_customer_may_have(order_food, menu):
    assert order_food(wanted(menu["Soup"], 5), asker=Asker("here", "a"))


def test_nor_all_portions_of_a_shop_that_is_paid_at_its_counter(order_food, bar):
    """What is placed there is unpaid until it is handed over."""
    cake = Dish.objects.create(shop=bar, name="Cake", price=500, stock=60)
    here, there = Asker("here", "a"), Asker("there", "b")
    held = order_food(Wanted(cake.pk, 20), shop=bar, asker=here)
    for quantity in (1, 40):
        with pytest.raises(TooMany):
            order_food(Wanted(cake.pk, quantity), shop=bar, asker=here)
    held.accept().bump()
    with pytest.raises(TooMany):  # made, and waiting for somebody who pays
        order_food(Wanted(cake.pk), shop=bar, asker=here)
    cake.refresh_from_db()
    assert cake.stock == 40 and Order.objects.count() == 1
    order_food(Wanted(cake.pk, 10), shop=bar, asker=there)
    held.collect()
    assert order_food(Wanted(cake.pk, 10), shop=bar, asker=here)


def test_nor_those_of_a_dish_that_costs_nothing(order_food, grill):
    water = Dish.objects.create(shop=grill, name="Water", price=0, stock=60)
    assert order_food(Wanted(water.pk, 20), asker=Asker("here", "a")).state == State.PLACED
    with pytest.raises(TooMany):
        order_food(Wanted(water.pk), asker=Asker("here", "a"))
    assert order_food(Wanted(water.pk, 13), asker=Asker("there", "b"))
