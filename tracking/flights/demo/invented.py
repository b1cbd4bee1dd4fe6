"""What the file of a day does not have, made up: gates, desks, belts, reasons, and the times of announcements.

A hash of the flight's identity decides, so that a flight has the same day however often it is played.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from tracking.flights.demo.day import Departure
from tracking.flights.demo.stations import ALTERNATES, GATES, SOLD_BY
from tracking.flights.geo import distance, zone_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIMETABLE_AT = time(15)  # of the day before, at the origin

Announced = tuple[datetime, dict[str, Any]]  # when, and the update
T = TypeVar("T")

WEATHER = ("71", "73", "77", "84")
LONG, SHORT = (*WEATHER, "81", "83", "93", "93"), ("93", "89", "32", "15", "63", "18", "41", "36")


def announcements(flight: Departure) -> Iterator[Announced]:
    """All announcements of a flight (a Departure on its date), each later than the one before."""
    announced = [
        timetable(flight),
        *at_the_gate(flight),
        *(en_route(flight) if flight.outcome == "landed" else ()),
        *(diversion(flight) if flight.outcome == "departed" else ()),
    ]
    return spread_out(flight, sorted(announced, key=lambda announcement: announcement[0]))


def spread_out(flight: Departure, announced: Iterable[Announced]) -> Iterator[Announced]:
    """Move each some seconds after the full minute, so that not all boards change at once."""
    before = None
    for number, (at, update) in enumerate(announced):
        at += pick(flight, number, range(55)) * timedelta(seconds=1)
        if before and at <= before:
            at = before + timedelta(seconds=1)
        yield at, update
        before = at


def timetable(flight: Departure) -> Announced:
    """The first announcement, of the day before."""
    at = datetime.combine(flight.date - timedelta(days=1), TIMETABLE_AT, zone_of(flight.origin)).astimezone(UTC)
    update = {
        "airline_name": flight.airline,
        "destination": flight.destination,
        "scheduled_departure": flight.scheduled_departure,
        "scheduled_arrival": flight.scheduled_arrival,
        "terminal": gates_of(flight)[0],
    }
    if flight.destination in GATES:
        update["arrival_terminal"] = gates_of(flight, flight.destination)[0]
    if seller := SOLD_BY.get((flight.carrier, flight.origin)) or SOLD_BY.get((flight.carrier, flight.destination)):
        update["codeshares"] = [f"{seller} {flight.number}"]
    return at, update


def at_the_gate(flight: Departure) -> Iterable[Announced]:
    if flight.outcome == "cancelled":
        return cancellation(flight)
    return [*preparation(flight), *delays(flight), *boarding(flight)]


def preparation(flight: Departure) -> Iterator[Announced]:
    """Check-in, aircraft and gate; one flight in twelve changes its gate before boarding."""
    leaves = flight.actual_departure or flight.scheduled_departure
    early = min(leaves, flight.scheduled_departure)
    gate, other = gate_of(flight, "gate"), gate_of(flight, "other gate")
    yield early - minutes(flight, "check-in", 150, 180), {"desks": desks_of(flight)}
    yield early - minutes(flight, "gate at", 80, 140), {"gate": gate, **({"tail": flight.tail} if flight.tail else {})}
    if pick(flight, "new gate", range(12)) == 0 and other != gate:
        yield leaves - minutes(flight, "new gate at", 45, 70), {"gate": other}


def delays(flight: Departure) -> Iterator[Announced]:
    """A delay that grows: each new estimate comes before the last one has passed, and the last one is right."""
    scheduled, leaves = flight.scheduled_departure, flight.actual_departure
    late = leaves - scheduled
    if late < 10 * MINUTE:
        return
    at, steps = scheduled - minutes(flight, "first notice", 15, 90), min(1 + late // HOUR, 6)
    code = pick(flight, "reason", LONG if late >= HOUR else SHORT)
    for step in range(1, steps):
        estimated = to_five_minutes(scheduled + late * step / steps)
        yield at, delay(flight, estimated, code)
        at = estimated - 20 * MINUTE
    yield at, delay(flight, leaves, code)


def delay(flight: Departure, until: datetime, code: str) -> dict[str, Any]:
    later = max(until - flight.scheduled_departure, timedelta())
    return {
        "estimated_departure": until,
        "estimated_arrival": flight.scheduled_arrival + later,
        "delay_code": code,
        "state": "DEL",
    }


def boarding(flight: Departure) -> Iterator[Announced]:
    leaves = flight.actual_departure
    yield leaves - minutes(flight, "boarding", 30, 40), {"state": "BRD"}
    yield leaves - minutes(flight, "final call", 15, 19), {"state": "GCL"}
    yield leaves - minutes(flight, "gate closed", 8, 11), {"state": "GTD"}


def cancellation(flight: Departure) -> list[Announced]:
    """A cancellation, hours ahead or after a delay."""
    scheduled, code = flight.scheduled_departure, pick(flight, "reason", WEATHER)
    at = scheduled - pick(flight, "cancelled", (300, 240, 180, 150, 120, 90, 60, 20, -15, -40)) * MINUTE
    announced = [*preparation(flight), (scheduled - 50 * MINUTE, delay(flight, scheduled + 90 * MINUTE, code))]
    return [*(before for before in announced if before[0] < at), (at, {"state": "CNX", "delay_code": code})]


def en_route(flight: Departure) -> Iterator[Announced]:
    """From gate to gate. The file has both times at the gates; those on the runways are made up."""
    left, reached = flight.actual_departure, flight.actual_arrival
    planned = left + (flight.scheduled_arrival - flight.scheduled_departure)
    up, taxi_in = taken_off(flight, reached - left)
    down = reached - taxi_in
    yield left, {"state": "DEP", "actual_departure": left, "estimated_arrival": planned}
    yield up, {"state": "AIR", "actual_takeoff": up, "estimated_landing": max(planned - taxi_in, up)}
    if down - up > 30 * MINUTE:
        ahead = {"arrival_gate": gate_at(flight.destination, flight), "belt": belt_of(flight)}
        yield down - 25 * MINUTE, {"state": "EXP", "estimated_landing": down, "estimated_arrival": reached, **ahead}
        yield down - 8 * MINUTE, {"state": "FIR"}
    yield down, {"state": "LND", "actual_landing": down}
    yield reached, {"state": "ARR", "actual_arrival": reached}


def diversion(flight: Departure) -> Iterator[Announced]:
    """A flight without an arrival in the file lands at another airport."""
    left, planned = flight.actual_departure, flight.scheduled_arrival - flight.scheduled_departure
    up, taxi_in = taken_off(flight, planned)
    turns = up + to_minute((left + planned - up) * 3 / 4)
    down = turns + minutes(flight, "landing elsewhere", 20, 45)
    yield left, {"state": "DEP", "actual_departure": left, "estimated_arrival": left + planned}
    yield up, {"state": "AIR", "actual_takeoff": up, "estimated_landing": left + planned - taxi_in}
    diverted = {"diverted_to": alternate(flight), "estimated_landing": down, "estimated_arrival": down + taxi_in}
    yield turns, {"state": "DIV", **diverted}
    yield down, {"state": "LND", "actual_landing": down}


def taken_off(flight: Departure, block: timedelta) -> tuple[datetime, timedelta]:
    """When it takes off, and how long it taxis after landing. Both are shorter on short flights."""
    out = min(minutes(flight, "taxi out", 12, 28), to_minute(block / 3))
    return flight.actual_departure + out, min(minutes(flight, "taxi in", 4, 11), to_minute(block / 4))


def alternate(flight: Departure) -> str:
    """The airport that it diverts to: the nearest to its destination."""
    others = [iata for iata in ALTERNATES if iata not in (flight.origin, flight.destination)]
    return min(others, key=lambda iata: distance(iata, flight.destination))


def gates_of(flight: Departure, airport: str = "") -> tuple[str, str, int, int]:
    """Terminal and gates of its airline at an airport; without one, where it leaves."""
    airlines = GATES.get(airport or flight.origin, GATES[""])
    return airlines.get(flight.carrier, airlines[""])


def gate_of(flight: Departure, question: str) -> str:
    _terminal, letter, first, last = gates_of(flight)
    return f"{letter}{pick(flight, question, range(first, last + 1))}"


def gate_at(airport: str, flight: Departure) -> str:
    _terminal, letter, first, last = gates_of(flight, airport)
    return f"{letter}{pick(flight, 'arrival gate', range(first, last + 1))}"


def desks_of(flight: Departure) -> str:
    """The check-in desks of its airline, the same all day."""
    first = 1 + number_from(f"{flight.carrier} {flight.origin}") % 40
    return f"{first}–{first + 5}"


def belt_of(flight: Departure) -> str:
    return str(pick(flight, "belt", range(1, 9)))


def to_minute(span: timedelta) -> timedelta:
    return span // MINUTE * MINUTE


def to_five_minutes(at: datetime) -> datetime:
    """The next multiple of five minutes, as estimates are."""
    return at + timedelta(minutes=-at.minute % 5, seconds=-at.second, microseconds=-at.microsecond)


def minutes(flight: Departure, question: str, least: int, most: int) -> timedelta:
    return pick(flight, question, range(least, most + 1)) * MINUTE


def pick(flight: Departure, question: object, options: Sequence[T]) -> T:
    """One of the options, by the flight, the day and the question."""
    return options[
        number_from(f"{flight.carrier} {flight.number} {flight.origin} {flight.date} {question}") % len(options)
    ]


def number_from(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")
