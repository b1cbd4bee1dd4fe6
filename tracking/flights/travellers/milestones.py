"""The steps of a flight's day, as values to show."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clocks import clock
from tracking.flights.models import Airport, Flight, Phase
from tracking.flights.models.codes import AT_GATE

AT_DESTINATION = ("landing", "on_block")


class Moment(NamedTuple):
    """A time on an airport's clock, shown with its day if that is not the flight's own."""

    at: datetime
    is_other_day: bool

    def __str__(self) -> str:
        words = clock(self.at, self.at.tzinfo or UTC)
        return f"{date_format(self.at, 'D j')}, {words}" if self.is_other_day else words


class Milestone(NamedTuple):
    """A step: done, the latest that is done ("now"), or still to come ("next"); observed, or expected."""

    label: str
    location: str  # the city, the gate or the desks
    at: Moment | None
    scheduled: Moment | None  # where it was scheduled for another time
    state: str
    observed: bool


def moment(flight: Flight, at: datetime | None, zone: str) -> Moment | None:
    """A time in a zone; None for no time."""
    if not at:
        return None
    local = at.astimezone(ZoneInfo(zone))
    return Moment(local, local.date() != flight.date)


def milestones(flight: Flight) -> list[Milestone]:
    """The steps of its day in order; steps that were skipped are left out."""
    phases = flight.changes.filter(field="phase").order_by("pk")
    reached = {change.after: change.reported_at or change.at for change in phases}
    steps = [*before_departure(flight, reached), *movements(flight)]
    if flight.phase == Phase.CANCELLED:
        steps = [step for step in steps if step.state == "done"]
        cancelled = moment(flight, reached.get(Phase.CANCELLED), flight.origin.zone)
        steps.append(Milestone(_("Cancelled"), flight.origin.city, cancelled, None, "done", True))
    done = [index for index, step in enumerate(steps) if step.state == "done"]
    if done:
        steps[done[-1]] = steps[done[-1]]._replace(state="now")
    return steps


def before_departure(flight: Flight, reached: Mapping[str, datetime]) -> Iterator[Milestone]:
    """The steps at the gate. ``reached`` has the time of each phase that the flight has been in."""
    labels = {
        Phase.CHECK_IN: _("Check-in"),
        Phase.GATE_OPEN: _("Gate open"),
        Phase.BOARDING: _("Boarding"),
        Phase.FINAL_CALL: _("Final call"),
        Phase.GATE_CLOSED: _("Gate closed"),
    }
    order = list(AT_GATE)
    now = order.index(flight.phase) if flight.phase in order else len(order)
    for phase, label in labels.items():
        location = {Phase.CHECK_IN: flight.desks, Phase.BOARDING: flight.gate}.get(phase, "")
        if order.index(phase) <= now and phase in reached:
            yield Milestone(label, location, moment(flight, reached[phase], flight.origin.zone), None, "done", True)
        elif order.index(phase) > now and phase in (Phase.CHECK_IN, Phase.BOARDING):
            yield Milestone(label, location, None, None, "next", False)


def movements(flight: Flight) -> Iterator[Milestone]:
    """The steps from leaving one gate to reaching the other."""
    labels = {
        "off_block": (_("Leaves the gate"), _("Left the gate")),
        "take_off": (_("Takes off"), _("Took off")),
        "landing": (_("Lands"), _("Landed")),
        "on_block": (_("Reaches the gate"), _("Reached the gate")),
    }
    for name, (ahead, behind) in labels.items():
        airport = airport_of(flight, name)
        scheduled = getattr(flight, f"{name}_scheduled", None)
        estimated, actual = getattr(flight, f"{name}_estimated"), getattr(flight, f"{name}_actual")
        at = actual or estimated or scheduled
        if at:
            before = scheduled if scheduled and scheduled != at else None
            yield Milestone(
                behind if actual else ahead,
                airport.city,
                moment(flight, at, airport.zone),
                moment(flight, before, airport.zone),
                "done" if actual else "next",
                bool(actual),
            )


def airport_of(flight: Flight, field: str) -> Airport:
    """The airport where the time in a field is local."""
    return (flight.diverted_to or flight.destination) if field.startswith(AT_DESTINATION) else flight.origin
