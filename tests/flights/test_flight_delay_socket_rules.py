"""The messages of ws/flight-delay/: who may send them, their form, and the answers. The socket itself: tests/live."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from tracking.flights.desk.regions import FlightDelay
from tracking.flights.models import Flight


def answer_to(user, flight, message=()):
    until = flight.off_block_scheduled + timedelta(minutes=45)
    whole = {"flight": flight.pk, "estimated_departure": until.isoformat(), "reason": "93"}
    return FlightDelay().receive(user, {**whole, **dict(message)})


def test_signed_in_people_may_watch(alice, db):
    assert FlightDelay().allows(alice)
    assert not FlightDelay().allows(AnonymousUser())


def test_a_delay_is_saved_and_published(flight, bob, assert_published):
    with assert_published("flights", "flight-board-JFK", f"flight-{flight.pk}"):
        assert answer_to(bob, flight) == {"ok": True, "flight": flight.pk, "revision": 1}
    flight.refresh_from_db()
    assert flight.delay_minutes == 45
    assert flight.delay_code == "93"
    assert flight.changes.first().by == bob


def test_the_reason_is_optional(flight, bob):
    assert answer_to(bob, flight, {"reason": ""})["ok"]


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_others_change_nothing(flight, who, request, assert_published):
    with assert_published():
        answer = answer_to(request.getfixturevalue(who), flight)
    assert answer == {"error": "You may look, but not change flights."}


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"flight": 999}, "no such flight"),
        ({"flight": None}, "required"),
        ({"flight": {"pk": 1}}, "flight:"),
        ({"flight": [1, 2]}, "flight:"),
        ({"estimated_departure": "2026-11-21T18:10:00"}, "offset"),
        ({"estimated_departure": "soon"}, "offset"),
        ({"estimated_departure": 1795284600}, "offset"),
        ({"estimated_departure": "2026-13-45T99:00:00Z"}, "offset"),
        ({"estimated_departure": None}, "required"),
        ({"estimated_departure": "2001-01-01T00:00:00Z"}, "12 hours before"),
        ({"estimated_departure": "2099-12-31T23:59:59Z"}, "48 hours after"),
        ({"estimated_departure": "9999-12-31T23:59:59Z"}, "48 hours after"),
        ({"estimated_departure": "9999-12-31T23:59:59-05:00"}, "offset"),
        ({"estimated_departure": "0001-01-01T00:00:00+05:00"}, "offset"),
        ({"flight": "9" * 4000}, "no such flight"),
        ({"flight": "1\x00"}, "Null characters"),
        ({"flight": [1]}, "no such flight"),
        ({"flight": 1e300}, "no such flight"),
        ({"reason": "00"}, "AHM 730"),
        ({"reason": ["93"]}, "AHM 730"),
    ],
)
def test_a_bad_message_gets_an_error_and_changes_nothing(flight, bob, assert_published, message, word):
    with assert_published():
        answer = answer_to(bob, flight, message)
    assert answer.keys() == {"error"}
    assert word in answer["error"]
    assert Flight.objects.get(pk=flight.pk).revision == 0


def test_an_illegal_move_names_the_state(flight, bob):
    flight.depart()
    assert "Departed" in answer_to(bob, flight)["error"]
