"""What was not paid is not lost: the basket is there, what was typed is there, and it can be ordered again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checkout.models import Payment
from tests.html import one_line
from tests.orders.test_place_page import PAGE, fields_of, fill
from tests.races import answers_at_once
from tracking.orders.models import Basket, Order, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(client, menu):
    fill(client, menu["Burger"], 2, Chips=1)
    fill(client, menu["Cola"])
    return Basket.objects.get()


def give_up(how, order, client, time_machine):
    if how == "cancelled":
        client.post(f"/orders/order/{order.token}/cancel/")
    else:
        time_machine.move_to(timezone.now() + timedelta(minutes=11))
        Order.objects.all().lapse(timezone.now())
    order.refresh_from_db()
    assert order.state == State.CANCELLED and order.placed_at is None


@pytest.mark.parametrize("how", ["lapsed", "cancelled"])
def test_it_is_ordered_again_with_what_was_typed(client, filled, time_machine, how):
    client.post(PAGE, fields_of(filled, note="Table 5"))
    first = Order.objects.get()
    give_up(how, first, client, time_machine)
    page = one_line(client.get(PAGE).text)
    for value in ("Ada", "ada@example.org", "Table 5"):
        assert f'value="{value}"' in page
    filled.refresh_from_db()
    assert str(filled.key) in page and filled.key != first.key
    answer = client.post(PAGE, fields_of(filled, note="Table 5"))
    second = Order.objects.exclude(pk=first.pk).get()
    assert second.state == State.UNPAID
    assert answer["Location"] == Payment.objects.get(object_id=second.pk).get_absolute_url()


@pytest.mark.parametrize("note", ["", "Without onions"])
def test_a_form_that_was_open_all_the_time_orders_it_again_once(client, filled, time_machine, note):
    open_form = fields_of(filled, note=note)
    client.post(PAGE, fields_of(filled))
    first = Order.objects.get()
    give_up("lapsed", first, client, time_machine)
    for _tap in range(2):
        answer = client.post(PAGE, open_form)
        second = Order.objects.exclude(pk=first.pk).get()
        assert answer["Location"] == Payment.objects.get(object_id=second.pk).get_absolute_url()
    assert second.state == State.UNPAID


@pytest.mark.django_db(transaction=True)
def test_impatient_taps_of_such_a_form_make_one_order(client, filled, time_machine):
    form = fields_of(filled)
    client.post(PAGE, form)
    give_up("lapsed", Order.objects.get(), client, time_machine)
    session = {name: cookie.value for name, cookie in client.cookies.items()}

    def tap():
        other = Client()
        other.cookies.load(session)
        return other.post(PAGE, form)

    answers = answers_at_once(*[tap] * 4)
    assert {answer.status_code for answer in answers} == {303}
    assert Order.objects.filter(state=State.UNPAID).count() == 1


def test_another_browser_finds_nothing_of_it(client, filled, menu, time_machine):
    client.post(PAGE, fields_of(filled))
    give_up("lapsed", Order.objects.get(), client, time_machine)
    other = Client()
    session = other.session
    session["orders.browser"] = "a-secret-of-another-browser"
    session.save()
    Basket.objects.begin(menu["Cola"].shop, "a-secret-of-another-browser").add(menu["Cola"], {})
    assert "ada@example.org" not in other.get(PAGE).text
    assert other.post(PAGE, fields_of(filled)).status_code == 409
