"""The public pages: complete without scripts, in the airport's own time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.html import one_line
from tracking.flights.desk.regions import Desk
from tracking.flights.models import Airport, Codeshare, Source
from tracking.flights.travellers.regions import DeparturesBoard

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # noon in New York
DEPARTURES, ARRIVALS = "/flights/JFK/departures/", "/flights/JFK/arrivals/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_board_shows_times_in_the_airports_zone_and_names_it(client, flight):
    page = client.get(DEPARTURES).text
    assert "<time>13:00</time>" in page
    assert "New York time" in page
    assert 'data-clock="America/New_York"' in page
    assert ">12:00</time>" in page, "the clock, before any script runs"


def test_the_scheduled_time_is_struck_through_beside_the_new_one(client, flight):
    flight.delay(flight.off_block_scheduled + timedelta(minutes=85), "93")
    page = client.get(DEPARTURES).text
    assert "<s>13:00</s> <time>14:25</time>" in page
    assert "Delayed 1 h 25" in page
    assert "Late arrival of the aircraft" in page


def test_the_gate_before_is_struck_through_beside_the_new_one(client, flight):
    flight.assign_gate("B7")
    flight.assign_gate("B12")
    assert '<s>B7</s> <span class="gate">B12</span>' in client.get(DEPARTURES).text


def test_the_front_page_finds_a_flight_by_any_number_at_any_airport(client, make_flight):
    flight = make_flight(origin="BOS", destination="SFO")
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    for text in ("B6 1010", "aa7623", "1010", "San Fran"):
        assert client.get("/flights/", {"q": text}).url == f"/flights/{flight.pk}/", text


def test_flights_long_past_or_far_ahead_hide_none_of_today(client, make_flight):
    make_flight(minutes=-24 * 60).depart(at=NOON - timedelta(hours=24)).arrive(at=NOON - timedelta(hours=22))
    make_flight(minutes=24 * 60)
    today = make_flight(minutes=-120)
    assert client.get("/flights/?q=B6 1010").url == f"/flights/{today.pk}/"
    today.depart(at=NOON - timedelta(hours=2)).arrive(at=NOON - timedelta(hours=1))
    assert client.get("/flights/?q=B6 1010").url == f"/flights/{today.pk}/", "it has arrived an hour ago"


def test_several_results_are_a_list_with_the_states_of_both_sides(client, make_flight):
    landed, delayed = make_flight(number="1", minutes=-60), make_flight(number="2")
    landed.depart(at=NOON - timedelta(hours=1)).land(at=NOON)
    delayed.delay(delayed.off_block_scheduled + timedelta(hours=12), "93")
    page = client.get("/flights/?q=Boston").text
    assert page.count('id="found-') == 2
    assert "Landed" in page
    assert "Delayed 12 h" in page
    assert "Tomorrow" in page
    assert "/ws/flights/?q=Boston" in page


def test_an_empty_result_and_an_empty_search_say_what_to_do(client, flight):
    assert "No such flight" in client.get("/flights/?q=zzzz").text
    assert "Which flight?" in client.get("/flights/").text


def test_boards_of_other_airports_are_linked_the_busiest_first(client, make_flight):
    for number in "12":
        make_flight(number=number, destination="SFO")
    make_flight(number="3")
    arrivals = client.get(ARRIVALS)
    assert [airport.pk for airport in arrivals.context["elsewhere"]] == ["SFO", "BOS"]
    assert "/flights/SFO/arrivals/" in arrivals.text
    assert "Other airports" not in client.get(DEPARTURES).text


def test_a_flight_has_one_row_for_all_its_numbers(client, flight):
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    for query in ("", "?q=AA7623", "?q=b6 1010", "?airline=AA", "?q=boston"):
        page = client.get(DEPARTURES + query).text
        assert page.count(f'id="departure-{flight.pk}"') == 1, query
        assert "also AA 7623" in page


def test_filters_are_kept_in_the_form_and_in_the_socket(client, make_flight):
    here, there = make_flight(terminal="4"), make_flight(number="2", terminal="8")
    page = client.get(DEPARTURES + "?terminal=4&hours=12").text
    assert f"departure-{here.pk}" in page
    assert f"departure-{there.pk}" not in page
    assert "<option selected>4</option>" in page
    assert "/ws/departures/JFK/?terminal=4&amp;hours=12" in page


def test_arrivals_show_the_belt_and_where_from(client, make_flight):
    flight = make_flight(origin="LHR", destination="JFK", minutes=-60, belt="7")
    page = client.get(ARRIVALS).text
    assert f'id="arrival-{flight.pk}"' in page
    assert '<span class="gate">7</span>' in page
    assert "London" in page


@pytest.mark.parametrize(("query", "words"), [("", "No departures"), ("?q=zz", "No flight matches these filters")])
def test_an_empty_board_says_why_it_is_empty(client, airports, query, words):
    assert words in client.get(DEPARTURES + query).text


def test_a_silent_feed_differs_from_an_empty_board(client, flight, source):
    source.record_call()
    assert "Last feed update 12:00" in client.get(DEPARTURES).text
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        page = client.get(DEPARTURES).text
    assert "No feed since 12:00." in page
    assert f"departure-{flight.pk}" in page, "what is known is still shown"


@pytest.mark.parametrize("region", [DeparturesBoard, Desk])
def test_an_open_board_follows_a_corrected_time_zone(flight, region):
    opened = region(iata="JFK")
    before = opened.render().html
    Airport.objects.filter(pk="JFK").update(name="Idlewild", zone="Europe/London")
    assert opened.render().html == region(iata="JFK").render().html != before


def test_each_source_that_falls_silent_is_named(client, flight, source):
    source.record_call()
    other, _key = Source.objects.issue("Terminal 4 <b>")
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        other.record_call()
    board = DeparturesBoard(iata="JFK")
    assert board.stale_at(NOON) == source.silent_from
    with time_machine.travel(source.silent_from, tick=False):
        page = client.get(DEPARTURES).text
        assert "No feed from tower since 12:00." in page
        assert "Last feed update 12:04" in page
        assert board.stale_at(source.silent_from) == other.silent_from
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert "No feed since 10 Jul 12:04." in client.get(DEPARTURES).text
    other.revoke()
    source.revoke()
    page = client.get(DEPARTURES).text
    assert "No feed" not in page and "Last feed update" not in page


def test_choosing_another_airport_redirects_to_its_board(client, make_flight):
    make_flight(origin="LHR", destination="JFK")
    assert client.get(DEPARTURES + "?airport=lhr").url == "/flights/LHR/departures/"
    assert 'data-clock="Europe/London"' in client.get("/flights/LHR/departures/").text
    assert client.get("/flights/XXX/departures/").status_code == 404


def test_a_board_without_scripts_reloads_itself(client, flight):
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in client.get(DEPARTURES).text
    assert "http-equiv" not in client.get(f"/flights/{flight.pk}/").text


def test_a_flights_page_names_both_zones_and_marks_expected_times(client, make_flight):
    flight = make_flight(destination="SFO", tail="N593JB", minutes=-10)
    flight.depart(at=NOON - timedelta(minutes=5))
    page = client.get(f"/flights/{flight.pk}/").text
    assert "New York time" in page
    assert "San Francisco time" in page
    assert "N593JB" in page
    assert "Left the gate" in page
    assert '<span title="expected">~</span><time>10:05</time>' in page, "the arrival is not known yet"


def test_the_history_is_public_without_names_of_people(client, flight, bob, source):
    flight.delay(flight.off_block_scheduled + timedelta(minutes=40), by=bob)
    flight.assign_gate("B22", source=source)
    flight.withdraw_delay(by=bob)
    page = client.get(f"/flights/{flight.pk}/").text
    assert "The flight desk" in page
    assert "tower" in page
    assert "Delay withdrawn <s>13:40</s>" in one_line(page)
    assert "Bob" not in page
    assert bob.email not in page


def test_the_page_of_disruptions(client, make_flight):
    on_time, late, off, away = (make_flight(number=str(n)) for n in range(1, 5))
    late.delay(late.off_block_scheduled + timedelta(minutes=30), "71")
    off.cancel("41")
    away.depart()
    away.divert(Airport.objects.get(pk="LHR"))
    page = client.get("/flights/disruptions/").text
    for words in (
        "Delayed 30 min",
        "Weather at the departure airport",
        "Cancelled",
        "A technical fault is being repaired",
    ):
        assert words in page
    assert "Diverted to London" in page
    assert f"disruption-{on_time.pk}" not in page


def test_the_front_page_shows_the_airport_now(client, flight, make_flight):
    gone, late = make_flight(number="2", minutes=-5), make_flight(number="3", minutes=90)
    gone.depart()
    late.delay(late.off_block_scheduled + timedelta(minutes=30))
    page = client.get("/").text
    assert "John F Kennedy International Airport" in page
    assert f'id="next-{flight.pk}"' in page
    assert f'id="next-{gone.pk}"' not in page
    assert f'id="now-{late.pk}"' in page
    assert f'id="now-{flight.pk}"' not in page


def test_an_unknown_flight_is_404(client, db):
    assert client.get("/flights/999/").status_code == 404
    assert client.post("/flights/disruptions/").status_code == 405
