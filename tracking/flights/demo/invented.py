"""What a day's record doesn't tell, made up: gates, desks, belts, reasons, and when each thing is announced.

It is drawn from a hash of the flight's identity, so that the same flight has the same day however often it is played.
"""

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from tracking.flights.demo.geo import distance, zone_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIMETABLE_AT = time(15)  # of the day before, at the origin

# airport → airline → terminal, letter of its gates, the first and the last; "" for airlines not named
GATES = {
    "JFK": {
        "AA": ("8", "", 31, 47),
        "MQ": ("8", "", 2, 12),
        "US": ("8", "", 14, 20),
        "B6": ("5", "", 1, 30),
        "HA": ("5", "", 25, 30),
        "DL": ("4", "B", 20, 41),
        "9E": ("4", "B", 42, 55),
        "EV": ("4", "B", 42, 55),
        "VX": ("4", "A", 2, 7),
        "UA": ("7", "", 1, 12),
        "": ("1", "", 1, 11),
    },
    "EWR": {
        "UA": ("C", "C", 70, 139),
        "EV": ("A", "A", 20, 28),
        "B6": ("A", "A", 10, 18),
        "DL": ("B", "B", 40, 48),
        "9E": ("B", "B", 40, 48),
        "WN": ("B", "B", 60, 68),
        "": ("A", "A", 30, 39),
    },
    "LGA": {
        "DL": ("C", "C", 60, 79),
        "9E": ("C", "C", 80, 98),
        "EV": ("C", "C", 80, 98),
        "AA": ("B", "B", 40, 59),
        "MQ": ("B", "B", 40, 59),
        "": ("B", "B", 11, 31),
    },
    "": {"": ("1", "A", 1, 30)},
}
# Regional airlines fly under the numbers of those who sell their seats; at other airports than these, none does.
SOLD_BY = {
    ("9E", "JFK"): "DL",
    ("9E", "LGA"): "DL",
    ("9E", "EWR"): "DL",
    ("EV", "JFK"): "DL",
    ("EV", "LGA"): "DL",
    ("EV", "EWR"): "UA",
    ("MQ", "JFK"): "AA",
    ("MQ", "LGA"): "AA",
    ("MQ", "EWR"): "AA",
    ("YV", "LGA"): "US",
}
ALTERNATES = (
    *("BOS", "BDL", "PHL", "BWI", "PIT", "CLE", "DTW", "CVG", "IND", "RDU", "CLT", "ATL", "JAX", "MCO", "TPA", "FLL"),
    *("MIA", "BNA", "MEM", "STL", "MCI", "MKE", "ORD", "MSP", "OMA", "DEN", "SLC", "DFW", "AUS", "IAH", "MSY", "ABQ"),
    *("PHX", "TUS", "LAS", "ONT", "LAX", "SAN", "SFO", "OAK", "SMF", "PDX", "SEA", "BOI", "SJU", "HNL", "OGG", "YYZ"),
    *("YUL", "YVR", "MEX", "GRU", "EZE", "BOG", "LHR", "LGW", "DUB", "MAN", "AMS", "BRU", "CDG", "ORY", "LYS", "FRA"),
    *("CGN", "MUC", "NUE", "ZRH", "VIE", "MAD", "BCN", "LIS", "FCO", "MXP", "ATH", "IST", "CPH", "ARN", "OSL", "HEL"),
    *("WAW", "CAI", "DXB", "DOH", "JNB", "NBO", "DEL", "BOM", "SIN", "KUL", "BKK", "HKG", "PVG", "PEK", "NRT", "SYD"),
)

WEATHER = ("71", "73", "77", "84")
LONG, SHORT = (*WEATHER, "81", "83", "93", "93"), ("93", "89", "32", "15", "63", "18", "41", "36")


def announcements(flight):
    """``(at, update)`` for all that is said of this flight (a Departure on its date), each later than the one before."""
    told = [
        opening(flight),
        *at_the_gate(flight),
        *(en_route(flight) if flight.outcome == "landed" else ()),
        *(elsewhere(flight) if flight.outcome == "departed" else ()),
    ]
    return one_by_one(flight, sorted(told, key=lambda announcement: announcement[0]))


def one_by_one(flight, told):
    """Some seconds after the full minute, so that not all boards change at once."""
    before = None
    for number, (at, update) in enumerate(told):
        at += pick(flight, number, range(55)) * timedelta(seconds=1)
        if before and at <= before:
            at = before + timedelta(seconds=1)
        yield at, update
        before = at


def opening(flight):
    """The timetable's word on it."""
    at = datetime.combine(flight.date - timedelta(days=1), TIMETABLE_AT, zone_of(flight.origin)).astimezone(UTC)
    update = {
        "airline_name": flight.airline,
        "destination": flight.destination,
        "scheduled_departure": flight.scheduled_departure,
        "scheduled_arrival": flight.scheduled_arrival,
        "terminal": gates_of(flight)[0],
    }
    if seller := SOLD_BY.get((flight.carrier, flight.origin)):
        update["codeshares"] = [f"{seller} {flight.number}"]
    return at, update


def at_the_gate(flight):
    if flight.outcome == "cancelled":
        return called_off(flight)
    return [*preparation(flight), *delays(flight), *boarding(flight)]


def preparation(flight):
    """Check-in, aircraft and gate; and for one in twelve a new gate, before boarding begins."""
    leaves = flight.actual_departure or flight.scheduled_departure
    early = min(leaves, flight.scheduled_departure)
    gate, other = gate_of(flight, "gate"), gate_of(flight, "other gate")
    yield early - minutes(flight, "check-in", 150, 180), {"desks": desks_of(flight)}
    yield early - minutes(flight, "gate at", 80, 140), {"gate": gate, **({"tail": flight.tail} if flight.tail else {})}
    if pick(flight, "new gate", range(12)) == 0 and other != gate:
        yield leaves - minutes(flight, "new gate at", 45, 70), {"gate": other}


