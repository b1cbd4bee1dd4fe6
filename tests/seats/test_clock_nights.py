"""The nights in which a clock is put back or on: a flight at 01:30 twice, at 02:30 never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.seats.models import TooEarly
from bookings.seats.models.flying import check_in_opens
from bookings.seats.search.regions import FlightUpdates
from post.models import Message

SUMMER, WINTER = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 01:30 EDT, EST
BEFORE, AFTER = (
    datetime(2027, 3, 14, 6, 30, tzinfo=UTC),
    datetime(2027, 3, 14, 7, 30, tzinfo=UTC),
)  # 01:30 EST, 03:30 EDT


@pytest.fixture
def at(make_inventory):
    """``at("1", SUMMER)``: a flight for sale that leaves then."""

    def make(number, moment, **options):
        minutes = (moment - timezone.now().replace(second=0, microsecond=0)) // timedelta(minutes=1)
        return make_inventory(number=number, minutes=minutes, **options)

    return make


@pytest.fixture
def back(time_machine, at):
    """Two flights at 01:30 of the same night."""
    time_machine.move_to(datetime(2026, 10, 28, 15, tzinfo=UTC))
    return at("1", SUMMER), at("2", WINTER)


def search(day):
    return FlightUpdates(query={"from": "JFK", "to": "BOS", "day": day}).render().html


def test_both_are_found_on_that_day_and_can_be_told_apart(back):
    page = search("2026-11-01")
    assert "01:30 EDT" in page and "01:30 EST" in page and "B6 1" in page and "B6 2" in page
    assert "B6 1" not in search("2026-10-31") and "B6 2" not in search("2026-11-02")


def test_each_is_held_on_its_own_and_check_in_opens_a_day_that_passes_before(back, fly, time_machine):
    for flight, moment in zip(back, (SUMMER, WINTER), strict=True):
        assert check_in_opens(flight.flight) == moment - timedelta(hours=24)
    booking = fly("Ada Lovelace", on=[back[1]])
    assert (back[0].ledger().sold, back[1].ledger().sold) == (0, 1)
    coupon = booking.coupons().get()
    time_machine.move_to(WINTER - timedelta(hours=24, seconds=1), tick=False)
    with pytest.raises(TooEarly):
        coupon.check_in()
    time_machine.move_to(WINTER - timedelta(hours=24), tick=False)
    assert coupon.check_in().sequence == 1


@pytest.mark.parametrize("which", [0, 1])
def test_a_calendar_has_the_right_one_of_the_two(back, fly, which):
    fly("Ada Lovelace", on=[back[which]])
    (event,) = Calendar.from_ical(bytes(Message.objects.latest("pk").attachment)).walk("VEVENT")
    assert event["dtstart"].dt.astimezone(UTC) == (SUMMER, WINTER)[which]
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=75)


def test_the_mail_and_the_page_say_which_of_the_two(back, fly, client):
    booking = fly("Ada Lovelace", on=[back[1]])
    assert "01:30 EST" in Message.objects.latest("pk").body
    assert "01:30 EST" in client.get(f"/fly/trips/{booking.token}/").text


def test_a_flight_over_the_hour_that_never_is_lasts_as_long_as_it_does(at, fly, time_machine):
    time_machine.move_to(datetime(2027, 3, 10, 15, tzinfo=UTC))
    flight = at("1", BEFORE)
    page = search("2027-03-14")
    assert "01:30" in page and "03:45" in page and "1 h 15 min" in page and "02:45" not in page
    booking = fly("Ada Lovelace", on=[flight])
    (event,) = Calendar.from_ical(bytes(Message.objects.latest("pk").attachment)).walk("VEVENT")
    assert event["dtstart"].dt.astimezone(UTC) == BEFORE
    assert event["dtend"].dt.astimezone(UTC) == BEFORE + timedelta(minutes=75)
    assert booking.segments.get().inventory.day.isoformat() == "2027-03-14"


def test_a_connection_over_that_night_lasts_as_long_as_it_does(at, back):
    at("3", SUMMER - timedelta(hours=5), destination="SFO")
    at("4", WINTER, origin="SFO")
    page = search("2026-10-31")
    assert "B6 3" in page and "7 h 15 min" in page  # six hours and 75 minutes, whatever the clocks say
