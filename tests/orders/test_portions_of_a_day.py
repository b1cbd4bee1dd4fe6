"""Counted dishes have their portions again when the shop opens for the day: once, and less what was ordered for that day before."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.orders.ordering import wanted
from tests.races import all_at_once, faults
from tracking.orders.models import Dish, Order, State, stock
from tracking.orders.restocking import restock

pytestmark = pytest.mark.django_db(transaction=True)

WEDNESDAY = 18


@pytest.fixture
def go_to(grill, time_machine):
    """``go_to("06:00", day=19)``: this time on the clock of the shop, and the periodic job."""

    def go(clock, day=WEDNESDAY, shop=grill):
        moment = datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=shop.tz)
        time_machine.move_to(moment)
        return restock(timezone.now())

    return go


@pytest.fixture
def soup(menu):
    """Twenty portions a day; five are left."""
    Dish.objects.filter(name="Soup").update(portions_a_day=20)
    return menu["Soup"]


def left(dish):
    return Dish.objects.get(pk=dish.pk).stock


def test_they_come_back_with_the_opening_once_a_day(soup, go_to, grill, order_food, assert_published):
    assert go_to("05:59") == 0 and left(soup) == 5
    with assert_published(f"menu-{grill.pk}"):
        assert go_to("06:00") == 1
    assert left(soup) == 20
    order_food(wanted(soup, 20))
    with assert_published():
        for clock in ("12:00", "22:59", "23:30"):
            assert go_to(clock) == 0
    assert left(soup) == 0
    assert go_to("05:00", day=19) == 0 and go_to("06:00", day=19) == 1 and left(soup) == 20


def test_a_shop_that_opens_twice_a_day_has_them_once(soup, go_to, grill):
    grill.hours.update(opens="11:00", closes="14:00", kitchen_closes=None)
    grill.hours.create(opens="17:00", closes="22:00")
    assert go_to("11:00") == 1
    Dish.objects.filter(pk=soup.pk).update(stock=3)
    assert go_to("17:00") == 0 and left(soup) == 3
    assert go_to("11:00", day=19) == 1


def test_after_midnight_it_is_still_the_evening_before(soup, go_to, grill):
    grill.hours.update(opens="18:00", closes="03:00", kitchen_closes=None)
    assert go_to("18:00") == 1 and go_to("01:00", day=19) == 0 and go_to("18:00", day=19) == 1


def test_a_shop_that_never_closes_has_them_at_midnight(soup, go_to, grill):
    grill.hours.update(opens="00:00", closes="00:00", kitchen_closes=None)
    assert go_to("12:00") == 1 and go_to("23:59") == 0
    assert go_to("00:00", day=19) == 1 and go_to("00:01", day=19) == 0


def test_closed_for_the_day_it_has_none(soup, go_to, grill):
    go_to("06:00")
    thursday = datetime.fromisoformat("2026-11-19T00:00").replace(tzinfo=grill.tz)
    grill.closings.create(begins=thursday, ends=thursday + timedelta(days=1))
    assert go_to("12:00", day=19) == 0
    assert go_to("06:00", day=20) == 1


def test_what_was_ordered_for_that_day_is_not_sold_again(soup, go_to, grill, order_food):
    go_to("06:00")
    at = datetime.fromisoformat("2026-11-19T12:00").replace(tzinfo=grill.tz)
    tomorrow, given_up = order_food(wanted(soup, 6), wanted_at=at), order_food(wanted(soup, 2), wanted_at=at)
    for order in (tomorrow, given_up):
        order.pay()
    given_up.cancel()
    assert left(soup) == 14
    go_to("06:00", day=19)
    assert left(soup) == 14
    tomorrow.cancel()
    assert left(soup) == 20


def test_a_portion_of_yesterday_is_none_of_today(soup, go_to, grill, order_food):
    go_to("22:30", day=WEDNESDAY - 1)
    go_to("21:00")
    order = order_food(wanted(soup, 6))
    order.pay()
    go_to("06:00", day=19)
    order.call_off("Nobody has come")
    assert left(soup) == 20


def test_who_counts_by_hand_and_who_does_not_count_is_left_alone(menu, soup, go_to):
    Dish.objects.filter(name="Cola").update(stock=3)
    go_to("06:00")
    assert left(menu["Cola"]) == 3 and left(menu["Burger"]) is None
    soup.refresh_from_db()
    soup.count(7)  # a pot has fallen
    assert go_to("07:00") == 0 and left(soup) == 7


def test_who_has_looked_before_somebody_else_restocked_it_brings_nothing_back(soup, go_to, grill, order_food):
    go_to("06:00")
    seen, opened = Dish.objects.get(pk=soup.pk), timezone.now()
    Dish.objects.filter(pk=soup.pk).update(restocked_at=opened, stock=0)  # another process, and then all of it was sold
    seen.restocked_at = None
    stock.restock(seen, opened)
    assert left(soup) == 0


def test_what_is_ordered_for_the_day_while_it_is_restocked_is_not_sold_twice(soup, go_to, grill, order_food):
    """Two processes restock; some are ordered a moment before the opening, for after it."""
    go_to("06:00", day=WEDNESDAY - 1)
    go_to("05:59")
    opened = timezone.now() + timedelta(minutes=1)
    at = opened.replace(microsecond=0) + timedelta(hours=6)
    orders = [lambda: order_food(wanted(soup, 3), wanted_at=at)] * 6
    outcomes = all_at_once(*orders[:3], *[lambda: restock(opened)] * 2, *orders[3:])
    assert not faults(outcomes)
    assert left(soup) == 2 and Order.objects.filter(state=State.UNPAID).count() == 6
