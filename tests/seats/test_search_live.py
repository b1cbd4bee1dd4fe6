"""An open search: what moves on it, what stays where it is, and whom a change concerns."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.seats.models import ConnectionTime
from bookings.seats.search.shown import MARKED, Memory
from live.models import Publish
from live.regions import find
from tests.seats.searching import full_but, ids, opened, region, rows

MINUTE = timedelta(minutes=1)


def row_of(search, inventory):
    search.forget()
    return next(row for row in search.rows() if row.id == ids(inventory))


def hears(search, change):
    """Whether what the change publishes makes the search stale."""
    watched = set(search.topics())
    newest = max(Publish.objects.values_list("pk", flat=True), default=0)
    change()
    return bool(watched & set(Publish.objects.filter(pk__gt=newest).values_list("topic", flat=True)))


# Nothing moves


def test_a_cancelled_flight_stays_struck_through_until_the_next_search(sell, bob):
    cancelled, other = sell(), sell(hours=1)
    search = opened()
    cancelled.flight.cancel(by=bob)
    assert [row.id for row in search.rows()] == [ids(cancelled), ids(other)]
    html = search.render().html
    assert "<s><span" in html.replace("\n", "").replace("<s> ", "<s>") and "Cancelled" in html
    assert f'value="{cancelled.pk}/' not in html and f'value="{other.pk}/' in html
    assert [row.id for row in rows()] == [ids(other)], "a new search leaves it out"


def test_the_order_by_price_stays_that_of_the_page(sell):
    cheap, dear = sell(miles=100), sell(hours=1, miles=900)
    search = opened(order="price")
    assert [row.id for row in search.rows()] == [ids(cheap), ids(dear)]
    type(cheap).objects.filter(pk=cheap.pk).update(miles=2000)
    search.forget()
    assert [row.id for row in search.rows()] == [ids(cheap), ids(dear)]
    assert [row.id for row in rows(order="price")] == [ids(dear), ids(cheap)]


def test_a_flight_that_is_sold_out_says_so_in_its_place(sell):
    first, second = sell(), sell(hours=1)
    search = opened()
    full_but(0, first)
    search.forget()
    assert [row.id for row in search.rows()] == [ids(first), ids(second)]
    assert "No seats left for all of you" in search.render().html


def test_a_flight_above_the_highest_price_stays(sell):
    inventory = sell(miles=100)
    search = opened(max_price=100)
    type(inventory).objects.filter(pk=inventory.pk).update(miles=900)
    assert row_of(search, inventory).fares[0].price
    assert not rows(max_price=100)


def test_an_open_page_whose_list_is_forgotten_shows_a_new_search(sell):
    inventory = sell()
    search = region(seen="0123456789abcdef")
    assert row_of(search, inventory)


def test_pages_that_show_the_same_watch_the_same_region(sell):
    sell(), sell(hours=1)
    assert opened().address == opened().address
    assert opened().address != opened(adults=2).address


# Marks on what has changed


def test_a_former_price_stands_beside_the_new_one_for_a_while(sell, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    inventory = sell(miles=100)
    search = opened()
    before = row_of(search, inventory).fares[0]
    assert before.price and not before.was
    type(inventory).objects.filter(pk=inventory.pk).update(miles=120)
    after = row_of(search, inventory).fares[0]
    assert after.was == before.price != after.price
    assert row_of(opened(), inventory).fares[0].was == before.price, "for all who search the same"
    assert search.stale_at(timezone.now()) == timezone.now() + MARKED
    time_machine.move_to(timezone.now() + MARKED, tick=False)
    assert not row_of(search, inventory).fares[0].was


def test_the_time_of_a_count_changes_only_when_the_count_does(sell, time_machine, hold_seats):
    time_machine.move_to("2026-11-18T19:00:00Z", tick=False)
    inventory = sell()
    full_but(3, inventory)
    search = opened()
    assert row_of(search, inventory).fares[-1].seats == "3 seats, counted 14:00:00"
    time_machine.move_to("2026-11-18T19:04:31Z", tick=False)
    assert row_of(search, inventory).fares[-1].seats == "3 seats, counted 14:00:00"
    hold_seats(on=[inventory])
    assert row_of(search, inventory).fares[-1].seats == "2 seats, counted 14:04:31"


def test_two_searches_do_not_share_a_memory():
    now = timezone.now()
    Memory("JFK", "BOS", 1).see([("1/basic", 100, 9)], now)
    assert Memory("JFK", "BOS", 2).see([("1/basic", 200, 9)], now)["1/basic"].was is None


def test_a_hold_that_expires_gives_its_seats_back_by_time_alone(sell, hold_seats, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    inventory = sell()
    full_but(1, inventory)
    search = opened()
    booking = hold_seats(on=[inventory])
    assert not row_of(search, inventory).has_seats
    assert search.stale_at(timezone.now()) == booking.expires_at
    time_machine.move_to(booking.expires_at, tick=False)
    assert row_of(search, inventory).has_seats


def test_the_sale_ends_by_time_alone(make_inventory, time_machine):
    time_machine.move_to("2026-11-18T19:00:00Z", tick=False)
    inventory = make_inventory(minutes=50)
    search = opened(day="2026-11-18")
    row_of(search, inventory)
    closes = search.stale_at(timezone.now())
    assert closes == inventory.flight.off_block_scheduled - 45 * MINUTE
    time_machine.move_to(closes + timedelta(seconds=1), tick=False)
    assert "No longer on sale" in search.render().html


# Connections


@pytest.fixture
def connection(sell):
    """To San Francisco through Boston with exactly the minimum time, and a later flight onward."""
    return sell("JFK", "BOS"), sell("BOS", "SFO", 2, lasts=400), sell("BOS", "SFO", 4, lasts=400)


def test_a_delay_makes_a_connection_impossible_at_once(connection, bob):
    first, onward, later = connection
    search = opened(to="SFO")
    first.flight.delay(until=first.flight.off_block_scheduled + 20 * MINUTE, by=bob)
    missed, fits = search.rows()
    assert (missed.id, missed.problem) == (ids(first, onward), "missed")
    assert missed.instead == (ids(first, later), f"{later.flight.designator} at 18:00 still fits")
    assert not fits.problem and fits.has_seats
    html = search.render().html
    assert "This connection is no longer possible" in html and f'href="#itinerary-{fits.id}"' in html
    assert "<s>14:00</s>" in html and "14:20" in html, "the delay itself, in the flight's own line"


def test_it_is_possible_again_when_the_flight_onward_waits_or_the_delay_is_withdrawn(connection, bob):
    first, onward, _later = connection
    search = opened(to="SFO")
    first.flight.delay(until=first.flight.off_block_scheduled + 20 * MINUTE, by=bob)
    onward.flight.delay(until=onward.flight.off_block_scheduled + 20 * MINUTE, by=bob)
    assert not next(iter(search.rows())).problem


def test_staff_who_lengthen_the_minimum_end_connections_in_open_pages(connection, airports):
    search = opened(to="SFO")
    assert hears(search, lambda: ConnectionTime.objects.set(50, airport=airports["BOS"]))
    search.forget()
    assert [row.problem for row in search.rows()] == ["missed", ""]


# Whom a change concerns


def test_a_search_hears_of_seats_prices_delays_and_names_of_its_legs(connection, hold_seats, bob):
    first, onward, _later = connection
    for gate, search in (("B1", opened(to="SFO")), ("B2", region(to="SFO"))):
        assert hears(search, lambda: hold_seats(on=[first, onward]))
        assert hears(search, lambda gate=gate: onward.flight.assign_gate(gate, by=bob))
        assert {"fares", "flight-names", "connection-times"} <= set(search.topics())


def test_a_search_does_not_hear_of_other_days_and_ways(sell, hold_seats, bob):
    sell()
    search = opened()
    back, day_after = sell("BOS", "JFK"), sell(hours=24)
    assert not hears(search, lambda: hold_seats(on=[back]))
    assert not hears(search, lambda: hold_seats(on=[day_after]))
    assert not hears(search, lambda: back.flight.assign_gate("B1", by=bob))


def test_the_address_is_the_one_that_was_promised(sell):
    sell()
    query = "from=JFK&to=BOS&day=2026-11-19&adults=2"
    found = find(f"flight_updates/?{query}")
    assert found.public and found.rows() and len(list(found.rows())) == 1


def test_a_search_that_makes_no_sense_says_so_and_hears_of_nothing_in_particular(airports):
    search = region(to="XXX")
    assert "no airport" in search.render().html and not list(search.rows())
    assert set(search.topics()) == {"fares", "flight-names", "connection-times"}
