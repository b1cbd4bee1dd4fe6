"""Mail to attendees: which change writes which. Called inside the verb's transaction, so a mail says what is committed with it;
imports no model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override

from bookings.events.calendar import entry_for, entry_of_former_holder
from bookings.events.schema_org import reservations_of
from bookings.events.times import when_words
from clocks import when
from links.tokens import absolute
from money import Money
from post.calendars import Entry, calendar_attachment
from post.mail import post

FOLDER = "events/attendees/mail"
BY_STATE = {
    "pending": "received",
    "unpaid": "to_pay",
    "confirmed": "confirmed",
    "declined": "declined",
    "lapsed": "lapsed",
    "cancelled": "cancelled",
}


def notify(registration: Any, verb: str, was: Mapping[str, str]) -> None:
    """Write the mails that follow from a verb. ``was``: the fields that it changed, as they were before."""
    if registration.booked_at is None:
        return  # a hold, or an offer: nobody has sent the form yet
    if verb == "transfer":
        write_transferred_away(registration, was.get("email", ""), was.get("name", ""))
    if name := mail_of(registration, verb, was):
        write(registration, name)
    if registration.state == "confirmed" and ("state" in was or verb == "change"):
        write_tickets(registration, was)
    if verb in ("cancel_ticket", "cancel", "call_off"):
        write_lost_tickets(registration)


def mail_of(registration: Any, verb: str, was: Mapping[str, str]) -> str:
    """The mail of a change to who registered, "" for none."""
    if "state" in was:
        return BY_STATE.get(registration.state, "")
    if verb == "transfer":
        return "transferred"
    if verb == "cancel_ticket":
        return "ticket_cancelled"
    if verb == "change":
        return "confirmed" if "email" in was and registration.state == "confirmed" else ""
    return "link" if "link_version" in was else ""


def write(registration: Any, name: str, **more: Any) -> None:
    """Write one mail to who registered, with the calendar file of their own ticket where that follows from it."""
    if not registration.email:
        return
    with override(registration.language):
        rows = with_event(registration, all_tickets(registration))
        entry = own_entry(registration, name, rows)
        post(
            f"{FOLDER}/{name}",
            registration.email,
            context_of(registration, rows) | more,
            registration.language,
            calendar_attachment(entry, registration.reference) if entry else None,
            about=registration,
            data=reservations_of(registration) if name in ("confirmed", "transferred", "moved", "cancelled") else None,
        )


def own_entry(registration: Any, name: str, rows: list[Any]) -> Entry | None:
    """The calendar entry of the first ticket, which is that of who registered: others have theirs on the pages of their tickets."""
    if registration.confirmed_at is None or name not in ("confirmed", "transferred", "moved", "cancelled", "link"):
        return None
    ticket = live_or_all(rows)[0]
    return entry_for(ticket, registration.email, ticket.name or registration.name)


def all_tickets(registration: Any) -> list[Any]:
    return list(registration.tickets.select_related("type"))


def live_or_all(rows: list[Any]) -> list[Any]:
    return [ticket for ticket in rows if not ticket.is_cancelled] or rows


def with_event(registration: Any, tickets: list[Any]) -> list[Any]:
    for ticket in tickets:
        ticket.registration, ticket.event = registration, registration.event
    return tickets


def write_tickets(registration: Any, was: Mapping[str, str]) -> None:
    """To people other than who registered, whose address is known: each their own ticket; after a change, to those whose
    name or address it changed."""
    for ticket in with_event(registration, live_or_all(all_tickets(registration))):
        is_news = "state" in was or ticket.pk in registration.changed_tickets
        if is_news and ticket.email and ticket.email != registration.email:
            write_to_holder(ticket, "ticket")


def write_lost_tickets(registration: Any) -> None:
    """To such people, when their ticket has just been cancelled."""
    if registration.confirmed_at is None:
        return
    lost = registration.tickets.filter(cancelled_at=registration.capacity.now).select_related("type")
    for ticket in with_event(registration, list(lost)):
        if ticket.email and ticket.email != registration.email:
            write_to_holder(ticket, "ticket_lost")


def write_to_holder(ticket: Any, name: str) -> None:
    registration = ticket.registration
    with override(registration.language):
        context = context_of(registration, with_event(registration, all_tickets(registration))) | {
            "ticket": ticket.name,
            "link": absolute(ticket.get_absolute_url()) if name == "ticket" else "",
        }
        file = calendar_attachment(entry_for(ticket, ticket.email, ticket.name), registration.reference)
        post(f"{FOLDER}/{name}", ticket.email, context, registration.language, file, about=registration)


def write_transferred_away(registration: Any, email: str, name: str) -> None:
    """To who had it before: their tickets and links are worthless, and the event leaves their calendar."""
    if not email or email == registration.email:
        return
    rows = with_event(registration, all_tickets(registration))
    ticket = live_or_all(rows)[0]
    with override(registration.language):
        file = calendar_attachment(entry_of_former_holder(ticket, email, name), registration.reference)
        context = context_of(registration, rows) | {"link": "", "tickets": []}
        post(f"{FOLDER}/transferred_away", email, context, registration.language, file, about=registration)


def write_moved(registration: Any, since: datetime | None, hall: str) -> None:
    """The event has another time or place than when they were told last: ``since`` is when it was to begin then, ``hall`` where."""
    event = registration.event
    with override(registration.language):
        before = when(since, event.tz) if since else ""
    write(registration, "moved", before=before, hall_before=hall)


def context_of(registration: Any, rows: list[Any]) -> dict[str, Any]:
    """``rows``: all of its tickets, with their event."""
    event = registration.event
    back = sum(ticket.given_back for ticket in rows)
    return {
        "registration": registration,
        "name": registration.name,
        "reference": registration.reference,
        "event": event.title,
        "when": when_words(event),
        "city": event.hall.airport.city,
        "where": f"{event.hall.name}, {event.hall.where}, {event.hall.airport.name}",
        "price": Money(registration.total, registration.currency) if registration.total else "",
        "back": Money(back, registration.currency) if back else "",
        "reason": registration.reason,
        "pay_until": when(registration.expires_at, event.tz) if registration.expires_at else "",
        "tickets": [
            (ticket.name or registration.name, ticket.type.name, absolute(ticket.get_absolute_url()))
            for ticket in rows
            if not ticket.is_cancelled
        ],
        "link": absolute(registration.get_absolute_url()),
        "page": absolute(event.get_absolute_url()),
    }
