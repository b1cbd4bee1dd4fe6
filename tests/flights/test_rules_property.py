"""The desk and a feed change a flight in any order: it stays possible, and every change is recorded and published."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from live.models import Publish
from tests.effort import examples
from tracking.flights.desk.forms import FORMS
from tracking.flights.models import Airport, Flight, Phase, Source
from tracking.flights.models.codes import AT_GATE, LEGAL, ON_GROUND
from tracking.flights.models.reports import STATES
from tracking.flights.models.times import AHEAD, EARLIEST, LATEST
from verbs.refusals import Changed, IllegalMove, Refused

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)
IDENTITY = {"airline": "B6", "number": "1010", "origin": "JFK", "date": NOON.date()}
VERBS = [*FORMS, "take_off"]
SECOND = timedelta(seconds=1)

LEADS_TO = {  # a verb → the phases that it may leave a flight in; other verbs leave it in its own
    "open_check_in": [Phase.CHECK_IN],
    "board": [Phase.BOARDING],
    "final_call": [Phase.FINAL_CALL],
    "close_gate": [Phase.GATE_CLOSED],
    "depart": [Phase.DEPARTED],
    "take_off": [Phase.AIRBORNE],
    "land": [Phase.LANDED],
    "arrive": [Phase.ARRIVED],
    "cancel": [Phase.CANCELLED],
    "reinstate": [Phase.SCHEDULED, Phase.CHECK_IN],
}
ENDED = [*ON_GROUND, Phase.ARRIVED]  # from these no flight comes back

moments = st.integers(-12 * 60, 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
asked_of = {
    "open_check_in": st.tuples(st.sampled_from(["14–18", "2"])),
    "assign_gate": st.tuples(st.sampled_from(["", "B7", "B22"])),
    "delay": st.tuples(moments | st.just(NOON + timedelta(hours=60)), st.sampled_from(["", "93", "00"])),
    "divert": st.tuples(st.builds(Airport, st.sampled_from(["LHR", "SFO"]))),
    "cancel": st.tuples(st.sampled_from(["", "71", "xx"])),
    **dict.fromkeys(["depart", "take_off", "land", "arrive"], st.just(()) | st.tuples(moments)),
}
values = {
    "state": st.sampled_from(STATES),
    "desks": st.sampled_from([None, "14–18"]),
    "gate": st.sampled_from([None, "B7", "B22"]),
    "delay_code": st.sampled_from([None, "93", "00"]),
    "diverted_to": st.sampled_from([None, "LHR", "SFO", "XXX"]),
    "codeshares": st.lists(st.sampled_from(["AA 1", "DL 2"])),
    **{f"estimated_{what}": st.none() | moments for what in ("departure", "arrival")},
    **{f"actual_{what}": st.none() | moments for what in ("departure", "takeoff", "landing", "arrival")},
}
updates = st.lists(st.one_of([st.tuples(st.just(name), value) for name, value in values.items()]), max_size=3).map(dict)


class Picture(NamedTuple):
    """All values of the flight, and how much was recorded and published."""

    fields: dict
    numbers: list
    changes: int
    publishes: int
    reported_at: list
    news: str


class AnyDay(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(NOON, tick=False)
        self.clock = self.travel.start()
        self.source, _key = Source.objects.issue("tower")
        self.reported_at = NOON - timedelta(hours=12)
        timetable = {"scheduled_departure": NOON, "scheduled_arrival": NOON + timedelta(minutes=75)}
        Flight.objects.report(self.source, IDENTITY, self.reported_at, timetable | {"destination": "BOS"})

    def teardown(self):
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    @property
    def flight(self):
        return Flight.objects.get()

    def picture(self):
        flight = self.flight
        fields = Flight.objects.values().get()
        del fields["heard_at"]  # it changes with each report
        return Picture(
            fields,
            flight.codeshare_numbers(),
            flight.changes.count(),
            Publish.objects.count(),
            list(flight.reports.values_list("reported_at")),
            flight.news,
        )

    def attempt(self, move):
        """Try a move: it is done, recorded and published, or not at all. Returns its answer or its exception."""
        before = self.picture()
        try:
            answer = move(self.flight)
        except Refused as refusal:
            assert self.picture() == before, "what was refused has left a trace"
            return refusal
        after = self.picture()
        if after[:2] == before[:2]:
            assert after.changes == before.changes
            is_news = after.news != before.news
            assert (after.publishes > before.publishes) == is_news, "published, or not, without a change"
        else:
            self.check_told(before, after)
        return answer

    def check_told(self, before, after):
        assert after.fields["revision"] == before.fields["revision"] + 1
        assert after.changes > before.changes
        assert {change.revision for change in self.flight.changes.all()[before.changes :]} == {after.fields["revision"]}
        airports = {"JFK", "BOS", before.fields["diverted_to_id"], after.fields["diverted_to_id"]} - {None}
        topics = [*(f"flight-board-{airport}" for airport in airports), f"flight-{self.flight.pk}", "flights"]
        published = Publish.objects.order_by("pk").values_list("topic", flat=True)[before.publishes :]
        assert sorted(published) == sorted(topics)

    @rule(data=st.data())
    def the_desk_does_what_it_may(self, data):
        legal = [name for name in VERBS if self.flight.phase in LEGAL[name]]
        if legal:
            self.does(data.draw(st.sampled_from(legal)), data)

    @rule(data=st.data())
    def the_desk_tries_anything(self, data):
        self.does(data.draw(st.sampled_from(VERBS)), data)

    def does(self, name, data):
        arguments = data.draw(asked_of.get(name, st.just(())))
        phase = self.flight.phase
        answer = self.attempt(lambda flight: getattr(flight, name)(*arguments, seen=flight.revision))
        assert isinstance(answer, IllegalMove) == (phase not in LEGAL[name])
        if not isinstance(answer, Refused):
            assert self.flight.phase in LEADS_TO.get(name, [phase])

    @rule(name=st.sampled_from(list(FORMS)), data=st.data())
    def somebody_does_who_has_not_looked_lately(self, name, data):
        arguments = data.draw(asked_of.get(name, st.just(())))
        answer = self.attempt(lambda flight: getattr(flight, name)(*arguments, seen=flight.revision + 1))
        assert isinstance(answer, Changed)

    @rule(update=updates)
    def a_feed_says(self, update):
        phase = self.flight.phase
        self.reported_at += SECOND
        if self.attempt(self.report(update, self.reported_at)) != "accepted":
            return
        assert phase not in ENDED or list(Phase).index(self.flight.phase) >= list(Phase).index(phase)
        assert phase != Phase.CANCELLED or self.flight.phase == phase or update["state"] == "SCH"
        self.says_again(update)

    def says_again(self, update):
        before = self.picture()
        assert self.attempt(self.report(update, self.reported_at)) == "ignored"
        assert self.picture() == before
        self.reported_at += SECOND
        self.attempt(self.report(update, self.reported_at))
        assert self.picture()[:4] == before[:4]

    @rule(update=updates, seconds=st.integers(0, 60))
    def a_feed_says_what_is_no_news(self, update, seconds):
        before = self.picture()
        (reported_at,) = before.reported_at[0]
        assert self.attempt(self.report(update, reported_at - seconds * SECOND)) == "ignored"
        assert self.picture() == before

    def report(self, update, reported_at):
        return lambda flight: Flight.objects.report(self.source, IDENTITY, reported_at, update)

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))

    @invariant()
    def times_are_in_order_and_none_lies_ahead(self):
        flight = self.flight
        happened = [flight.off_block_actual, flight.take_off_actual, flight.landing_actual, flight.on_block_actual]
        happened = [at for at in happened if at]
        assert all(earlier <= later for earlier, later in pairwise(happened))
        assert all(flight.off_block_scheduled + EARLIEST <= at <= timezone.now() + AHEAD for at in happened)
        late = (flight.off_block_estimated or NOON) - flight.off_block_scheduled
        assert EARLIEST <= late <= LATEST

    @invariant()
    def what_is_at_its_gate_has_neither_left_nor_been_diverted(self):
        flight = self.flight
        if flight.phase in (*AT_GATE, Phase.CANCELLED):
            assert not (flight.off_block_actual or flight.take_off_actual or flight.landing_actual)
            assert not (flight.on_block_actual or flight.diverted_to_id)

    @invariant()
    def boards_have_a_word_for_it(self):
        assert self.flight.states("departure")
        assert self.flight.states("arrival")


def test_a_flight_survives_any_day(airports, airlines):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        AnyDay,
        settings=settings(max_examples=examples(20), stateful_step_count=30, suppress_health_check=checks),
    )
