"""No order is promised for a time that nobody can keep, nor silently for another day; each time is one of the airport's clock."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.orders.ordering import wanted
from tracking.orders import schema_org
from tracking.orders.flights import TooLateToBoard
from tracking.orders.models import Basket, Order, State, Way
from verbs.refusals import Refused

MINUTE = timedelta(minutes=1)


def at(shop, hours, minutes, day=18):
    return datetime(2026, 11, day, hours, minutes, tzinfo=shop.tz)


def test_as_soon_as_possible_is_refused_once_the_kitchen_can_not_finish_it(grill, menu, order_food):
    for hours, minutes in ((21, 50), (22, 37), (23, 30)):
        with time_machine.travel(at(grill, hours, minutes)), pytest.raises(Refused, match="Thu 19 November, 06:"):
            order_food(wanted(menu["Cola"]))
    assert not Order.objects.exists()


def test_another_day_is_promised_to_who_has_chosen_it(grill, menu, order_food):
    with time_machine.travel(at(grill, 22, 37)):
        order = order_food(wanted(menu["Cola"]), wanted_at=at(grill, 6, 15, day=19))
    assert order.latest == at(grill, 6, 15, day=19)


def test_a_closing_holds_wherever_a_time_is_asked_for(client, grill, menu, order_food):
    grill.closings.create(begins=at(grill, 14, 0), ends=at(grill, 14, 40))
    with time_machine.travel(at(grill, 14, 10)):
        page = client.get("/orders/grill/").content.decode()
        assert "14:40" in page
        for chosen in (None, at(grill, 14, 30), at(grill, 14, 50)):
            with pytest.raises(Refused):
                order_food(wanted(menu["Cola"]), wanted_at=chosen)
        assert order_food(wanted(menu["Cola"]), wanted_at=at(grill, 15, 0)).latest == at(grill, 15, 0)
    assert Order.objects.count() == 1


def test_both_closing_times_are_shown(client, grill, menu):
    page = client.get("/orders/grill/").content.decode()
    assert "Open until 23:00" in page and "The kitchen closes at 22:00." in page


def test_a_slow_neighbour_changes_no_promise(grill, bar, menu, order_food, make_order):
    for _count in range(8):
        ready = timezone.now() - 5 * MINUTE
        make_order(state=State.COLLECTED, shop=bar, placed_at=ready - 40 * MINUTE, ready_at=ready)
        make_order(state=State.MAKING, shop=bar, minutes_ago=40)
    order = order_food(wanted(menu["Cola"]))
    assert order.latest - order.made_at == 15 * MINUTE


def test_a_promise_is_a_moment_on_the_airports_clock(client, grill, menu, order_food):
    """An estimate that is kept as a day, or as midnight in UTC, is a day off west of Greenwich."""
    grill.hours.update(closes="03:00", kitchen_closes=None)
    with time_machine.travel(at(grill, 23, 55)):
        order = order_food(wanted(menu["Cola"]), way=Way.DELIVERY, gate="B22")
        order.pay()
        page = client.get(order.get_absolute_url()).content.decode()
        delivery = schema_org.order_of(order)["orderDelivery"]
    assert "Thu 19 November, 00:15–00:23" in page and "New York time" in page
    assert delivery["expectedArrivalUntil"].startswith("2026-11-19T00:23:") and delivery[
        "expectedArrivalUntil"
    ].endswith("-05:00")


def test_what_can_not_be_had_before_boarding_takes_no_portion_and_no_money(grill, menu, make_flight, order_food):
    flight = make_flight(minutes=45)  # it boards in a quarter of an hour, and the way to the gate takes eight minutes
    with pytest.raises(TooLateToBoard, match="choose something quicker"):
        order_food(wanted(menu["Soup"]), flight=flight)
    menu["Soup"].refresh_from_db()
    assert menu["Soup"].stock == 5 and not Order.objects.exists() and not Basket.objects.exists()
