"""What the demo sells: the flights of the next days and the flights back, each once, with what is sold of them."""

import csv
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from bookings.seats.demo.fleet import FLEET, layout_of
from bookings.seats.demo.timetable import miles, put_on_sale
from bookings.seats.layouts import LAYOUTS
from bookings.seats.models import Assignment, Inventory
from tests.flights.test_replay import DAY, FILE, TODAY, at, feed
from tracking.flights.demo.day import Day
from tracking.flights.demo.replay import Playback
from tracking.flights.demo.returns import returns_of
from tracking.flights.models import Flight

NOW = at(10)


@pytest.fixture(scope="module")
def whole_day():
    return Day.read(FILE)


@pytest.fixture
def small_day(whole_day):
    return Day(whole_day.departures[::40])


@pytest.fixture
def on_sale(db, small_day):
    """Three days of 26 flights and their returns, at ten in the morning."""
    call_command("airports", verbosity=0)
    with time_machine.travel(NOW, tick=False):
        yield put_on_sale(small_day, days=3)


def test_each_flight_to_come_is_on_sale_once(on_sale, small_day):
    assert on_sale == Inventory.objects.count() == Flight.objects.count()
    assert 2 * 2 * 26 < on_sale < 3 * 2 * 26, "those of this morning are left out"
    assert put_on_sale(small_day, days=3) == 0
    assert Flight.objects.filter(off_block_scheduled__lte=NOW).count() == 0


def test_the_next_day_comes_on_sale_as_time_passes(on_sale, small_day):
    with time_machine.travel(NOW + DAY, tick=False):
        assert put_on_sale(small_day, days=3) == 2 * 26


def test_a_feed_reports_the_same_flights(on_sale, small_day, source):
    before = set(Inventory.objects.values_list("flight", flat=True))
    playback = Playback(small_day, NOW, further=returns_of(small_day))
    feed(source, playback.due(NOW))
    flights = Flight.objects.filter(date__gte=TODAY, off_block_scheduled__gt=NOW)
    assert set(flights.values_list("pk", flat=True)) == before
    assert flights.exclude(heard_at=None).count() > 30


def test_a_flight_that_a_feed_has_announced_is_not_made_again(db, small_day, source):
    call_command("airports", verbosity=0)
    with time_machine.travel(at(22), tick=False):  # the timetable of tomorrow is known
        feed(source, Playback(small_day, at(22), further=returns_of(small_day)).due(at(22)))
        tomorrow = Flight.objects.filter(date=TODAY + DAY)
        assert tomorrow.count() == 2 * 26
        put_on_sale(small_day, days=2)
        assert tomorrow.count() == 2 * 26
        assert Inventory.objects.filter(flight__date=TODAY + DAY).count() == 2 * 26


def test_a_board_shows_the_day_and_not_the_month(on_sale):
    listed = Flight.objects.departures("JFK", NOW)
    assert listed and all(flight.date == TODAY for flight in listed)


def test_seats_are_sold_more_the_sooner_it_departs_and_the_ledger_adds_up(on_sale):
    loads = {0: [], 1: [], 2: []}
    for inventory in Inventory.objects.select_related("flight"):
        ledger = inventory.ledger()
        assert ledger.sold + ledger.free == ledger.seats == LAYOUTS[inventory.layout].capacity()
        assert ledger.held == ledger.blocked == 0
        loads[(inventory.flight.date - TODAY).days].append(ledger.sold / ledger.seats)
    means = [sum(shares) / len(shares) for shares in loads.values()]
    assert means == sorted(means, reverse=True) and len({round(share, 2) for share in loads[0]}) > 10
    for taken in Assignment.objects.select_related("inventory")[:300]:
        assert LAYOUTS[taken.inventory.layout].seats[taken.seat].cabin == taken.cabin


def test_one_may_connect(db, whole_day):
    """A flight arrives in New York from a city without a direct flight to another city, and one goes on from there."""
    call_command("airports", verbosity=0)
    with time_machine.travel(NOW, tick=False):
        put_on_sale(Day([one for one in whole_day.departures if one.origin == "JFK"][::8]), days=2)
    arriving = Flight.objects.filter(destination="JFK")
    connections = [
        (one, other)
        for one in arriving
        for other in Flight.objects.filter(
            origin="JFK",
            off_block_scheduled__gte=one.on_block_scheduled + timedelta(minutes=60),
            off_block_scheduled__lte=one.on_block_scheduled + timedelta(hours=4),
        ).exclude(destination=one.origin_id)
    ]
    assert len(connections) > 10


def test_miles_are_those_of_the_record():
    """Statute miles, within the rounding of where an airport is."""
    with open(FILE, newline="", encoding="utf-8") as file:
        for row in list(csv.DictReader(file))[::50]:
            assert miles(row["origin"], row["destination"]) == pytest.approx(
                int(row["distance_miles"]), rel=0.005, abs=2
            )


def test_every_aircraft_of_the_day_has_a_cabin_that_is_drawn(whole_day):
    assert {layout for _carrier, _tail, layout in FLEET} <= set(LAYOUTS)
    assert {one.carrier for one in whole_day.departures} <= {carrier for carrier, _tail, _layout in FLEET}
    assert layout_of("B6", "N184JB") == "e190" and layout_of("B6", "N503JB") == layout_of("B6", "") == "a320-one-cabin"
    assert layout_of("EV", "N11106") == "erj-145" and layout_of("US", "N538UW") == "a321"
    assert layout_of("ZZ", "") in LAYOUTS


def test_made_up_cabins_have_nothing_to_do_with_the_seats_of_the_record(whole_day):
    """The column says 379 seats for an A321, and 20 for an Embraer 190: it is a number of the register, and no capacity."""
    assert LAYOUTS[layout_of("US", "N538UW")].capacity() == 182
    assert LAYOUTS[layout_of("B6", "N184JB")].capacity() == 100
