"""An order follows its flight: a gate that changes, boarding that is called, another time of departure."""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from clocks import MINUTE
from live.outbox import publish
from tracking.flights.boarding import BOARDING, Boarding, gate_and_boarding
from tracking.flights.models.codes import Phase
from tracking.orders import mail
from tracking.orders.models.promised import Promised
from tracking.orders.models.promises import Cause
from tracking.orders.models.states import State, Way
from verbs.models import verb

MOVED = timedelta(minutes=5)  # that another gate takes: nobody knows how far apart the two are
DEPARTURE = ("off_block_estimated", "off_block_scheduled")


class FlightVerbs(Promised):
    flight: Any
    flight_id: int | None
    flight_seen: int
    gate: str

    class Meta:
        abstract = True

    @verb
    def follow_flight(self, now: datetime) -> None:
        """Take over what its flight has done since the order was told of it. Once for each revision of the flight."""
        flight = self.flight
        if flight is None or flight.revision <= self.flight_seen:
            return
        news = {change.field: change for change in flight.changes_since(self.flight_seen)}
        self.flight_seen = flight.revision
        boarding = gate_and_boarding(flight)
        said = [
            "gate" in news and self.hear_gate(boarding.gate, now),
            any(field in news for field in DEPARTURE) and self.hear_departure(flight, boarding),
            "phase" in news and self.hear_phase(flight.phase, boarding, now, is_told="gate" in news),
        ]
        if any(said):
            publish(*self.topics())  # also where no time has moved

    def hear_gate(self, gate: str, now: datetime) -> bool:
        """It goes to another gate. Who carries it turns round; who has not left yet has a longer way."""
        if not gate:
            return False  # it was taken back: the old one is the best that is known
        before, self.gate = self.gate, gate
        if not before or before == gate or self.way != Way.DELIVERY:
            return False
        was, span = self.latest, self.promised()
        if self.state == State.OUT:
            span = span._replace(earliest=max(self.earliest, now), latest=max(self.latest, now + self.walk))
        else:
            span = span.later(MOVED)
        more = round((span.latest - was) / MINUTE)
        self.promise(span, Cause.GATE, gate=gate, before=before, minutes=more)
        return True

    def hear_phase(self, phase: str, boarding: Boarding, now: datetime, is_told: bool) -> bool:
        """Boarding is called: what is brought has to be there before the gate closes. ``is_told``: another mail says where."""
        if phase == Phase.CANCELLED:
            self.promise(self.promised(), Cause.FLIGHT, is_cancelled=True)
            return True
        if phase not in BOARDING:
            return False
        closes_at, span, is_brought = boarding.closes_at, self.promised(), self.way == Way.DELIVERY
        to_walk = timedelta(minutes=0 if is_brought else self.shop.walk)
        in_time = max(now, self.earliest) + to_walk <= closes_at
        if is_brought and max(now, self.earliest) < closes_at < self.latest:
            span = span._replace(latest=closes_at)
        self.promise(span, Cause.BOARDING, closes_at=closes_at.isoformat(), in_time=in_time)
        if phase == Phase.BOARDING and not is_told:
            mail.write_boarding(self, closes_at, in_time)
        return True

    def hear_departure(self, flight: Any, boarding: Boarding) -> bool:
        facts = {"leaves_at": flight.best_departure.isoformat()}
        leave_by = boarding.starts_at - timedelta(minutes=self.shop.walk)
        if self.way == Way.COLLECTION and self.state != State.READY and self.latest > leave_by:
            facts["leave_by"] = leave_by.isoformat()
        self.promise(self.promised(), Cause.FLIGHT, **facts)
        return True

    # What pages ask

    @property
    def flight_warning(self) -> str:
        """What its customer has to know of the flight, while it is awaited or not collected yet."""
        if not (self.flight_id and (self.is_awaited or self.has_arrived or self.state == State.UNPAID)):
            return ""
        rows = reversed(list(self.promises.all()))
        if self.has_arrived:  # what could be late is not
            rows = takewhile(lambda row: row.cause != Cause.READY, rows)
        for row in rows:
            if row.warning or "leaves_at" in row.facts:
                return str(row.warning)  # of the departure as it was before nothing is said any more
        return ""

    @property
    def gate_before(self) -> str:
        """The gate to show struck through beside the new one."""
        return self.flight.gate_before if self.flight and self.flight.gate == self.gate else ""

    @property
    def has_arrived(self) -> bool:
        """Whether it waits for its customer at the shop."""
        return self.state == State.READY and self.way == Way.COLLECTION
