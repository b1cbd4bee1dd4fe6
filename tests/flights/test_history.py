"""The history of a flight: a row for each field that changed. The rows alone reproduce the flight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tracking.flights.desk.forms import FORMS
from tracking.flights.models import Airport, Flight
from tracking.flights.models.codes import LEGAL
from verbs.history import text_of
from verbs.refusals import Refused

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)
VERBS = [*FORMS, "take_off"]
DERIVED = {"gate_before", "revision", "best_departure", "best_arrival"}  # from the tracked fields


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def later(minutes):
    return NOON + timedelta(minutes=minutes)


def text(minutes):
    return later(minutes).isoformat()


def arguments(verb, minutes):
    return {
        "open_check_in": (f"{minutes}–99",),
        "assign_gate": (f"B{minutes}",),
        "delay": (later(60 + minutes), "93"),
        "divert": (Airport.objects.get(pk=["LHR", "SFO"][minutes % 2]),),
        "cancel": ("71",),
    }.get(verb, ())


@pytest.mark.parametrize(
    ("verb", "phase", "rows"),
    [
        ("open_check_in", "scheduled", [("phase", "scheduled", "check_in", True), ("desks", "", "40–99", True)]),
        ("assign_gate", "lounge", [("gate", "", "B40", True)]),
        (
            "delay",
            "scheduled",
            [
                ("off_block_estimated", "", text(100), False),
                ("delay_code", "", "93", True),
                ("on_block_estimated", "", text(175), False),
            ],
        ),
        ("board", "gate_open", [("phase", "gate_open", "boarding", True)]),
        ("final_call", "boarding", [("phase", "boarding", "final_call", True)]),
        ("close_gate", "final_call", [("phase", "final_call", "gate_closed", True)]),
        ("depart", "boarding", [("phase", "boarding", "departed", True), ("off_block_actual", "", text(0), True)]),
        ("take_off", "departed", [("phase", "departed", "airborne", True), ("take_off_actual", "", text(0), True)]),
        ("divert", "airborne", [("diverted_to", "", "LHR", True)]),
        ("land", "airborne", [("phase", "airborne", "landed", True), ("landing_actual", "", text(0), True)]),
        ("arrive", "landed", [("phase", "landed", "arrived", True), ("on_block_actual", "", text(0), True)]),
        ("cancel", "check_in", [("phase", "check_in", "cancelled", True), ("delay_code", "", "71", True)]),
        ("reinstate", "cancelled", [("phase", "cancelled", "scheduled", True)]),
    ],
)
def test_each_verb_writes_the_field_both_values_time_person_and_whether_it_was_observed(flight, bob, verb, phase, rows):
    Flight.objects.update(phase=phase)
    getattr(flight, verb)(*arguments(verb, 40), by=bob)
    changes = flight.changes.all()
    assert [(change.field, change.before, change.after, change.observed) for change in changes] == rows
    for change in changes:
        assert (change.verb, change.at, change.by, change.revision) == (verb, NOON, bob, 1)
        assert (change.source, change.reported_at) == (None, None)


def test_withdrawing_a_delay_writes_its_last_values(flight, bob):
    flight.delay(later(100), "93", by=bob)
    flight.withdraw_delay(by=bob)
    withdrawn = flight.changes.filter(verb="withdraw_delay")
    assert {(change.field, change.before, change.after) for change in withdrawn} == {
        ("off_block_estimated", text(100), ""),
        ("on_block_estimated", text(175), ""),
        ("delay_code", "93", ""),
    }


def test_a_report_is_kept_with_its_source_and_its_own_time(flight, source):
    identity = {"airline": "B6", "number": "1010", "origin": "JFK", "date": flight.date}
    update = {"estimated_departure": later(90).astimezone(ZoneInfo("America/New_York")), "codeshares": ["DL 1", "AA 2"]}
    Flight.objects.report(source, identity, later(-3), update)
    changes = {change.field: change for change in flight.changes.all()}
    assert changes.keys() == {"off_block_estimated", "on_block_estimated", "codeshares"}
    for change in changes.values():
        assert (change.verb, change.source, change.by) == ("announce", source, None)
        assert (change.at, change.reported_at) == (NOON, later(-3))
    assert changes["off_block_estimated"].after == text(90), "in UTC, whatever its offset was"
    assert changes["codeshares"].after == "AA 2, DL 1"


def test_the_most_numbers_that_a_feed_may_report_are_kept_whole(flight, source):
    most = [f"AA{letter} 1234A" for letter in "ABCDEFGHIJKLMNOPQRST"]
    flight.announce({"codeshares": most}, source=source)
    flight.announce({"codeshares": None}, source=source)
    assert [(change.before, change.after) for change in flight.changes.all()] == [
        ("", ", ".join(most)),
        (", ".join(most), ""),
    ]


def test_history_outlives_people_and_sources(flight, bob, source):
    flight.assign_gate("B7", by=bob)
    flight.assign_gate("B22", source=source)
    bob.delete()
    source.delete()
    assert [(change.after, change.by, change.source) for change in flight.changes.all()] == [
        ("B7", None, None),
        ("B22", None, None),
    ]


@pytest.mark.parametrize(
    "again",
    [
        lambda flight: flight.assign_gate("B22"),
        lambda flight: flight.delay(later(100), "93"),
        lambda flight: flight.announce({"gate": "B22", "estimated_departure": later(100), "state": "DEL"}),
        lambda flight: flight.announce({"codeshares": []}),
        lambda flight: flight.announce({}),
    ],
)
def test_a_repeated_value_writes_no_row(flight, assert_published, again):
    flight.assign_gate("B22")
    flight.delay(later(100), "93")
    rows = flight.changes.count()
    with assert_published():
        again(flight)
    assert (flight.changes.count(), flight.revision) == (rows, 2)


def state_of(flight):
    """All tracked values of a flight, as texts."""
    values = Flight.objects.values().get(pk=flight.pk)
    values["diverted_to"] = values.pop("diverted_to_id")
    tracked = {name: text_of(value) for name, value in values.items() if name not in DERIVED}
    return tracked | {"codeshares": ", ".join(map(str, flight.codeshares.all()))}


def replayed(state, changes):
    for change in changes:
        assert state[change.field] == change.before, "each row begins where the one before it ended"
        state = state | {change.field: change.after}
    return state


@st.composite
def updates(draw):
    """An update of a feed."""
    values = {
        "state": st.sampled_from(["WIL", "GTO", "BRD", "GTD", "AIR", "FIR", "FIB", "SCH", "CNX"]),
        "gate": st.sampled_from([None, "B1", "B2"]),
        "estimated_departure": st.none() | st.integers(30, 90).map(later),
        "actual_departure": st.none() | st.integers(-30, 0).map(later),
        "diverted_to": st.sampled_from([None, "LHR"]),
        "codeshares": st.lists(st.sampled_from(["AA 1", "DL 2", "AA 30"]), max_size=3),
        "tail": st.sampled_from([None, "N593JB"]),
    }
    return {name: draw(values[name]) for name in draw(st.sets(st.sampled_from(sorted(values)), min_size=1))}


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 99), updates()), max_size=12))
def test_the_replayed_history_reproduces_the_flight(make_flight, moves):
    """Each move is one of the legal verbs, or a feed's update, which may be refused."""
    Flight.objects.all().delete()
    flight = make_flight()
    began = state_of(flight)
    for number, update in moves:
        legal = [verb for verb in VERBS if flight.phase in LEGAL[verb]]
        verb = ([*legal, "announce"])[number % (len(legal) + 1)]
        try:
            getattr(flight, verb)(*([update] if verb == "announce" else arguments(verb, number)))
        except Refused:
            flight.refresh_from_db()
    assert replayed(began, flight.changes.all()) == state_of(flight)
    revisions = [change.revision for change in flight.changes.all()]
    assert sorted({*revisions}) == list(range(1, flight.revision + 1))
    assert revisions == sorted(revisions)