def delays(flight):
    """A delay grows, as delays do: each new hope is told before the last one lapses, and the last is the real time."""
    scheduled, leaves = flight.scheduled_departure, flight.actual_departure
    late = leaves - scheduled
    if late < 10 * MINUTE:
        return
    at, steps = scheduled - minutes(flight, "first notice", 15, 90), min(1 + late // HOUR, 6)
    code = pick(flight, "reason", LONG if late >= HOUR else SHORT)
    for step in range(1, steps):
        hoped = to_five_minutes(scheduled + late * step / steps)
        yield at, put_off(flight, hoped, code)
        at = hoped - 20 * MINUTE
    yield at, put_off(flight, leaves, code)


def put_off(flight, until, code):
    later = max(until - flight.scheduled_departure, timedelta())
    return {
        "estimated_departure": until,
        "estimated_arrival": flight.scheduled_arrival + later,
        "delay_code": code,
        "state": "DEL",
    }


def boarding(flight):
    leaves = flight.actual_departure
    yield leaves - minutes(flight, "boarding", 30, 40), {"state": "BRD"}
    yield leaves - minutes(flight, "final call", 15, 19), {"state": "GCL"}
    yield leaves - minutes(flight, "gate closed", 8, 11), {"state": "GTD"}


def called_off(flight):
    """Hours ahead, or after a delay that came to nothing."""
    scheduled, code = flight.scheduled_departure, pick(flight, "reason", WEATHER)
    at = scheduled - pick(flight, "cancelled", (300, 240, 180, 150, 120, 90, 60, 20, -15, -40)) * MINUTE
    told = [*preparation(flight)]
    told.append((scheduled - 50 * MINUTE, put_off(flight, scheduled + 90 * MINUTE, code)))
    return [*(before for before in told if before[0] < at), (at, {"state": "CNX", "delay_code": code})]


def en_route(flight):
    """From gate to gate. The file knows both ends; the runways are made up between them."""
    left, reached = flight.actual_departure, flight.actual_arrival
    planned = left + (flight.scheduled_arrival - flight.scheduled_departure)
    up, taxi_in = taken_off(flight, reached - left)
    down = reached - taxi_in
    yield left, {"state": "DEP", "actual_departure": left, "estimated_arrival": planned}
    yield up, {"state": "AIR", "actual_takeoff": up, "estimated_landing": max(planned - taxi_in, up)}
    if down - up > 30 * MINUTE:
        place = {"arrival_gate": gate_at(flight.destination, flight), "belt": belt_of(flight)}
        yield down - 25 * MINUTE, {"state": "EXP", "estimated_landing": down, "estimated_arrival": reached, **place}
        yield down - 8 * MINUTE, {"state": "FIR"}
    yield down, {"state": "LND", "actual_landing": down}
    yield reached, {"state": "ARR", "actual_arrival": reached}


def elsewhere(flight):
    """It left, and its arrival is not in the file: it lands at another airport, and no more is known."""
    left, planned = flight.actual_departure, flight.scheduled_arrival - flight.scheduled_departure
    up, taxi_in = taken_off(flight, planned)
    turns = up + to_minute((left + planned - up) * 3 / 4)
    down = turns + minutes(flight, "landing elsewhere", 20, 45)
    yield left, {"state": "DEP", "actual_departure": left, "estimated_arrival": left + planned}
    yield up, {"state": "AIR", "actual_takeoff": up, "estimated_landing": left + planned - taxi_in}
    where = {"diverted_to": alternate(flight), "estimated_landing": down, "estimated_arrival": down + taxi_in}
    yield turns, {"state": "DIV", **where}
    yield down, {"state": "LND", "actual_landing": down}


def taken_off(flight, block):
    """When it takes off, and how long it will roll to its gate at the end; short flights roll shortly."""
    out = min(minutes(flight, "taxi out", 12, 28), to_minute(block / 3))
    return flight.actual_departure + out, min(minutes(flight, "taxi in", 4, 11), to_minute(block / 4))


def alternate(flight):
    others = [iata for iata in ALTERNATES if iata not in (flight.origin, flight.destination)]
    return min(others, key=lambda iata: distance(iata, flight.destination))


def gates_of(flight):
    airlines = GATES.get(flight.origin, GATES[""])
    return airlines.get(flight.carrier, airlines[""])


def gate_of(flight, what):
    _terminal, letter, first, last = gates_of(flight)
    return f"{letter}{pick(flight, what, range(first, last + 1))}"


def gate_at(airport, flight):
    _terminal, letter, first, last = GATES.get(airport, GATES[""])[""]
    return f"{letter}{pick(flight, 'arrival gate', range(first, last + 1))}"


def desks_of(flight):
    """An airline's desks are its own, the same all day."""
    first = 1 + number_from(f"{flight.carrier} {flight.origin}") % 40
    return f"{first}–{first + 5}"


def belt_of(flight):
    return str(pick(flight, "belt", range(1, 9)))


def to_minute(span):
    return span // MINUTE * MINUTE


def to_five_minutes(at):
    """Up to the next five minutes, which is what a first guess sounds like."""
    return at + timedelta(minutes=-at.minute % 5, seconds=-at.second, microseconds=-at.microsecond)


def minutes(flight, what, least, most):
    return pick(flight, what, range(least, most + 1)) * MINUTE


def pick(flight, what, options):
    """One of the options; another flight, day or question picks another."""
    return options[number_from(f"{flight.carrier} {flight.number} {flight.origin} {flight.date} {what}") % len(options)]


def number_from(text):
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")
