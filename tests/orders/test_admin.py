"""The admin of shops: who may set up what, prices as people write them, allergens that are none or not known."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from tests.admin_pages import address, change, errors, filled
from tracking.orders.models import Choice, Dish, OptionGroup, Order, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


@pytest.fixture
def manager(client, olga, bar):
    """Olga, who works at the grill and may sign in to the admin."""
    User.objects.filter(pk=olga.pk).update(is_staff=True)
    client.force_login(olga)
    return client


def test_staff_see_their_own_shop_and_its_menu_only(manager, grill, bar, menu):
    beer = Dish.objects.create(shop=bar, name="Beer", price=700)
    group = OptionGroup.objects.create(shop=bar, name="Size")
    for row in (grill, menu["Cola"], menu["Burger"].groups.get(), menu["Burger"].groups.get().group):
        assert manager.get(address(row)).status_code == 200, row
    for row in (bar, beer, group):
        assert manager.get(address(row)).status_code == 302, row
        assert manager.post(address(row), {"name": "Mine"}).status_code == 302
    listed = manager.get("/admin/orders/dish/").text
    assert "Cola" in listed and "Beer" not in listed
    assert manager.get("/admin/orders/shop/add/").status_code == 403


@pytest.mark.parametrize("path", ["shop", "dish", "optiongroup", "order"])
def test_who_works_at_no_shop_is_refused(client, alice, grill, path):
    User.objects.update(is_staff=True)
    client.force_login(alice)
    assert client.get(f"/admin/orders/{path}/").status_code == 403


def test_staff_change_hours_but_neither_staff_nor_airport(manager, grill, alice):
    manager.post(
        address(grill), {**filled(manager, address(grill)), "staff": [alice.pk], "slug": "mine", "minutes": "20"}
    )
    grill.refresh_from_db()
    assert (grill.minutes, grill.slug) == (20, "grill") and alice not in grill.staff.all()


def test_saving_is_published(admin, grill, menu, assert_published):
    with assert_published(f"menu-{grill.pk}", "shops"):
        assert change(admin, grill, minutes="20").status_code == 302
    with assert_published(f"menu-{grill.pk}"):
        assert change(admin, menu["Cola"], name="Coke").status_code == 302
    with assert_published(f"menu-{grill.pk}"):
        assert change(admin, menu["Burger"].groups.get()).status_code == 302


def test_a_price_is_written_in_the_currency_of_the_shop(admin, grill, menu):
    assert 'value="15.50"' in admin.get(address(menu["Burger"])).text
    assert change(admin, menu["Burger"], price="16.25").status_code == 302
    menu["Burger"].refresh_from_db()
    assert menu["Burger"].price == 1625
    assert "Write an amount such as" in errors(change(admin, menu["Burger"], price="١٢"))
    assert "only 2 digits" in errors(change(admin, menu["Burger"], price="1.255"))


def test_portions_that_were_sold_while_a_form_was_open_stay_sold(admin, menu):
    soup = menu["Soup"]
    data = filled(admin, address(soup)) | {"name": "Stew", "initial-stock": "5"}
    Dish.objects.filter(pk=soup.pk).update(stock=3)
    assert admin.post(address(soup), data).status_code == 302
    soup.refresh_from_db()
    assert (soup.name, soup.stock) == ("Stew", 3)
    admin.post(address(soup), data | {"stock": "8"})
    soup.refresh_from_db()
    assert soup.stock == 8


def test_what_an_option_costs_is_written_for_each_dish(admin, menu):
    offered = menu["Margherita"].groups.get()
    data = filled(admin, address(offered))
    data |= {name: "4.10" for name, value in data.items() if name.endswith("-price")}
    assert admin.post(address(offered), data).status_code == 302
    assert set(Choice.objects.filter(dish_group=offered).values_list("price", flat=True)) == {410}


def test_allergens_are_none_or_not_known(admin, menu):
    change(admin, menu["Cola"], price="2.20", allergens=["unknown"])
    menu["Cola"].refresh_from_db()
    assert menu["Cola"].allergens is None
    data = {**filled(admin, address(menu["Cola"])), "price": "2.20"}
    admin.post(address(menu["Cola"]), {name: value for name, value in data.items() if name != "allergens"})
    menu["Cola"].refresh_from_db()
    assert menu["Cola"].allergens == []
    assert "either" in errors(change(admin, menu["Cola"], price="2.20", allergens=["unknown", "milk"]))


def test_a_dish_is_added_with_its_price(manager, grill, bar):
    data = {"shop": grill.pk, "name": "Tea", "about": "", "price": "3.10", "tax_rate": "", "is_listed": "on"}
    assert manager.post("/admin/orders/dish/add/", data).status_code == 302
    assert Dish.objects.get(name="Tea").price == 310
    refused = manager.post("/admin/orders/dish/add/", {**data, "shop": bar.pk})
    assert "shop" in refused.context["adminform"].form.errors


def test_what_was_added_is_set_up_on_its_own_page_next(manager, grill):
    fields = {"shop": grill.pk, "name": "Tea", "about": "", "price": "3.10", "tax_rate": "", "is_listed": "on"}
    answer = manager.post("/admin/orders/dish/add/", fields)
    assert answer["Location"] == address(Dish.objects.get(name="Tea"))
    fields = {"shop": grill.pk, "name": "Sugar", "minimum": 0, "maximum": 1, "free": 0}
    answer = manager.post("/admin/orders/optiongroup/add/", fields)
    assert answer["Location"] == address(OptionGroup.objects.get(name="Sugar"))
    assert manager.post("/admin/orders/dish/add/", {**fields, "_addanother": "1"}).status_code == 200


def test_a_group_that_a_dish_gets_is_offered_with_all_its_options(admin, menu, client):
    group = menu["Margherita"].groups.get().group
    answer = change(
        admin,
        menu["Cola"],
        **{"price": "2.20", "groups-TOTAL_FORMS": 1, "groups-0-group": group.pk, "groups-0-position": 0},
    )
    assert answer.status_code == 302
    offered = menu["Cola"].groups.get()
    assert {(choice.option.name, choice.price) for choice in offered.choices.all()} == {
        ("Pepperoni", 0),
        ("Mushrooms", 0),
        ("Cheese", 0),
    }
    assert "Mushrooms" in client.get(f"/orders/grill/{menu['Cola'].pk}/").text


def test_an_option_that_no_dish_offers_yet_is_said(admin, menu):
    group = menu["Margherita"].groups.get().group
    data = filled(admin, address(group))
    count = int(data["options-INITIAL_FORMS"])
    data |= {"options-TOTAL_FORMS": count + 1, f"options-{count}-name": "Olives", f"options-{count}-position": 9}
    answer = admin.post(address(group), data, follow=True)
    assert "Olives: not offered yet with Margherita." in answer.text
    assert not Choice.objects.filter(option__name="Olives").exists()


def test_a_currency_that_is_none_is_refused(admin, grill):
    for absurd in ("EUX", "usd", "US"):
        assert "three letters of a currency" in errors(change(admin, grill, currency=absurd))


def test_a_section_with_one_time_is_refused(admin, grill, menu):
    answer = change(admin, grill, **{"sections-0-served_from": "06:00"})
    assert "Write both times, or none." in errors(answer)


def test_a_new_shop_says_what_its_address_is_for(admin):
    page = admin.get("/admin/orders/shop/add/").text
    assert "such as “grill” of /orders/grill/" in page and "autocomplete" in page


def test_sections_and_stations_are_those_of_the_shop(admin, menu, bar):
    foreign = bar.sections.create(name="Beers")
    assert "Select a valid choice" in errors(change(admin, menu["Cola"], price="2.20", section=foreign.pk))


def test_a_closing_is_written_on_the_clock_of_the_airport(admin, grill):
    data = filled(admin, address(grill)) | {
        "closings-TOTAL_FORMS": "1",
        "closings-0-begins": "2026-11-18T20:00",
        "closings-0-ends": "2026-11-18T21:30",
        "closings-0-reason": "Fire drill",
    }
    assert admin.post(address(grill), data).status_code == 302
    closing = grill.closings.get()
    assert (closing.begins, closing.ends) == (
        datetime(2026, 11, 19, 1, tzinfo=UTC),
        datetime(2026, 11, 19, 2, 30, tzinfo=UTC),
    )
    assert 'value="2026-11-18T20:00"' in admin.get(address(grill)).text
    backwards = data | {"closings-0-ends": "2026-11-18T19:00"}
    assert "end after it begins" in errors(admin.post(address(grill), backwards | {"closings-INITIAL_FORMS": "0"}))


@pytest.mark.parametrize("slug", ["order", "mine", "basket"])
def test_an_address_of_the_sites_own_is_refused(admin, grill, slug):
    assert "Choose another" in errors(change(admin, grill, slug=slug))
    assert Shop.objects.filter(slug="grill").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours-0-weekdays": "18"}, "digits of its days"),
        ({"hours-0-kitchen_closes": "23:30"}, "before the shop closes"),
    ],
)
def test_hours_that_make_no_sense_are_refused(admin, grill, fields, words):
    assert words in errors(change(admin, grill, **fields))


def test_a_group_lets_one_choose_what_it_demands(admin, menu):
    group = menu["Burger"].groups.get().group
    assert "At most" in errors(change(admin, group, minimum="2", maximum="1"))
    assert "No more can be free" in errors(change(admin, group, minimum="0", maximum="1", free="2"))


def test_orders_are_shown_and_cant_be_changed(admin):
    assert admin.get("/admin/orders/order/").status_code == 200
    assert admin.get("/admin/orders/order/add/").status_code == 403
    assert not Order.objects.exists()
