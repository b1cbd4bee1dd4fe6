"""What a feed's update changes: the fields of a flight, and its phase.

Feeds skip steps, and report several things at once. So a state or a time that implies an earlier step takes that step
too, and each step that is taken must be legal.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.flights.models.airports import Airline, Airport, airport_or_refuse
from tracking.flights.models.codes import AT_GATE, EN_ROUTE, Phase
from tracking.flights.models.reasons import known_reason
from tracking.flights.models.times import arrival_after_delay, check_arrival
from verbs.refusals import Refused

FIELDS = {
    "scheduled_departure": "off_block_scheduled",
    "estimated_departure": "off_block_estimated",
    "actual_departure": "off_block_actual",
    "estimated_takeoff": "take_off_estimated",
    "actual_takeoff": "take_off_actual",
    "estimated_landing": "landing_estimated",
    "actual_landing": "landing_actual",
    "scheduled_arrival": "on_block_scheduled",
    "estimated_arrival": "on_block_estimated",
    "actual_arrival": "on_block_actual",
    "terminal": "terminal",
    "gate": "gate",
    "stand": "stand",
    "desks": "desks",
    "arrival_terminal": "arrival_terminal",
    "arrival_gate": "arrival_gate",
    "belt": "belt",
    "tail": "tail",
    "delay_code": "delay_code",
}

# public state → the verb that leads to it, and its phase (None: the phase stays), in the order of a day
STEPS = {
    "WIL": ("open_lounge", Phase.LOUNGE),
    "GTO": ("open_gate", Phase.GATE_OPEN),
    "BRD": ("board", Phase.BOARDING),
    "GCL": ("final_call", Phase.FINAL_CALL),
    "GTD": ("close_gate", Phase.GATE_CLOSED),
    "DEP": ("depart", Phase.DEPARTED),
    "AIR": ("take_off", Phase.AIRBORNE),
    "EXP": ("expect", Phase.EXPECTED),
    "FIR": ("approach", Phase.FINAL_APPROACH),
    "DIV": ("divert", None),
    "LND": ("land", Phase.LANDED),
    "FIB": ("first_bag", Phase.FIRST_BAG),
    "ARR": ("arrive", Phase.ARRIVED),
    "CNX": ("cancel", Phase.CANCELLED),
}
# public state → the later ones that imply it
IMPLIED_BY = {
    "BRD": {"GCL", "GTD"},
    "DEP": {"AIR", "EXP", "FIR", "DIV", "LND", "FIB", "ARR"},
    "LND": {"FIB"},
}
DERIVED = ("GCH", "TOM")  # computed from gates and days
STATES = ("SCH", "DEL", *STEPS, *DERIVED)
ACTUAL = {"actual_departure": "DEP", "actual_takeoff": "AIR", "actual_landing": "LND", "actual_arrival": "ARR"}


def new_flight(flights: Any, key: Mapping[str, Any], update: Mapping[str, Any]) -> Any:
    """Create a flight in the queryset ``flights`` for a new identity, and lock it. Raises Refused."""
    for needed in ("destination", "scheduled_departure"):
        if not update.get(needed):
            raise Refused(_("This flight is new: it needs “%(field)s”.") % {"field": needed})
    origin, destination = airport_or_refuse(key["origin"]), airport_or_refuse(update["destination"])
    if origin == destination:
        raise Refused(_("A flight goes from one airport to another."))
    if not Airline.objects.filter(pk=key["airline"]).exists():
        raise Refused(_("There is no airline “%(code)s”.") % {"code": key["airline"]})
    check_day(key["date"], origin, update["scheduled_departure"])
    # Another source may create it at the same moment: then this is that source's flight.
    flight, _made = flights.select_for_update().get_or_create(
        airline_id=key["airline"],
        number=key["number"],
        origin=origin,
        date=key["date"],
        defaults={"destination": destination, "off_block_scheduled": update["scheduled_departure"]},
    )
    return flight


def check_day(day: date, origin: Airport, scheduled: datetime) -> None:
    """Raise Refused unless the day is the local one of the scheduled departure."""
    local = timezone.localdate(scheduled, origin.tz)
    if local != day:
        words = {"day": local, "city": origin.city}
        raise Refused(_("The date is the local day of the scheduled departure: %(day)s in %(city)s.") % words)


def values_of(flight: Any, update: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that an update sets, and their values. Raises Refused if a step is illegal."""
    values = {FIELDS[name]: stored(flight, FIELDS[name], value) for name, value in update.items() if name in FIELDS}
    check_identity(flight, update, values)
    phase = phase_before(flight, update, values)
    if "delay_code" in values:
        known_reason(values["delay_code"])
    if is_changed(flight, values, "gate"):
        flight.check_legal("assign_gate", phase)
        values["gate_before"] = flight.gate_before_for(values["gate"])
    if values.get("off_block_estimated") and is_changed(flight, values, "off_block_estimated"):
        flight.check_legal("delay", phase)
        arrival = arrival_after_delay(flight, values["off_block_estimated"])
        if arrival and "estimated_arrival" not in update:
            values["on_block_estimated"] = arrival
    check_arrival(flight, values)
    if "diverted_to" in update:
        values["diverted_to"] = airport_or_refuse(update["diverted_to"]) if update["diverted_to"] else None
    if "codeshares" in update:
        values["codeshares"] = sorted(set(update["codeshares"] or []))
    phase = phase_after(phase, flight, update, values)
    return {**cleared(flight, phase), **values, "phase": phase}


