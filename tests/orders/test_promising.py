"""What is promised for an order: from the shop's own recent times, its open orders, its hours and its lever."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tracking.orders.models import State, Way
from tracking.orders.promising import outlook, promise_for
from verbs.refusals import Refused


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def done(make_order, now):
    """``done(7, 8, minutes_ago=20)``: orders that took so long, and were ready then."""

    def make(*took, minutes_ago=20, lines=None, **fields):
        ready = now - timedelta(minutes=minutes_ago)
        for minutes in took:
            placed = ready - timedelta(minutes=minutes)
            stamps = {"placed_at": placed, "ready_at": ready, "ended_at": ready}
            make_order(lines, State.COLLECTED, **{**stamps, **fields})

    return make


def promised(shop, now, size=1, **more):
    """From how many minutes to how many, and whether it is estimated."""
    span = promise_for(shop, size, now, **more)
    return (span.earliest - now).seconds // 60, (span.latest - now).seconds // 60, span.is_estimated


def test_a_shop_of_which_too_little_is_known_promises_its_setting_and_says_so(grill, done, now):
    done(6, 6, 6, 6)
    assert promised(grill, now) == (12, 15, True)
    done(6)
    assert promised(grill, now) == (6, 9, False)


def test_its_last_two_hours_say_how_long_it_takes(grill, done, now):
    done(6, 7, 7, 8, 8, 9, 9, 10, 12, 15, 60)
    assert promised(grill, now) == (8, 12, False)


def test_a_slow_neighbour_changes_nothing(grill, bar, done, now):
    done(*[8] * 6)
    before = promised(grill, now)
    done(*[40] * 20, shop=bar)
    assert promised(grill, now) == before


def test_orders_of_another_size_are_no_measure(grill, done, now):
    done(*[30] * 6, lines={"Burger": 3, "Cola": 3})
    assert promised(grill, now) == (12, 15, True)
    assert promised(grill, now, size=6) == (30, 33, False)


def test_where_today_says_too_little_the_same_hour_of_last_weeks_does(grill, done, now):
    done(*[20] * 5, minutes_ago=7 * 24 * 60 + 10)
    assert promised(grill, now) == (20, 23, False)
    done(*[6] * 5, minutes_ago=30)
    assert promised(grill, now) == (6, 9, False)


def test_the_same_hour_is_that_on_the_clock_also_after_clocks_have_changed(grill, make_order):
    """They go back on 1 November 2026."""
    ready = datetime(2026, 10, 28, 13, 50, tzinfo=grill.tz)
    for _count in range(5):
        make_order(state=State.COLLECTED, placed_at=ready - timedelta(minutes=20), ready_at=ready)
    assert promised(grill, datetime(2026, 11, 4, 14, 0, tzinfo=grill.tz)) == (20, 23, False)
    assert promised(grill, datetime(2026, 11, 4, 13, 0, tzinfo=grill.tz))[2]


def test_another_hour_of_another_day_says_nothing(grill, done, now):
    done(*[20] * 9, minutes_ago=24 * 60)
    assert promised(grill, now)[2]


def test_what_was_ordered_for_later_tells_nothing_of_how_fast_a_kitchen_is(grill, done, now):
    done(*[180] * 3, *[44] * 5, wanted_at=now - timedelta(minutes=20))
    assert promised(grill, now)[2]


def test_a_kitchen_that_is_stuck_does_not_look_fast(grill, done, make_order, now):
    done(*[6] * 10)
    make_order(state=State.MAKING, minutes_ago=25)
    assert promised(grill, now)[1] >= 25


def test_an_order_for_later_is_on_hold_until_its_time_comes(grill, make_order, now):
    make_order(minutes_ago=50, wanted_at=now + timedelta(hours=2))
    assert promised(grill, now) == (12, 15, True)
    make_order(minutes_ago=50, wanted_at=now + timedelta(minutes=2))  # in work for ten minutes
    assert promised(grill, now) == (12, 15, True)
    make_order(minutes_ago=50, wanted_at=now - timedelta(minutes=20))  # for 32
    assert promised(grill, now)[1] == 32


def test_more_open_orders_never_make_it_earlier_and_are_named(grill, make_order, now):
    last = promise_for(grill, 1, now)
    for count in range(1, 8):
        make_order()
        span = promise_for(grill, 1, now)
        assert span.earliest >= last.earliest and span.latest >= last.latest
        assert span.facts["open"] == count
        last = span
    assert last.earliest == now + timedelta(minutes=24)  # eight where it makes four at once


def test_the_slowest_dish_is_not_made_faster(grill, now):
    assert promised(grill, now, longest=25) == (25, 28, True)


def test_to_a_gate_the_way_and_the_wait_for_a_runner_are_added(grill, now):
    assert promised(grill, now, way=Way.DELIVERY) == (12 + 8, 15 + 8 + 5, True)


def test_a_time_that_was_chosen_is_promised_by_that_time(grill, now):
    wanted = now + timedelta(hours=1)
    span = promise_for(grill, 1, now, wanted)
    assert (span.earliest, span.latest) == (wanted - timedelta(minutes=5), wanted)


def test_a_time_that_can_not_be_kept_is_refused(grill, now):
    promise_for(grill, 1, now, now + timedelta(minutes=outlook(grill, 1, now).minutes))
    for minutes in (-5, 5, 14):
        with pytest.raises(Refused, match="isn’t possible any more"):
            promise_for(grill, 1, now, now + timedelta(minutes=minutes))
    with pytest.raises(Refused, match="isn’t possible any more"):
        promise_for(grill, 1, now, now + timedelta(minutes=20), Way.DELIVERY)


def at(shop, hours, minutes):
    return datetime(2026, 11, 18, hours, minutes, tzinfo=shop.tz)


def test_nothing_is_promised_beyond_the_kitchens_end(grill):
    assert promise_for(grill, 1, at(grill, 21, 45)).latest == at(grill, 22, 0)
    for moment in (at(grill, 21, 46), at(grill, 22, 37), at(grill, 23, 30), at(grill, 5, 0)):
        with pytest.raises(Refused):
            promise_for(grill, 1, moment)


def test_a_closing_of_today_holds_for_promises(grill):
    grill.closings.create(begins=at(grill, 12, 0), ends=at(grill, 12, 40))
    for wanted in (None, at(grill, 12, 30), at(grill, 12, 50)):
        with pytest.raises(Refused):
            promise_for(grill, 1, at(grill, 12, 10), wanted)
    assert promise_for(grill, 1, at(grill, 12, 10), at(grill, 13, 0)).latest == at(grill, 13, 0)
