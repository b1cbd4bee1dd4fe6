"""The steps of a flight's day, and all that was said of it, as values to show."""

from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracking.flights.models import Phase
from tracking.flights.models.codes import AT_GATE

AT_DESTINATION = ("landing", "on_block")


class Moment(NamedTuple):
    """A time on an airport's clocks; with the day where it is not the flight's own."""

    at: datetime
    other_day: bool

    def __str__(self):
        clock = self.at.strftime("%H:%M")
        return f"{date_format(self.at, 'D j')}, {clock}" if self.other_day else clock


class Milestone(NamedTuple):
    """A step: done, the latest that is done ("now"), or still to come ("next"); observed, or expected."""

    what: str
    place: str
    at: Moment | None
    scheduled: Moment | None  # where it was to be at another time
    state: str
    observed: bool


class Saying(NamedTuple):
    """What one who tells us said at one moment: several changes at once. Never who the person was."""

    at: Moment
    by: str
    changes: list


class Change(NamedTuple):
    what: str
    before: object
    after: object
    observed: bool


def moment(flight, when, zone):
    if not when:
        return None
    local = when.astimezone(ZoneInfo(zone))
    return Moment(local, local.date() != flight.date)


def milestones(flight):
    """The steps of its day in order, each a Milestone; steps that were skipped are left out."""
    reached = {
        change.after: change.reported_at or change.at for change in flight.changes.filter(what="phase").order_by("pk")
    }
    steps = [*before_departure(flight, reached), *movements(flight)]
    if flight.phase == Phase.CANCELLED:
        steps = [step for step in steps if step.state == "done"]
        called_off = moment(flight, reached.get(Phase.CANCELLED), flight.origin.zone)
        steps.append(Milestone(_("Cancelled"), flight.origin.city, called_off, None, "done", True))
    done = [at for at, step in enumerate(steps) if step.state == "done"]
    if done:
        steps[done[-1]] = steps[done[-1]]._replace(state="now")
    return steps


def before_departure(flight, reached):
    words = {
        Phase.CHECK_IN: _("Check-in"),
        Phase.GATE_OPEN: _("Gate open"),
        Phase.BOARDING: _("Boarding"),
        Phase.FINAL_CALL: _("Final call"),
        Phase.GATE_CLOSED: _("Gate closed"),
    }
    order = list(AT_GATE)
    now = order.index(flight.phase) if flight.phase in order else len(order)
    for phase, word in words.items():
        place = {Phase.CHECK_IN: flight.desks, Phase.BOARDING: flight.gate}.get(phase, "")
        if order.index(phase) <= now and phase in reached:
            yield Milestone(word, place, moment(flight, reached[phase], flight.origin.zone), None, "done", True)
        elif order.index(phase) > now and phase in (Phase.CHECK_IN, Phase.BOARDING):
            yield Milestone(word, place, None, None, "next", False)


def movements(flight):
    words = {
        "off_block": (_("Leaves the gate"), _("Left the gate")),
        "take_off": (_("Takes off"), _("Took off")),
        "landing": (_("Lands"), _("Landed")),
        "on_block": (_("Reaches the gate"), _("Reached the gate")),
    }
    for name, (ahead, behind) in words.items():
        end = (flight.diverted_to or flight.destination) if name in AT_DESTINATION else flight.origin
        scheduled = getattr(flight, f"{name}_scheduled", None)
        estimated, actual = getattr(flight, f"{name}_estimated"), getattr(flight, f"{name}_actual")
        at = actual or estimated or scheduled
        if at:
            before = scheduled if scheduled and scheduled != at else None
            yield Milestone(
                behind if actual else ahead,
                end.city,
                moment(flight, at, end.zone),
                moment(flight, before, end.zone),
                "done" if actual else "next",
                bool(actual),
            )


def history(flight):
    """All that was said of it, the newest first, as Sayings."""
    changes = flight.changes.select_related("source").order_by("-revision", "pk")
    return [
        Saying(
            moment(flight, first.at, flight.origin.zone),
            first.source.name if first.source else _("The flight desk"),
            [said(flight, change) for change in group],
        )
        for first, *group in (
            (group[0], *group) for group in (list(group) for _revision, group in groupby(changes, revision_of))
        )
    ]


def revision_of(change):
    return change.revision


def said(flight, change):
    """A FlightChange in words. A delay taken back is called so."""
    words, before, after = change.words, change.was, change.now
    if change.is_time:
        end = flight.destination if change.what.startswith(AT_DESTINATION) else flight.origin
        before, after = moment(flight, before, end.zone), moment(flight, after, end.zone)
    if change.what == "off_block_estimated" and not change.after:
        words = _("Delay withdrawn")
    return Change(words, before, after, change.observed)
