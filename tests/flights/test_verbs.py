"""Each verb: what it changes, its history, what it publishes, and in which phases it is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tracking.flights.desk.forms import FORMS
from tracking.flights.models import (
    DELAY_REASONS,
    Airport,
    Flight,
    FlightChange,
    ImpossibleTime,
    Phase,
)
from tracking.flights.models.codes import LEGAL, REFUSED_TO
from verbs.refusals import IllegalMove, Refused


def soon(flight, minutes):
    return flight.off_block_scheduled + timedelta(minutes=minutes)


def arguments(name, flight):
    """Arguments for each verb."""
    return {
        "open_check_in": ("14–18",),
        "assign_gate": ("B22",),
        "delay": (soon(flight, 60), "93"),
        "divert": (Airport.objects.get(pk="LHR"),),
        "cancel": ("71",),
    }.get(name, ())


def in_phase(flight, phase):
    """The flight in this phase, without the history that leads there."""
    Flight.objects.filter(pk=flight.pk).update(phase=phase, off_block_estimated=soon(flight, 30))
    flight.refresh_from_db()
    return flight


VERBS = [*FORMS, "take_off"]


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_done_or_refused_as_the_table_says(flight, name):
    for phase in Phase:
        in_phase(flight, phase)
        before = FlightChange.objects.count(), flight.revision
        if phase in LEGAL[name]:
            getattr(flight, name)(*arguments(name, flight))
            assert flight.revision == before[1] + 1
            assert set(flight.changes.filter(revision=flight.revision).values_list("verb", flat=True)) == {name}
            Flight.objects.filter(pk=flight.pk).update(gate="", delay_code="", desks="", diverted_to=None)
            Flight.objects.filter(pk=flight.pk).update(
                off_block_actual=None, take_off_actual=None, landing_actual=None, on_block_actual=None
            )
        else:
            with pytest.raises(IllegalMove) as refused:
                getattr(flight, name)(*arguments(name, flight))
            assert str(Phase(phase).label) in str(refused.value)
            assert str(REFUSED_TO[name]) in str(refused.value)
            flight.refresh_from_db()
            assert (FlightChange.objects.count(), flight.revision) == before


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in VERBS
        if name
        not in ("reinstate", "withdraw_delay", "land", "arrive", "divert", "take_off", "final_call", "close_gate")
    ],
)
def test_a_verb_publishes_both_boards_the_flight_and_the_disruptions(flight, assert_published, name):
    with assert_published("flight-board-JFK", "flight-board-BOS", f"flight-{flight.pk}", "flights"):
        getattr(flight, name)(*arguments(name, flight))


def test_a_diversion_publishes_the_board_of_the_third_airport_too(flight, assert_published):
    flight.depart()
    with assert_published("flight-board-LHR", "flight-board-BOS"):
        flight.divert(Airport.objects.get(pk="LHR"))


def test_history_has_the_field_both_values_the_person_and_whether_it_was_observed(flight, bob, source):
    flight.assign_gate("B7", by=bob)
    flight.assign_gate("B22", source=source, reported_at=timezone.now())
    flight.delay(soon(flight, 60), "93", by=bob)
    first, second, *delay = flight.changes.all()
    assert (first.verb, first.field, first.before, first.after, first.by, first.source, first.observed) == (
        "assign_gate",
        "gate",
        "",
        "B7",
        bob,
        None,
        True,
    )
    assert (second.before, second.after, second.by, second.source) == ("B7", "B22", None, source)
    assert {(change.field, change.observed) for change in delay} == {
        ("off_block_estimated", False),
        ("delay_code", True),
        ("on_block_estimated", False),
    }
    assert {change.revision for change in delay} == {3}


def test_a_gate_change_keeps_the_gate_before(flight):
    flight.assign_gate("B7")
    assert flight.gate_before == ""
    flight.assign_gate("B22", terminal="5")
    assert (flight.gate, flight.gate_before, flight.terminal) == ("B22", "B7", "5")
    flight.assign_gate("B22")
    assert flight.gate_before == "B7"


def test_the_expected_arrival_moves_with_a_delay_and_is_withdrawn_with_it(flight):
    flight.delay(soon(flight, 60), "93")
    assert flight.on_block_estimated == flight.on_block_scheduled + timedelta(minutes=60)
    assert flight.best_departure == soon(flight, 60)
    assert flight.delay_minutes == 60
    assert flight.delay_reason == DELAY_REASONS["93"]
    flight.withdraw_delay()
    assert (flight.off_block_estimated, flight.on_block_estimated, flight.delay_code) == (None, None, "")
    withdrawn = flight.changes.filter(field="off_block_estimated").last()
    assert withdrawn.now is None
    assert withdrawn.was == soon(flight, 60)


def test_a_verb_that_changes_nothing_leaves_no_trace(flight, assert_published):
    flight.assign_gate("B22")
    with assert_published():
        flight.assign_gate("B22")
    assert flight.revision == 1
    assert flight.changes.count() == 1


@pytest.mark.parametrize("minutes", [-13 * 60, 49 * 60])
def test_an_impossible_delay_is_refused(flight, minutes):
    with pytest.raises(ImpossibleTime):
        flight.delay(soon(flight, minutes))
    flight.refresh_from_db()
    assert flight.off_block_estimated is None


def test_actual_times_lie_in_the_past_and_in_order(make_flight):
    flight = make_flight(minutes=-30)
    now = timezone.now()
    with pytest.raises(ImpossibleTime):
        flight.depart(now + timedelta(minutes=10))
    flight.depart(now - timedelta(minutes=20))
    with pytest.raises(ImpossibleTime):
        flight.land(now - timedelta(minutes=25))
    flight.land(now - timedelta(minutes=5))
    flight.arrive(now)
    assert flight.phase == Phase.ARRIVED


def test_an_unknown_reason_code_is_refused(flight):
    with pytest.raises(Refused, match="00"):
        flight.delay(soon(flight, 60), "00")
    with pytest.raises(Refused, match="xx"):
        flight.cancel("xx")


def test_a_reinstated_flight_returns_to_check_in(flight):
    flight.open_check_in("14–18")
    flight.cancel("71")
    flight.reinstate()
    assert (flight.phase, flight.delay_code) == (Phase.CHECK_IN, "")
