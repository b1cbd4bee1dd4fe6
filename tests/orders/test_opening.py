"""When a shop can be ordered from: hours, closings, the kitchen's end, nights and clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tracking.orders import opening
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db


def at(shop, clock, day=18):
    """A time of day at the shop, on that day of November 2026; the 18th is a Wednesday."""
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, 11, day, hours, minutes, tzinfo=shop.tz)


def shown(shop, now, minutes=12):
    return [time.words for time in opening.times(shop, now, minutes)]


def clock(shop, moment):
    return f"{moment.astimezone(shop.tz):%a %H:%M}"


def test_a_shop_and_its_kitchen_close_at_two_times(grill):
    now = at(grill, "14:00")
    assert opening.is_open(grill, now)
    assert clock(grill, opening.closes_at(grill, now)) == "Wed 23:00"
    assert clock(grill, opening.kitchen_until(grill, now)) == "Wed 22:00"
    assert clock(grill, opening.opens_at(grill, now)) == "Thu 06:00"


def test_a_closed_shop_says_when_it_opens(grill):
    now = at(grill, "23:30")
    assert not opening.is_open(grill, now)
    assert opening.closes_at(grill, now) is opening.kitchen_until(grill, now) is None
    with pytest.raises(Refused, match=r"Grill is closed. The next possible time is Thu 19 November, 06:15."):
        opening.check_time(grill, None, now, 12)


def test_nothing_is_orderable_that_cant_be_ready_before_the_kitchen_closes(grill):
    opening.check_time(grill, None, at(grill, "21:48"), 12)
    with pytest.raises(
        Refused, match=r"The kitchen closes at 22:00: this can’t be ready by then. .* Thu 19 November, 06:15"
    ):
        opening.check_time(grill, None, at(grill, "21:49"), 12)
    with pytest.raises(Refused, match=r"The kitchen is closed."):
        opening.check_time(grill, None, at(grill, "22:37"), 12)


def test_the_last_time_of_a_day_is_the_kitchens_end_and_another_day_is_said(grill):
    times = shown(grill, at(grill, "21:20"))
    assert times[:3] == ["21:45", "22:00", "Thu 19 November, 06:15"]
    assert times[-1] == "Thu 19 November, 22:00"
    with pytest.raises(Refused, match="isn’t possible any more"):
        opening.check_time(grill, at(grill, "22:15"), at(grill, "21:20"), 12)
    opening.check_time(grill, at(grill, "22:00"), at(grill, "21:20"), 12)


def test_a_closing_is_respected_by_every_answer(grill):
    grill.closings.create(begins=at(grill, "12:00"), ends=at(grill, "12:40"))
    during, before = at(grill, "12:10"), at(grill, "11:20")
    assert not opening.is_open(grill, during)
    assert clock(grill, opening.opens_at(grill, during)) == "Wed 12:40"
    assert clock(grill, opening.closes_at(grill, before)) == "Wed 12:00"
    assert shown(grill, during)[0] == "13:00"
    assert shown(grill, before)[:4] == ["11:45", "12:00", "13:00", "13:15"]
    with pytest.raises(Refused, match="closed"):
        opening.check_time(grill, None, during, 12)
    with pytest.raises(Refused, match="any more"):
        opening.check_time(grill, at(grill, "12:40"), before, 12)


def test_a_closing_until_the_end_of_the_day_leaves_no_time_today(grill):
    grill.closings.create(begins=at(grill, "13:00"), ends=at(grill, "23:00"))
    assert shown(grill, at(grill, "14:00"))[0] == "Thu 19 November, 06:15"


def test_a_closing_over_the_kitchens_end_opens_no_kitchen(grill):
    grill.closings.create(begins=at(grill, "20:00"), ends=at(grill, "22:30"))
    assert opening.is_open(grill, at(grill, "22:40"))
    assert not opening.is_orderable(grill, at(grill, "22:40"), 5)


def test_a_paused_shop_takes_no_orders_for_any_time(grill):
    grill.paused_until = at(grill, "14:15")
    assert shown(grill, at(grill, "14:00")) == []
    for wanted in (None, at(grill, "18:00")):
        with pytest.raises(Refused, match=r"Grill takes no orders until 14:15."):
            opening.check_time(grill, wanted, at(grill, "14:00"), 12)
    opening.check_time(grill, None, at(grill, "14:15"), 12)


def test_a_bar_that_closes_after_midnight_belongs_to_the_day_it_opens(bar):
    bar.hours.all().delete()
    bar.hours.create(weekdays="3", opens=time(18), closes=time(2), kitchen_closes=time(1))
    assert opening.is_open(bar, at(bar, "1:30", 19))
    assert clock(bar, opening.kitchen_until(bar, at(bar, "0:30", 19))) == "Thu 01:00"
    assert not opening.is_open(bar, at(bar, "1:30", 18))
    assert shown(bar, at(bar, "0:30", 19)) == ["00:45", "01:00"]
    assert clock(bar, opening.opens_at(bar, at(bar, "3:00", 19))) == "Wed 18:00"


def test_a_shop_that_never_closes_takes_orders_at_midnight(bar):
    bar.hours.update(opens=time(0), closes=time(0))
    opening.check_time(bar, None, at(bar, "23:55"), 12)
    assert shown(bar, at(bar, "23:40"))[0] == "Thu 19 November, 00:00"


def test_a_shop_without_hours_is_closed_and_doesnt_know_when_it_opens(bar):
    bar.hours.all().delete()
    with pytest.raises(Refused, match=r"Bar is closed. It isn’t known when it opens again."):
        opening.check_time(bar, None, at(bar, "14:00"), 12)


def test_the_day_after_tomorrow_cant_be_ordered_for(grill):
    with pytest.raises(Refused):
        opening.check_time(grill, at(grill, "12:00", 20), at(grill, "14:00"), 12)


def test_the_night_in_which_clocks_are_put_back_has_an_hour_more(bar):
    """On 1 November 2026 it is 1:30 twice in New York."""
    bar.hours.all().delete()
    bar.hours.create(opens=time(22), closes=time(3))
    began = datetime(2026, 11, 1, 2, tzinfo=UTC)  # 22:00 on 31 October
    ends = began + timedelta(hours=6)
    assert opening.closes_at(bar, began) == ends
    that_night = [time for time in opening.times(bar, began - timedelta(hours=1), 15) if time.at <= ends]
    assert len(that_night) == 24, "each quarter from 22:15 to 3:00, those between 1:00 and 2:00 twice"


def test_a_time_of_day_is_the_airports(bar):
    noon = at(bar, "12:00").astimezone(UTC)
    assert next(time.words for time in opening.times(bar, noon, 15)) == "12:15"


def test_the_next_opening_is_looked_for_as_far_as_a_weekly_shop_needs(bar):
    bar.hours.update(weekdays="2")
    with pytest.raises(Refused, match=r"It opens again: Tue 24 November, 06:00."):
        opening.check_time(bar, None, at(bar, "14:00"), 12)
