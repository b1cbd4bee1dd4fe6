"""Rows of boards: equal unless a shown value changed, read in few queries, small on the wire."""

from datetime import timedelta

import pytest

from tracking.flights.models import Codeshare, Flight
from tracking.flights.travellers.boards import duration
from tracking.flights.travellers.regions import DeparturesBoard


def board(**query):
    return DeparturesBoard(iata="JFK", query=query)


def test_rows_are_equal_until_something_shown_changes(flight):
    before = board().rows()
    assert board().rows() == before
    assert hash(before[0]) == hash(board().rows()[0])
    flight.assign_gate("B22")
    assert board().rows() != before


def test_a_value_that_is_not_shown_changes_no_row(flight):
    before = board().rows()
    Flight.objects.update(stand="R12", tail="N1")
    assert board().rows() == before


def test_one_row_changes_and_the_rest_does_not(make_flight):
    first, second = make_flight(number="1"), make_flight(number="2")
    region = board()
    before = region.render()
    first.board()
    after = region.render()
    assert after.shell == before.shell
    assert after.rows[f"departure-{second.pk}"] == before.rows[f"departure-{second.pk}"]
    assert after.rows[f"departure-{first.pk}"] != before.rows[f"departure-{first.pk}"]


def test_queries_do_not_grow_with_the_rows(make_flight, django_assert_num_queries):
    for number in range(1, 31):
        flight = make_flight(number=str(number))
        Codeshare.objects.create(flight=flight, airline_id="AA", number=str(5000 + number))
    region = board()
    assert region.airport.city == "New York"
    with django_assert_num_queries(2):
        assert len(region.rows()) == 30


def test_a_full_row_is_small(make_flight):
    flight = make_flight(terminal="4", desks="41–46")
    for number in ("5000", "5001", "5002"):
        Codeshare.objects.create(flight=flight, airline_id="AA", number=number)
    flight.assign_gate("B7")
    flight.assign_gate("B12")
    flight.delay(flight.off_block_scheduled + timedelta(minutes=85), "19")
    flight.board()
    (html,) = board().render().rows.values()
    assert len(html.encode()) < 1600


@pytest.mark.parametrize(
    ("late_by", "words"), [(-20, "20 min early"), (0, "On time"), (10, "10 min later"), (15, "Delayed 15 min")]
)
def test_a_delay_in_words(flight, late_by, words):
    Flight.objects.update(off_block_estimated=flight.off_block_scheduled + timedelta(minutes=late_by))
    (row,) = board().rows()
    assert [state.word for state in row.states] == [words]


@pytest.mark.parametrize(("minutes", "words"), [(45, "45 min"), (60, "1 h"), (85, "1 h 25"), (634, "10 h 34")])
def test_durations(minutes, words):
    assert duration(minutes) == words


def test_a_cancelled_flight_shows_its_schedule(flight):
    flight.delay(flight.off_block_scheduled + timedelta(minutes=60))
    flight.cancel("71")
    (row,) = board().rows()
    assert row.time == row.clock(flight.off_block_scheduled)
    assert row.time_before == ""
    assert row.reason == "Weather at the departure airport"


def test_unknown_hours_fall_back_to_the_default(flight):
    for hours in ("", "5", "-1", "9999999", "²"):
        assert board(hours=hours).hours == 6
    assert board(hours="24").hours == 24