def stored(flight: Any, field: str, value: Any) -> Any:
    """The value as the field stores it. None withdraws a value: a time becomes unknown, a text empty."""
    if value is None and not flight._meta.get_field(field).null:
        if field == "off_block_scheduled":
            raise Refused(_("A scheduled departure can't be withdrawn; cancel the flight."))
        return ""
    return value


def is_changed(flight: Any, values: Mapping[str, Any], field: str) -> bool:
    return field in values and values[field] != getattr(flight, field)


def check_identity(flight: Any, update: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raise Refused if the update would make it another flight."""
    if update.get("destination", flight.destination_id) != flight.destination_id:
        raise Refused(_("The destination is part of a flight's identity: use “diverted_to”."))
    if is_changed(flight, values, "off_block_scheduled"):
        check_day(flight.date, flight.origin, values["off_block_scheduled"])


def phase_before(flight: Any, update: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The phase before the steps of the update: it may reinstate the flight, return it to its gate, or open check-in."""
    phase = flight.phase
    if phase == Phase.CANCELLED and update.get("state") == "SCH":
        phase = Phase.SCHEDULED
    if phase in EN_ROUTE and update.get("actual_departure", "absent") is None:
        phase = Phase.GATE_CLOSED
    if phase == Phase.SCHEDULED and values.get("desks", flight.desks):
        phase = Phase.CHECK_IN
    return phase


def phase_after(phase: str, flight: Any, update: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The phase after all steps that the update reports or implies. Raises IllegalMove for an illegal step."""
    reported, is_diverted = reported_steps(flight, update, values), changes_diversion(flight, values)
    for code, (name, target) in STEPS.items():
        if is_diverted if code == "DIV" else code in reported and not is_known(code, phase):
            flight.check_legal(name, phase)
            phase = target or phase
        elif reported & IMPLIED_BY.get(code, set()) and flight.is_legal(name, phase):
            phase = target
    return phase


def reported_steps(flight: Any, update: Mapping[str, Any], values: Mapping[str, Any]) -> set[str | None]:
    """The codes of the steps that the update reports, by its state and by its actual times."""
    state = update.get("state")
    if state and state not in STATES:
        raise Refused(_("There is no state “%(state)s”.") % {"state": state})
    if state == "DEL":
        check_delay(flight, values)
    if state == "DIV" and not values.get("diverted_to", flight.diverted_to):
        raise Refused(_("A diverted flight needs “diverted_to”."))
    return {state} | {code for name, code in ACTUAL.items() if update.get(name)}


def check_delay(flight: Any, values: Mapping[str, Any]) -> None:
    estimated = values.get("off_block_estimated", flight.off_block_estimated)
    scheduled = values.get("off_block_scheduled", flight.off_block_scheduled)
    if not estimated or estimated <= scheduled:
        raise Refused(_("A delayed flight needs an “estimated_departure” later than its schedule."))


def changes_diversion(flight: Any, values: Mapping[str, Any]) -> bool:
    return bool(values.get("diverted_to")) and values["diverted_to"] != flight.diverted_to


def is_known(code: str, phase: str) -> bool:
    """Whether the flight is in the phase of a step already, or past it where the step only adds its actual time."""
    target = STEPS[code][1]
    return phase == target or (code in ACTUAL.values() and is_past(phase, target))


def is_past(phase: str, target: Phase | None) -> bool:
    order = list(Phase)
    return phase != Phase.CANCELLED and order.index(phase) > order.index(target)


def cleared(flight: Any, phase: str) -> dict[str, Any]:
    """The fields to clear for a flight that is reinstated, or has returned to its gate."""
    if flight.phase == Phase.CANCELLED and phase != Phase.CANCELLED:
        return {"delay_code": ""}
    if flight.phase in EN_ROUTE and phase in AT_GATE:
        return {"take_off_actual": None, "diverted_to": None}
    return {}
