"""What has happened to the flights of a booking since it was booked, and what its passengers may choose then."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from bookings.seats import rights
from bookings.seats.models.connections import ConnectionTimes, Side
from bookings.seats.models.states import FLYING, MADE, Status
from tracking.flights.geo import distance_between
from tracking.flights.models.codes import AT_GATE, DELAYED_FROM, Phase

WORTH_SAYING = timedelta(minutes=DELAYED_FROM)
REBOOK_FROM = timedelta(hours=2)  # free of charge: our own rule, no law's
GATE_MATTERS = timedelta(hours=24)  # before the departure

CANCELLED, DIVERTED, MISSED, DELAYED, EARLIER, GATE = "cancelled", "diverted", "missed", "delayed", "earlier", "gate"
OFF = (CANCELLED, DIVERTED, MISSED)


class Now(NamedTuple):
    """One flight of a booking as it is now, beside what was booked."""

    segment: Any
    departs_later: timedelta
    arrives_later: timedelta
    problem: str  # the most important one; "" for none

    @property
    def flight(self) -> Any:
        return self.segment.inventory.flight


class Trouble(NamedTuple):
    """The most important thing that has happened to a booking. ``start``: the first segment that another flight can replace.

    Who has flown a part of it can't cancel it here: the desk works out what the rest is worth.
    """

    kind: str
    now: Now
    start: int
    may_rebook: bool
    may_refund: bool
    event: rights.Event
    journey: rights.Journey

    @property
    def flight(self) -> Any:
        return self.now.flight

    @property
    def key(self) -> str:
        """What a passenger has seen who keeps the booking: something else makes the choice open again."""
        late = self.now.departs_later // timedelta(hours=1)
        return f"{self.kind}-{self.now.segment.inventory_id}-{late}"

    def hints(self) -> list[rights.Hint]:
        return rights.hints(self.journey, self.event)


def segments_of(booking: Any) -> list[Any]:
    related = ("inventory__flight__origin", "inventory__flight__destination", "inventory__flight__airline")
    return list(booking.segments.select_related(*related).order_by("position"))


def state_of(segments: list[Any], now: datetime) -> list[Now]:
    """Each flight of a booking as it is now."""
    missed = missed_connections(segments)
    return [one_now(segment, segment.position in missed, now) for segment in segments]


def one_now(segment: Any, is_missed: bool, now: datetime) -> Now:
    flight = segment.inventory.flight
    departs = flight.best_departure - (segment.departs or flight.off_block_scheduled)
    planned = segment.arrives or flight.on_block_scheduled
    arrives = flight.best_arrival - planned if flight.best_arrival and planned else departs
    return Now(segment, departs, arrives, problem_of(flight, departs, arrives, is_missed, now))


def problem_of(flight: Any, departs: timedelta, arrives: timedelta, is_missed: bool, now: datetime) -> str:
    if flight.phase == Phase.CANCELLED:
        return CANCELLED
    if flight.diverted_to_id and flight.diverted_to_id != flight.destination_id:
        return DIVERTED
    if is_missed:
        return MISSED
    if max(departs, arrives) >= WORTH_SAYING:
        return DELAYED
    if departs <= -WORTH_SAYING:
        return EARLIER
    is_soon = flight.phase in AT_GATE and flight.best_departure - now <= GATE_MATTERS
    return GATE if flight.gate_before and flight.gate and is_soon else ""


def missed_connections(segments: list[Any]) -> set[int]:
    """The positions of flights that can't be reached from the one before, by what is expected now."""
    missed = set()
    for first, onward in pairwise(segments):
        arriving, departing = first.inventory.flight, onward.inventory.flight
        if Phase.CANCELLED in (arriving.phase, departing.phase) or not arriving.best_arrival:
            continue
        if onward.coupons.filter(status=Status.BOARDED).exists():
            continue  # they have made it
        needed = ConnectionTimes.read().needed(
            arriving.destination_id, side(arriving, arriving.arrival_terminal), side(departing, departing.terminal)
        )
        if departing.best_departure - arriving.best_arrival < needed:
            missed.add(onward.position)
    return missed


def side(flight: Any, terminal: str) -> Side:
    return Side(flight.airline_id, terminal, flight.origin.country == flight.destination.country)


def trouble_of(booking: Any, now: datetime, segments: list[Any] | None = None) -> Trouble | None:
    """The most important thing that has happened to a booking; None for one whose flights are as they were booked."""
    if booking.state not in MADE or booking.is_expired(now):
        return None
    segments = segments_of(booking) if segments is None else segments
    states = state_of(segments, now)
    order = (*OFF, DELAYED, EARLIER, GATE)
    with_problem = [state for state in states if state.problem]
    if not with_problem:
        return None
    worst = min(with_problem, key=lambda state: (order.index(state.problem), -state.departs_later))
    return trouble_with(booking, worst, states, now)


def trouble_with(booking: Any, worst: Now, states: list[Now], now: datetime) -> Trouble:
    flights = [state.flight for state in states]
    journey = journey_of([state.segment.inventory for state in states])
    notice = max(timedelta(), worst.flight.best_departure - now)
    is_off, is_missed = worst.problem in OFF, worst.problem == MISSED
    event = rights.Event(is_off, worst.departs_later, states[-1].arrives_later, notice, is_missed)
    start = next(
        (place for place, flight in enumerate(flights) if flight.phase in (*AT_GATE, Phase.CANCELLED)), len(flights)
    )
    is_open = start <= worst.segment.position and flies_on(booking, start)
    late = max(abs(worst.departs_later), worst.arrives_later)
    return Trouble(
        kind=worst.problem,
        now=worst,
        start=start,
        may_rebook=is_open and (event.is_off or late >= REBOOK_FROM),
        may_refund=is_open and not start and (event.is_off or late >= rights.refund_from(journey)),
        event=event,
        journey=journey,
    )


def journey_of(inventories: list[Any]) -> rights.Journey:
    """From the first airport to the last: where they change does not count for the distance."""
    first, last = inventories[0].flight.origin, inventories[-1].flight.destination
    nautical = distance_between(first.iata, last.iata)
    miles = sum(inventory.miles for inventory in inventories)  # the best that is known of an airport in no table
    km = rights.km_of(miles) if nautical is None else round(nautical * rights.KM_PER_NAUTICAL)
    return rights.Journey(first.country, last.country, km)


def flies_on(booking: Any, start: int) -> bool:
    """Whether somebody has a ticket from there on, and nobody is on board."""
    statuses = set(booking.coupons().filter(segment__position__gte=start).values_list("status", flat=True))
    return Status.BOARDED not in statuses and bool(statuses & set(FLYING))


# What was told by mail


def told_of(segments: list[Any], now: datetime) -> list[list[str]]:
    """What a mail of now would say, so that the next one can be compared with it: JSON can keep it."""
    return [
        [
            str(state.segment.inventory_id),
            state.problem if state.problem in OFF else "",
            state.flight.best_departure.isoformat(),
            state.flight.gate if state.problem == GATE else "",
        ]
        for state in state_of(segments, now)
    ]


def is_news(told: list[list[str]], now: list[list[str]]) -> bool:
    """Whether passengers need to know of it who were told the other."""
    if [each[0] for each in told] != [each[0] for each in now]:
        return False  # a booking of other flights: they know, as they chose them
    return any(
        was[1] != new[1]
        or abs(datetime.fromisoformat(new[2]) - datetime.fromisoformat(was[2])) >= WORTH_SAYING
        or (new[3] != "" and was[3] != new[3])
        for was, new in zip(told, now, strict=True)
    )
