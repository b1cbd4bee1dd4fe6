"""What the screen says of a scan: a word that is read at arm's length, and a sentence below it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bookings.events.models import Event, Reason, Scan, Ticket, Way
from clocks import recent


class Outcome(models.TextChoices):
    """Its colour, its tone, and what it does to the field."""

    IN = "in", pgettext_lazy("at a door", "In")
    OUT = "out", pgettext_lazy("at a door", "Out")
    ALREADY = "already", gettext_lazy("Already in")
    STOP = "stop", gettext_lazy("Stop")
    QUEUED = "queued", pgettext_lazy("at a door", "Queued")
    SENT = "sent", pgettext_lazy("at a door", "Sent")
    CHOOSE = "choose", gettext_lazy("Who is it?")


TITLES = {
    Reason.INVALID: gettext_lazy("No such ticket"),
    Reason.UNPAID: gettext_lazy("Not paid"),
    Reason.UNAPPROVED: gettext_lazy("Not approved"),
    Reason.CANCELED: gettext_lazy("Cancelled"),
    Reason.INVALID_TIME: gettext_lazy("Not at this time"),
    Reason.ALREADY_REDEEMED: gettext_lazy("Already in"),
    Reason.RULES: gettext_lazy("No way back in"),
    Reason.PRODUCT: gettext_lazy("Other door"),
    Reason.FULL: gettext_lazy("Hall is full"),
    Reason.NOT_INSIDE: pgettext_lazy("at a door", "Out"),
}


@dataclass(frozen=True)
class Verdict:
    """``choices``: the tickets of a reference, where it is not said whose is meant, each with the key of its form."""

    outcome: Outcome
    title: str
    text: str = ""
    ticket: Ticket | None = None
    choices: tuple[tuple[Ticket, UUID], ...] = ()

    @property
    def status(self) -> int:
        """Of the answer."""
        if self.outcome in (Outcome.IN, Outcome.OUT, Outcome.CHOOSE):
            return 200
        return 409 if self.outcome == Outcome.ALREADY else 422


def verdict_of(scan: Scan, ticket: Ticket | None) -> Verdict:
    title = str(TITLES[Reason(scan.reason)]) if scan.reason else ""
    text = text_of(scan, ticket) if scan.reason else ""
    if scan.let_in:
        outcome = Outcome.OUT if scan.way == Way.EXIT else Outcome.IN
        return Verdict(outcome, title or str(outcome.label), text, ticket)
    outcome = Outcome.ALREADY if scan.reason == Reason.ALREADY_REDEEMED else Outcome.STOP
    return Verdict(outcome, title, text, ticket)


def verdict_of_queued(scan: Scan, ticket: Ticket | None) -> Verdict:
    """Of a scan that a device has queued and now sent: what was done, or what the other doors have against it.

    Never "In": somebody else may stand there by now.
    """
    event = scan.list.event
    done = {"time": recent(scan.scanned_at, event.tz)}
    if not scan.let_in:
        text = _("Scanned at %(time)s without a network.") % done
        return Verdict(Outcome.SENT, pgettext("at a door", "Sent: not let in"), text, ticket)
    if scan.way == Way.EXIT:
        text = _("Left at %(time)s, scanned without a network.") % done
        return Verdict(Outcome.SENT, pgettext("at a door", "Sent: left"), text, ticket)
    other = ticket and Scan.objects.entries(ticket).exclude(pk=scan.pk).select_related("by").last()
    is_twice = other and Ticket.objects.filter(pk=scan.ticket_id, people_inside__gt=1).exists()
    if not scan.is_conflict and not is_twice:
        text = _("Let in at %(time)s without a network.") % done
        return Verdict(Outcome.SENT, pgettext("at a door", "Sent: let in"), text, ticket)
    reason = Reason(scan.reason or Reason.ALREADY_REDEEMED)
    against = ""
    if scan.reason:
        against = text_of(scan, ticket)
    elif other:
        against = entered(other, event)
    words = {"against": against, **done}
    text = _("%(against)s Let in at this door all the same at %(time)s, without a network: organisers see it.") % words
    return Verdict(Outcome.ALREADY, str(TITLES[reason]), text.strip(), ticket)


def not_recorded(text: str) -> Verdict:
    """Of a queued scan that the server does not take."""
    return Verdict(Outcome.STOP, _("Not recorded"), text)


def choose(tickets: list[Ticket]) -> Verdict:
    return Verdict(Outcome.CHOOSE, str(Outcome.CHOOSE.label), choices=tuple((ticket, uuid4()) for ticket in tickets))


def text_of(scan: Scan, ticket: Ticket | None) -> str:
    """The reason, with what helps the person who stands there."""
    list_, event = scan.list, scan.list.event
    if scan.reason == Reason.ALREADY_REDEEMED and scan.earlier:
        return entered(scan.earlier, event)
    if scan.reason == Reason.RULES and scan.earlier:
        words = {"entry": entered(scan.earlier, event), "exit": left(scan, event)}
        return _("%(entry)s %(exit)s Nobody may come back in on this list.") % words
    if scan.reason == Reason.INVALID_TIME:
        return hours(list_)
    if scan.reason == Reason.PRODUCT and ticket and ticket.event_id != event.pk:
        words = {"event": ticket.event.title, "hall": ticket.event.hall.name}
        return _("This ticket is for “%(event)s”, %(hall)s.") % words
    if scan.reason == Reason.PRODUCT and ticket:
        words = {"list": list_.name, "type": ticket.type.name}
        return _("“%(list)s” is not for tickets of the type “%(type)s”.") % words
    if scan.reason == Reason.INVALID:
        return _("Scan it again, or type the reference of the registration, which is in its mail.")
    return str(Reason(scan.reason).label)


def entered(entry: Scan, event: Event) -> str:
    """The time, the door and the member of staff of the scan that let a ticket in."""
    words = {"door": entry.door, "time": recent(entry.scanned_at, event.tz), "by": entry.by or ""}
    if entry.by:
        return _("Let in at door %(door)s at %(time)s by %(by)s.") % words
    return _("Let in at door %(door)s at %(time)s.") % words


def left(scan: Scan, event: Event) -> str:
    """The time and the door of the last exit before a scan. "" where there was none."""
    before = Scan.objects.filter(ticket=scan.ticket_id, way=Way.EXIT, let_in=True, scanned_at__lte=scan.scanned_at)
    if (found := before.last()) is None:
        return ""
    words = {"door": found.door, "time": recent(found.scanned_at, event.tz)}
    return (_("Left at door %(door)s at %(time)s.") if found.door else _("Left at %(time)s.")) % words


def hours(list_: Any) -> str:
    """When a list is open."""
    tz = list_.event.tz
    words = {"opens": recent(list_.opens_at, tz), "closes": recent(list_.closes_at, tz)}
    if list_.opens_at and list_.closes_at:
        return _("This list is open from %(opens)s to %(closes)s.") % words
    if list_.opens_at:
        return _("This list is open from %(opens)s.") % words
    return _("This list was open until %(closes)s.") % words if list_.closes_at else _("This list is open.")
