"""The note of who did what: the history of one reservation as a host reads it."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.models import Use
from clocks import short_when

DONE = {
    "hold": gettext_lazy("Time chosen"),
    "book": gettext_lazy("Booked"),
    "confirm": gettext_lazy("Booked"),
    "change": gettext_lazy("Changed"),
    "transfer": gettext_lazy("Handed on"),
    "cancel": pgettext_lazy("a reservation", "Cancelled"),
    "arrive": pgettext_lazy("a party", "Arrived"),
    "seat": gettext_lazy("Seated"),
    "move": gettext_lazy("Moved"),
    "join": gettext_lazy("Tables joined"),
    "split": gettext_lazy("Split"),
    "extend": gettext_lazy("Longer"),
    "progress": gettext_lazy("Course"),
    "finish": gettext_lazy("Finished"),
    "no_show": gettext_lazy("No-show"),
    "undo": gettext_lazy("Taken back"),
    "contest_no_show": gettext_lazy("The guest objects"),
    "annotate": gettext_lazy("Noted"),
}
OF_GUESTS = ("hold", "confirm", "change", "cancel", "transfer", "contest_no_show")
BEGINS = ("hold", "book", "split")  # verbs whose rows say what is on the page anyway


class Change(NamedTuple):
    what: str
    before: str
    after: str


class Step(NamedTuple):
    """One verb: on the restaurant's clock, by whom, and what it changed."""

    at: str
    word: str
    by: str
    changes: list


def steps_of(reservation, changes=None):
    """What was done with it, the latest first; or what these ReservationChange rows say of it."""
    steps = {}
    for change in reservation.changes.select_related("by") if changes is None else changes:
        steps.setdefault(change.revision, []).append(change)
    return [step_of(changes, reservation) for changes in reversed(steps.values())]


def step_of(changes, reservation):
    first = changes[0]
    told = [] if first.verb in BEGINS else [told_of(change, reservation) for change in changes]
    return Step(
        at=short_when(first.at, reservation.tz, reservation.day),
        word=str(DONE.get(first.verb, first.verb)),
        by=by_whom(first, reservation),
        changes=[change for change in told if change],
    )


def by_whom(change, reservation):
    if change.by:
        return str(change.by)
    return _("the guest") if change.verb in OF_GUESTS and reservation.channel == Use.ONLINE else ""


def told_of(change, reservation):
    """The change in words; None for that of the state, which the verb says already."""
    if change.field in ("state", "link_version"):
        return None
    return Change(str(change.label), value(change.was, reservation), value(change.now, reservation))


def value(was, reservation):
    return short_when(was, reservation.tz, reservation.day) if isinstance(was, datetime) else str(was or "")
