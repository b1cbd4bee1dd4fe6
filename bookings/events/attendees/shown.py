"""A registration and a ticket, as their pages show them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.events.attendees.left import price_words
from bookings.events.boarding import boarding_of
from bookings.events.models import EventState, State
from bookings.events.models.states import MADE
from bookings.events.times import when_words
from clocks import clock, when
from money import Money
from qr import qr_svg

TONES = {
    State.PENDING: "warn",
    State.UNPAID: "warn",
    State.CONFIRMED: "good",
    State.DECLINED: "bad",
    State.LAPSED: "bad",
    State.CANCELLED: "bad",
}


class MineRow(NamedTuple):
    """A registration in the list of its owner."""

    title: str
    url: str
    when: str
    city: str
    people: str
    state: str
    tone: str
    is_coming: bool


def where_words(event: Any) -> str:
    return f"{event.hall.name}, {event.hall.where}, {event.hall.airport.name}"


def is_late(registration: Any, now: datetime) -> bool:
    """Its time to pay is over, whether or not a job has noted that already."""
    return bool(
        registration.state == State.LAPSED or (registration.state == State.UNPAID and registration.is_expired(now))
    )


def state_words(registration: Any, now: datetime) -> tuple[str, str]:
    """Its state in words, and the tone."""
    if is_late(registration, now):
        return _("Not paid in time"), "bad"
    return registration.get_state_display(), TONES.get(State(registration.state), "calm")


def may_cancel(registration: Any, now: datetime) -> bool:
    return registration.state in MADE and not is_late(registration, now) and registration.is_cancellable(now)


def back_if_cancelled(registration: Any, tickets: Any = None) -> Money | None:
    """What would be given back for these tickets, or for all; None where nothing was paid."""
    rows = registration.tickets.all() if tickets is None else tickets
    amount = sum(ticket.price - ticket.given_back for ticket in rows)
    return Money(amount, registration.currency) if amount and registration.was_paid else None


def registration_context(registration: Any, now: datetime) -> dict[str, Any]:
    event, tz = registration.event, registration.event.tz
    words, tone = state_words(registration, now)
    tickets = list(registration.tickets.select_related("type"))
    for ticket in tickets:
        ticket.registration = registration
    due = registration.amount_due() if not is_late(registration, now) else Money(0, registration.currency)
    given_back = sum(ticket.given_back for ticket in tickets)
    return {
        "registration": registration,
        "event": event,
        "when": when_words(event),
        "where": where_words(event),
        "city": event.hall.airport.city,
        "moved_from": when(event.moved_from, tz) if event.moved_from else "",
        "state": words,
        "tone": tone,
        "is_confirmed": registration.state == State.CONFIRMED,
        "is_pending": registration.state == State.PENDING,
        "is_late": is_late(registration, now),
        "is_made": registration.state in MADE and not is_late(registration, now),
        "is_off": event.state == EventState.CANCELLED,
        "is_over": event.has_ended(now),
        "tickets": [(ticket, price_words(ticket.price, registration.currency)) for ticket in tickets],
        "price": price_words(registration.total, registration.currency),
        "due": due,
        "pay_until": clock(registration.expires_at, tz) if registration.state == State.UNPAID else "",
        "back": Money(given_back, registration.currency) if given_back else None,
        "boarding": boarding_words(registration, now),
        "may_cancel": may_cancel(registration, now),
        "cancel_until": when(registration.cancel_until, tz),
    }


def boarding_words(registration: Any, now: datetime) -> str:
    """When the linked flight boards, if that is before the event ends; "" otherwise."""
    event = registration.event
    if registration.state != State.CONFIRMED or event.state == EventState.CANCELLED or event.has_ended(now):
        return ""
    boarding = boarding_of(registration)
    return clock(boarding, event.tz) if boarding and boarding < event.ends_at else ""


def ticket_context(ticket: Any, now: datetime) -> dict[str, Any]:
    event = ticket.event
    is_valid = not ticket.is_cancelled and ticket.registration.state == State.CONFIRMED
    is_off = event.state == EventState.CANCELLED
    return {
        "ticket": ticket,
        "event": event,
        "when": when_words(event),
        "where": where_words(event),
        "city": event.hall.airport.city,
        "moved_from": when(event.moved_from, event.tz) if event.moved_from else "",
        "is_valid": is_valid and not is_off,
        "is_off": is_off,
        "is_over": event.has_ended(now),
        "qr": qr_svg(ticket.secret) if is_valid and not is_off else "",
    }


def mine_row(registration: Any, now: datetime) -> MineRow:
    event = registration.event
    words, tone = state_words(registration, now)
    count = sum(not ticket.is_cancelled for ticket in registration.tickets.all())
    is_coming = registration.state in MADE and not is_late(registration, now) and not event.has_ended(now)
    return MineRow(
        event.title,
        registration.get_absolute_url(),
        when_words(event),
        event.hall.airport.city,
        ngettext("%(count)s place", "%(count)s places", count) % {"count": count} if count else "",
        words,
        tone,
        is_coming,
    )


def waiting_row(entry: Any, now: datetime) -> MineRow:
    """A place on a waitlist, which leads to the page of its party."""
    event, words = entry.event, _("On the waitlist")
    if is_offered := entry.is_offer_open(now):
        words = _("Offered to you")
    people = ngettext("%(count)s place", "%(count)s places", entry.size) % {"count": entry.size}
    return MineRow(
        event.title,
        entry.get_absolute_url(),
        when_words(event),
        event.hall.airport.city,
        f"{people}, {entry.type.name}",
        words,
        "go" if is_offered else "calm",
        is_coming=True,
    )
