"""The results of a search: what is found, what it costs, how many seats are left, and what its page says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.html import one_line
from tests.seats.searching import TOMORROW, full_but, ids, region, rows
from tracking.flights.models import Codeshare
from tracking.flights.models.codes import Phase


def page(client, query=""):
    answer = client.get(f"/fly/?to=BOS&day={TOMORROW}{query}")
    assert answer.status_code == 200
    return one_line(answer.text)


# What is found


def test_direct_flights_come_first_then_connections(sell):
    via_boston = sell("JFK", "BOS", 0), sell("BOS", "SFO", 2, lasts=400)
    direct = sell("JFK", "SFO", 5, lasts=400)
    found = rows(to="SFO")
    assert [row.id for row in found] == [ids(direct), ids(*via_boston)]
    assert [row.stops for row in found] == ["Direct", "1 stop"]
    assert found[1].wait == "45 min in Boston (BOS)"


def test_times_are_on_the_clocks_of_both_airports(sell):
    sell("JFK", "LHR", hours=7, lasts=7 * 60)  # 21:00 to 9:00
    (row,) = rows(to="LHR")
    assert (row.departs.clock, row.arrives.clock, row.arrives.days_later, row.duration) == (
        "21:00",
        "09:00",
        "+1",
        "7 h 00 min",
    )


def test_the_day_is_the_local_one_of_the_first_departure(sell):
    late = sell("JFK", "BOS", hours=9, minutes=59)  # 23:59
    sell("JFK", "BOS", hours=10)
    assert [row.id for row in rows()] == [ids(late)]


def test_a_codeshare_is_one_flight(sell):
    inventory = sell()
    Codeshare.objects.create(flight=inventory.flight, airline_id="AA", number="7001")
    assert [row.id for row in rows()] == [ids(inventory)]


@pytest.mark.parametrize(
    "change",
    [{"phase": Phase.CANCELLED}, {"phase": Phase.DEPARTED}, {"phase": Phase.GATE_CLOSED}],
)
def test_cancelled_and_departed_flights_are_not_found(sell, change):
    inventory = sell()
    type(inventory.flight).objects.filter(pk=inventory.flight.pk).update(**change)
    assert not rows()


def test_a_flight_whose_sale_is_stopped_is_not_found(sell, bob):
    sell().stop_sale(by=bob)
    assert not rows()


def test_today_sale_closes_before_the_departure(make_inventory):
    make_inventory(minutes=44, number="1")
    sold = make_inventory(minutes=50, number="2")
    assert [row.id for row in rows(day="2026-11-18")] == [ids(sold)]


def test_a_connection_that_the_delay_of_today_breaks_is_not_found(sell):
    first, _onward = sell("JFK", "BOS", 0), sell("BOS", "SFO", 2, lasts=400)
    assert len(rows(to="SFO")) == 1
    first.flight.delay(until=first.flight.off_block_scheduled + timedelta(minutes=15))
    assert not rows(to="SFO")


# Filters and order


@pytest.fixture
def market(sell):
    """Three flights to San Francisco: a long direct one, a short dear one, and a connection."""
    return {
        "slow": sell("JFK", "SFO", 0, lasts=500, miles=100, airline="UA"),
        "short": sell("JFK", "SFO", 5, lasts=380, miles=2_000, airline="DL"),
        "first": sell("JFK", "BOS", 0, miles=200, airline="B6"),
        "onward": sell("BOS", "SFO", 2, lasts=300, miles=300, airline="B6"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["slow", "short", "first-onward"]),
        ({"order": "price"}, ["slow", "first-onward", "short"]),
        ({"order": "duration"}, ["short", "first-onward", "slow"]),
        ({"stops": "0"}, ["slow", "short"]),
        ({"stops": "1"}, ["first-onward"]),
        ({"airlines": "DL,B6"}, ["short", "first-onward"]),
        ({"departs": "afternoon"}, ["slow", "first-onward"]),
        ({"departs": "evening"}, ["short"]),
        ({"departs": "morning"}, []),
    ],
)
def test_filters_and_order(market, query, names):
    expected = ["-".join(str(market[part].pk) for part in name.split("-")) for name in names]
    assert [row.id for row in rows(to="SFO", **query)] == expected


def test_the_highest_price_is_of_the_whole_party(market):
    prices = {row.id: row for row in rows(to="SFO", order="price")}
    asked = region(to="SFO", order="price")
    lowest = [min(fare.total.units for fare in asked.fares[key].values()) for key in prices]
    assert len(rows(to="SFO", max_price=int(lowest[0]) + 1)) == 1
    assert not rows(to="SFO", max_price=int(lowest[0]) + 1, adults=2)


# Prices and seats


def test_each_fare_says_what_it_costs_and_how_many_seats_are_left(sell):
    sell()
    fares = rows()[0].fares
    assert [fare.family for fare in fares] == ["basic", "standard", "flex"]
    assert all(fare.price for fare in fares)
    assert fares[-1].seats == "9 seats or more"


def test_an_infant_on_a_lap_takes_no_seat_and_one_with_a_seat_does(sell):
    full_but(2, sell())
    assert rows(adults=2, infants_lap=2) and rows(adults=1, infants_seated=1)
    assert not rows(adults=2, infants_seated=1)


def test_the_seats_of_a_connection_are_those_of_its_fullest_flight(sell, time_machine):
    first, _onward = sell("JFK", "BOS", 0), sell("BOS", "SFO", 2, lasts=400)
    full_but(2, first)
    time_machine.move_to("2026-11-18T19:04:31Z", tick=False)
    (row,) = rows(to="SFO")
    assert row.fares[-1].seats == "2 seats, counted 14:04:31"


def test_a_search_asks_the_database_as_often_for_many_flights_as_for_few(sell):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert rows(to="SFO")
        return len(asked)

    sell("JFK", "SFO", 0, lasts=400)
    sell("JFK", "BOS", 0), sell("BOS", "SFO", 2, lasts=400)
    few = queries()
    for hours in range(1, 6):
        sell("JFK", "SFO", hours, lasts=400), sell("JFK", "BOS", hours), sell("BOS", "SFO", hours + 2, lasts=400)
    assert len(rows(to="SFO")) > 10
    assert queries() == few


# The page


def test_the_page_shows_results_a_strip_of_days_and_terms(client, sell):
    inventory = sell()
    html = page(client)
    assert f'id="itinerary-{inventory.pk}"' in html and "14:00" in html and "15:15" in html
    strip = re.search(r'<nav class="days".*?</nav>', html)[0]
    assert strip.count("<li>") == 7 and strip.count("<b>") == 1 and strip.count("no seats") == 4
    assert strip.count("passed") == 2 and "Wed 18 Nov" in strip
    assert 'aria-current="date"' in strip


def test_the_lowest_price_of_the_strip_is_that_of_the_list(client, sell):
    sell(), sell(hours=2, miles=100)
    html = page(client)
    lowest = re.search(r'aria-current="date".*?<b>(.*?)</b>', html)[1]
    assert html.count(f"<b>{lowest}</b>") == 2, "in the strip, and once in the list"


def test_a_day_without_seats_names_the_nearest_with_seats(client, sell):
    sell(hours=48)
    html = page(client)
    assert "No seats that day" in html
    assert re.search(
        r"The nearest day with seats is <a href=\"/fly/\?from=JFK&amp;to=BOS&amp;day=2026-11-21\">Sat 21 November</a>",
        html,
    )


def test_a_far_day_is_found_too(client, sell):
    sell(hours=24 * 9)
    assert "day=2026-11-28" in page(client)


def test_filters_that_leave_nothing_say_so(client, sell):
    sell()
    html = page(client, "&departs=morning")
    assert "No flight passes your filters" in html and "Search without filters" in html


def test_a_form_that_chooses_stands_outside_of_the_region(client, sell):
    inventory = sell()
    html = page(client, "&adults=2&infants_lap=1")
    form = re.search(r'<form id="choose".*?</form>', html)[0]
    assert 'name="adults" value="2"' in form and 'name="infants_lap" value="1"' in form and "csrf" in form
    assert re.search(rf'form="choose" name="choice" value="{inventory.pk}/basic/\d+"', html)


def test_the_fragment_is_what_the_page_shows(client, sell):
    sell()
    html = client.get(f"/fly/?to=BOS&day={TOMORROW}").text
    address = re.search(r'data-fragment="(.*?)"', html)[1].replace("&amp;", "&")
    fragment = client.get(address)
    assert fragment.text in html
    assert fragment["ETag"].strip('"') == re.search(r'data-v="(.*?)"', html)[1]


def test_the_page_has_its_entry_and_its_door(client, airports):
    html = client.get("/").text
    assert html.count('href="/fly/"') == 2


@pytest.mark.parametrize(
    "query", ["to=%00", "to=" + "x" * 5000, "day=2026-13-45&to=BOS", "to[]=BOS", "adults=1e9&to=BOS"]
)
def test_nasty_addresses_are_told_what_is_wrong(client, airports, query):
    assert client.get(f"/fly/?{query}").status_code == 200
    assert client.get(f"/live/flight_updates/?{query}").status_code == 200


def test_too_many_searches_of_one_address_are_refused(client, airports, monkeypatch):
    monkeypatch.setattr("limits.count", lambda scope, who, within: 120)
    assert client.get("/fly/").status_code == 200
    monkeypatch.setattr("limits.count", lambda scope, who, within: 121)
    assert client.get("/fly/").status_code == 429
