"""From the basket to the order by the page: once, whatever is sent twice, and nothing half placed."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from checkout.models import Payment
from tests.html import one_line
from tests.orders.ordering import choices
from tests.races import answers_at_once
from tracking.orders.customers.regions import BasketToOrder
from tracking.orders.menu.addresses import BROWSER
from tracking.orders.models import Basket, Dish, Order, State, Way

pytestmark = pytest.mark.django_db

PAGE = "/orders/grill/order/"


@pytest.fixture
def filled(client, menu):
    """The browser of ``client`` has two burgers with chips and a cola in its basket at the grill."""
    fill(client, menu["Burger"], 2, Chips=1)
    fill(client, menu["Cola"])
    return Basket.objects.get()


def fill(client, dish, quantity=1, **names):
    """Put a dish into the basket of this browser."""
    session = client.session
    browser = session.setdefault(BROWSER, "a-secret-of-this-browser")
    session.save()
    basket = Basket.objects.begin(dish.shop, browser)
    basket.add(dish, choices(dish, **names), quantity)
    return basket


def fields_of(basket, **fields):
    return {
        "key": str(basket.key),
        "way": "collection",
        "when": "soon",
        "when_at_gate": "soon",
        "name": "Ada",
        "email": "ada@example.org",
        "accepted": 3320,
        **fields,
    }


def nothing_was_ordered():
    return not Order.objects.exists() and not Payment.objects.exists()


def test_the_page_shows_the_basket_and_when_it_would_be_ready(client, filled, menu):
    page = one_line(client.get(PAGE).text)
    assert "Burger" in page and "Chips" in page and "Order and pay $33.20" in page
    assert f'name="key" value="{filled.key}"' in page and 'name="accepted" value="3320"' in page
    assert re.search(r"Collect at the shop \(\d\d:\d\d–\d\d:\d\d\)", page)
    assert re.search(r"Bring it to the gate \(\d\d:\d\d–\d\d:\d\d\)", page)


def test_who_can_only_collect_is_asked_nothing(client, filled, grill):
    """Also who came when the shop still delivered, and is refused once."""
    grill.delivers = False
    grill.save()
    assert 'type="radio"' not in client.get(PAGE).text
    refused = client.post(PAGE, fields_of(filled, way="delivery"))
    assert refused.status_code == 422 and nothing_was_ordered()
    (way,) = re.findall(r'name="way" value="(\w+)"', refused.text)
    assert client.post(PAGE, fields_of(filled, way=way)).status_code == 303


def test_breakfast_is_ordered_for_tomorrow_and_not_for_now(client, filled, menu, grill):
    grill.sections.filter(name="Drinks").update(served_from="06:00", served_until="10:30")
    page = one_line(client.get(PAGE).text)
    assert "Order and pay $33.20" in page, "it may be ordered for a time at which it is served"
    now = client.post(PAGE, fields_of(filled))
    assert now.status_code == 422 and "Cola is served from 06:00 to 10:30." in one_line(now.text)
    assert nothing_was_ordered()
    morning = timezone.now().astimezone(grill.tz).replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(days=1)
    answer = client.post(PAGE, fields_of(filled, when=morning.astimezone(UTC).isoformat()))
    assert answer.status_code == 303 and Order.objects.get().wanted_at == morning


def test_it_is_ordered_and_leads_to_the_payment(client, filled):
    answer = client.post(PAGE, fields_of(filled))
    order, payment = Order.objects.get(), Payment.objects.get()
    assert answer.status_code == 303 and answer["Location"] == payment.get_absolute_url()
    assert (order.total, order.name, order.email, order.key) == (3320, "Ada", "ada@example.org", filled.key)
    assert filled.lines.count() == 2  # kept until it is paid
    client.post(payment.get_absolute_url(), {"status": "confirmed"})
    filled.refresh_from_db()
    assert not filled.lines.exists() and filled.key != order.key


def test_what_was_added_while_it_was_paid_stays_in_the_basket(client, filled, menu):
    """In another tab: one dish more of the same, and one of another."""
    client.post(PAGE, fields_of(filled))
    filled.add(menu["Soup"], {})
    filled.add(menu["Cola"], {})
    client.post(Payment.objects.get().get_absolute_url(), {"status": "confirmed"})
    filled.refresh_from_db()
    assert {(line.dish.name, line.quantity) for line in filled.lines.all()} == {("Soup", 1), ("Cola", 1)}
    assert filled.key != Order.objects.get().key


def test_sent_again_what_is_sold_out_now_leads_to_no_payment(client, filled, menu):
    client.post(PAGE, fields_of(filled))
    order = Order.objects.get()
    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    answer = client.post(PAGE, fields_of(filled))
    assert answer.status_code == 303 and answer["Location"] == order.get_absolute_url()


def test_sent_twice_by_back_or_from_another_tab_it_is_one_order(client, filled):
    for _one in range(3):
        assert client.post(PAGE, fields_of(filled))["Location"] == Payment.objects.get().get_absolute_url()
    client.post(Payment.objects.get().get_absolute_url(), {"status": "confirmed"})
    answer = client.post(PAGE, fields_of(filled))
    assert answer.status_code == 303 and answer["Location"] == Order.objects.get().get_absolute_url()
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_impatient_taps_make_one_order(client, filled):
    session = {name: cookie.value for name, cookie in client.cookies.items()}

    def tap():
        other = Client()
        other.cookies.load(session)
        return other.post(PAGE, fields_of(filled))

    answers = answers_at_once(*[tap] * 4)
    order = Order.objects.get()
    assert {answer["Location"] for answer in answers} == {Payment.objects.get().get_absolute_url()}
    assert order.changes.filter(field="state").count() == 1 and order.parts.count() == 2


def test_the_key_survives_a_reload_and_is_the_same_in_each_tab(client, filled):
    keys = {re.search(r'name="key" value="([^"]+)"', client.get(PAGE).text)[1] for _tab in range(3)}
    assert keys == {str(filled.key)}


def test_who_comes_back_from_the_payment_finds_what_was_typed(client, filled):
    client.post(PAGE, fields_of(filled, way="delivery", gate="b22", note="Table 5"))
    page = one_line(client.get(PAGE).text)
    for value in ("Ada", "ada@example.org", "Table 5", "B22"):
        assert f'value="{value}"' in page
    again = fields_of(filled, way="delivery", gate="B22", note="Table 5")
    assert client.post(PAGE, again)["Location"] == Payment.objects.get().get_absolute_url()


def test_a_basket_that_was_changed_while_it_waits_for_its_money_is_ordered_anew(client, filled, menu):
    client.post(PAGE, fields_of(filled))
    first = Order.objects.get()
    fill(client, menu["Cola"], 2)
    answer = client.post(PAGE, fields_of(filled, accepted=3760))
    first.refresh_from_db()
    second = Order.objects.exclude(pk=first.pk).get()
    assert first.state == State.CANCELLED and second.state == State.UNPAID and second.total == 3760
    assert answer["Location"] == Payment.objects.get(object_id=second.pk).get_absolute_url()


def test_a_basket_that_got_a_new_key_is_ordered_by_that_one(client, filled, menu):
    """Its order waits for the money, was changed, and then something runs out: the page has the key of now."""
    client.post(PAGE, fields_of(filled))
    fill(client, menu["Soup"], 5)
    Dish.objects.filter(name="Soup").update(stock=2)
    page = client.post(PAGE, fields_of(filled, accepted=6820)).text
    filled.refresh_from_db()
    assert f'name="key" value="{filled.key}"' in page and filled.key != Order.objects.get().key
    Dish.objects.filter(name="Soup").update(stock=5)
    answer = client.post(PAGE, fields_of(filled, accepted=6820))
    assert answer.status_code == 303 and Order.objects.filter(state=State.UNPAID).get().total == 6820


def test_another_basket_in_another_window_is_said(client, filled):
    answer = client.post(PAGE, fields_of(filled, key=uuid4()))
    assert answer.status_code == 409 and "changed in another window" in answer.text and nothing_was_ordered()
    assert client.post(PAGE, fields_of(filled, key="no key")).status_code == 409
    filled.clear()
    assert client.get(PAGE)["Location"] == "/orders/grill/basket/"


def test_a_stranger_with_the_key_gets_nothing(client, filled):
    client.post(PAGE, fields_of(filled))
    stranger = Client()
    answer = stranger.post(PAGE, fields_of(filled))
    assert answer.status_code == 409 and Order.objects.get().token not in answer.text


def test_what_is_sold_out_meanwhile_is_said_at_its_line_and_the_rest_is_kept(client, filled, menu):
    fill(client, menu["Soup"], 5)
    Dish.objects.filter(name="Soup").update(stock=2)
    answer = client.post(PAGE, fields_of(filled, accepted=6820))
    page = one_line(answer.text)
    assert answer.status_code == 422 and "2" in page and nothing_was_ordered()
    row = page.split("<b>Soup</b>")[1].split("</tr>")[0]
    assert 'class="error"' in row and filled.lines.count() == 3
    others = page.split("<b>Soup</b>")[0].split("<tbody", 1)[1]
    assert 'value="Ada"' in page and 'class="error"' not in others


def test_a_forged_total_orders_nothing_and_a_new_price_is_shown(client, filled, menu):
    for forged in (1, 0):
        answer = client.post(PAGE, fields_of(filled, accepted=forged))
        assert answer.status_code == 409 and "The price has changed" in answer.text and nothing_was_ordered()
    menu["Cola"].price = 250
    menu["Cola"].save()
    page = one_line(client.post(PAGE, fields_of(filled)).text)
    assert "<s>$33.20</s> <b>$33.50</b>" in page and 'value="3350"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accepted", ""),
        ("accepted", "-1"),
        ("accepted", "NaN"),
        ("accepted", "9" * 40),
        ("name", ""),
        ("name", "Buy at www.example.com"),
        ("email", "nobody"),
        ("way", "teleport"),
        ("when", "2020-01-01T00:00:00+00:00"),
        ("when", ""),
        ("flight", "nothing"),
        ("flight", "1\0"),
        ("note", "x" * 201),
    ],
)
def test_bad_input_is_said_at_its_field(client, filled, field, value):
    answer = client.post(PAGE, fields_of(filled, **{field: value}))
    assert answer.status_code == 422 and nothing_was_ordered()
    assert 'class="error"' in answer.text


def test_a_delivery_needs_a_gate_or_a_flight_of_this_airport(client, filled, make_flight):
    answer = client.post(PAGE, fields_of(filled, way="delivery"))
    assert answer.status_code == 422 and "Write your flight or your gate" in answer.text
    make_flight(minutes=300, origin="BOS", destination="JFK", number="9")
    answer = client.post(PAGE, fields_of(filled, way="delivery", flight="B6 9"))
    assert answer.status_code == 422 and "We know no such flight" in answer.text and nothing_was_ordered()
    make_flight(minutes=300, gate="C7")
    client.post(PAGE, fields_of(filled, way="delivery", flight="b6 1010"))
    assert Order.objects.get().gate == "C7" and Order.objects.get().way == Way.DELIVERY


def offered(page, field):
    """The times that a field offers, as soon as possible apart."""
    options = page.split(f'name="{field}"')[1].split("</select>")[0]
    return [datetime.fromisoformat(value) for value in re.findall(r'value="(\d[^"]+)"', options)]


def test_a_delivery_has_times_of_its_own_at_the_gate(client, filled, grill, time_machine):
    """Ready from 15 minutes on and until 22:00; eight minutes more to the gate."""
    evening = timezone.now().astimezone(grill.tz).replace(hour=21, minute=10, second=0, microsecond=0)
    time_machine.move_to(evening)
    page = client.get(PAGE).text
    today = {field: [at.astimezone(grill.tz) for at in offered(page, field)] for field in ("when", "when_at_gate")}
    last = {field: [at for at in found if at.date() == evening.date()] for field, found in today.items()}
    assert [f"{at:%H:%M}" for at in last["when"]] == ["21:30", "21:45", "22:00"]
    assert [f"{at:%H:%M}" for at in last["when_at_gate"]] == ["21:45", "22:00"]
    for at in (
        last["when"][0],
        evening.replace(hour=22, minute=15),
    ):  # no runner is so fast, and no cook is there any more
        sent = fields_of(filled, way="delivery", gate="B22", when_at_gate=at.astimezone(UTC).isoformat())
        assert client.post(PAGE, sent).status_code == 422 and nothing_was_ordered()
    chosen = last["when_at_gate"][-1]
    sent = fields_of(filled, way="delivery", gate="B22", when_at_gate=chosen.astimezone(UTC).isoformat(), when="")
    assert client.post(PAGE, sent).status_code == 303
    order = Order.objects.get()
    assert order.wanted_at == order.latest == chosen and order.due_at == chosen - timedelta(minutes=8)


def test_a_time_of_the_other_way_is_no_time_of_this_one(client, filled):
    assert client.post(PAGE, fields_of(filled, way="delivery", gate="B22", when_at_gate="")).status_code == 422
    answer = client.post(PAGE, fields_of(filled, way="delivery", gate="B22", when="2020-01-01T00:00:00+00:00"))
    assert answer.status_code == 303 and Order.objects.get().wanted_at is None


def test_what_can_not_be_ready_before_boarding_is_refused_before_anybody_pays(client, filled, make_flight):
    make_flight(minutes=48, gate="C7")
    answer = client.post(PAGE, fields_of(filled, flight="B6 1010"))
    page = one_line(answer.text)
    assert answer.status_code == 422 and nothing_was_ordered()
    assert re.search(r'id="id_flight_error">Boarding for B6 1010 starts at \d\d:\d\d; earliest ready \d\d:\d\d', page)


def test_after_the_last_time_of_today_another_day_is_said_and_has_to_be_chosen(client, filled, grill, time_machine):
    late = timezone.now().astimezone(grill.tz).replace(hour=21, minute=55)
    time_machine.move_to(late)
    page = one_line(client.get(PAGE).text)
    assert "As soon as possible" not in page and "kitchen closes at 22:00" in page and "Choose a time" in page
    answer = client.post(PAGE, fields_of(filled))
    assert answer.status_code == 422 and nothing_was_ordered()
    morning = (late + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC)
    assert client.post(PAGE, fields_of(filled, when=morning.isoformat())).status_code == 303
    assert Order.objects.get().wanted_at == morning


def test_a_closing_of_today_is_in_no_time_that_one_may_choose(client, filled, grill):
    now = timezone.now().replace(second=0, microsecond=0)
    grill.closings.create(begins=now, ends=now + timedelta(minutes=40))
    page = client.get(PAGE).text
    shown = re.findall(r'<option value="([^"]+)"', page)
    assert shown and min(shown) >= (now + timedelta(minutes=40)).isoformat() and "soon" not in shown


def test_a_shop_that_is_paid_at_its_counter_has_the_order_at_once(client, bar):
    beer = bar.dishes.create(name="Beer", price=600)
    basket = fill(client, beer, 2)
    answer = client.post("/orders/bar/order/", fields_of(basket, accepted=1200))
    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url() and order.state == State.PLACED
    basket.refresh_from_db()
    assert not basket.lines.exists() and "Order and pay" not in client.get(answer["Location"]).text


def test_an_account_is_known_and_has_the_order(client, filled, alice):
    client.force_login(alice)  # the basket of this browser stays
    page = client.get(PAGE)
    assert 'value="alice@example.org"' in page.text and 'value="Alice"' in page.text
    client.post(PAGE, fields_of(filled))
    assert Order.objects.get().user == alice


# The basket beside the form, live


def beside(basket, **query):
    return BasketToOrder(slug=basket.shop.slug, browser=basket.browser, query=query)


def test_it_is_what_the_page_shows_and_has_the_key_and_the_button(client, filled):
    page = client.get(PAGE).text
    fragment = client.get(f"/live/{beside(filled).address}").text
    assert fragment in page and f'name="key" value="{filled.key}"' in fragment and "Order and pay $33.20" in fragment
    assert client.get("/live/basket/grill/a-guess/order/").status_code == 404


def test_what_runs_out_while_the_form_is_open_is_said_and_the_button_goes(filled, menu):
    assert {f"menu-{filled.shop_id}", f"basket-{filled.pk}"} <= set(beside(filled).topics())
    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    html = one_line(beside(filled).render().html)
    assert "Cola is sold out." in html and "Order and pay" not in html
    assert beside(filled).stale_at(timezone.now()) <= timezone.now() + timedelta(hours=1)


def test_a_shop_that_closes_or_pauses_says_so_there(filled, grill, time_machine):
    grill.pause()
    html = one_line(beside(filled).render().html)
    assert "Takes no orders until" in html and "Order and pay" not in html
    grill.resume()
    closes = timezone.now().astimezone(grill.tz).replace(hour=22, minute=0, second=0, microsecond=0)
    time_machine.move_to(closes - timedelta(hours=1))
    assert "Choose a time" not in beside(filled).render().html
    assert beside(filled).stale_at(timezone.now()) == closes
    time_machine.move_to(closes)
    html = one_line(beside(filled).render().html)
    assert "Kitchen closed until" in html and "Nothing is made now. Choose a time." in html


def test_a_dish_is_judged_for_when_it_is_wanted(filled, grill):
    grill.sections.filter(name="Drinks").update(served_from="06:00", served_until="10:30")
    assert "Cola is served from" not in beside(filled).render().html
    assert "Cola is served from" in beside(filled, wanted="soon").render().html
    morning = timezone.now().astimezone(grill.tz).replace(hour=7) + timedelta(days=1)
    for wanted in (morning.isoformat(), "nothing", "2026-11-19T07:00:00"):
        assert "Cola is served from" not in beside(filled, wanted=wanted).render().html


def test_an_emptied_basket_has_no_button(filled):
    filled.clear()
    html = beside(filled).render().html
    assert "Nothing chosen yet" in html and "Order and pay" not in html


def test_no_such_shop(client, filled):
    assert client.get("/orders/nowhere/order/").status_code == 404
