"""The guest list: who has registered, found by what one remembers, and as a table for a spreadsheet."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bookings.events.models import Event, State, Ticket
from bookings.events.organisers.access import guests_of
from clocks import recent

MOST_WORDS = 8  # of a search that count

TONES = {
    State.CONFIRMED: "good",
    State.PENDING: "warn",
    State.UNPAID: "warn",
    State.DECLINED: "bad",
    State.LAPSED: "calm",
    State.CANCELLED: "bad",
}


class GuestRow(NamedTuple):
    id: int
    event: str
    name: str
    reference: str
    people: str  # the others of the party
    types: str
    state: str
    tone: str
    price: str
    contact: str
    since: str
    is_inside: bool


def found(event: Event, filters: Mapping[str, str]) -> Any:
    """The registrations that a search finds. ``q``: a part of a name, an address or a reference; ``state``, ``type``."""
    rows = guests_of(event)
    for word in filters.get("q", "").split()[:MOST_WORDS]:
        people = Ticket.objects.filter(
            event=event, name__icontains=word
        )  # no join: each would multiply the rows of a party
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(phone__icontains=word)
            | Q(reference__iexact=word)
            | Q(pk__in=people.values("registration"))
        )
    if (state := filters.get("state", "")) in State.values:
        rows = rows.filter(state=state)
    if (type_ := filters.get("type", "")).isdecimal() and len(type_) < 18:
        rows = rows.filter(tickets__type=int(type_), tickets__cancelled_at=None)
    return rows.distinct().order_by("name", "pk").prefetch_related("tickets__type")


def guest_row(registration: Any) -> GuestRow:
    tickets = [ticket for ticket in registration.tickets.all() if not ticket.is_cancelled]
    names = [ticket.name for ticket in tickets if ticket.name and ticket.name != registration.name]
    counts: dict[str, int] = {}
    for ticket in tickets:
        counts[str(ticket.type)] = counts.get(str(ticket.type), 0) + 1
    tz = registration.event.tz
    return GuestRow(
        registration.pk,
        registration.event.slug,
        registration.name,
        registration.reference,
        ", ".join(names),
        ", ".join(f"{count} × {name}" for name, count in counts.items()),
        str(registration.get_state_display()),
        TONES.get(State(registration.state), "calm"),
        registration.price.format() if registration.total else "",
        " ".join(filter(None, (registration.email, registration.phone))),
        recent(registration.booked_at, tz),
        any(ticket.is_inside for ticket in tickets),
    )


def totals(event: Event) -> list[tuple[State, int]]:
    """How many registrations are in which state, as ``(state, number)``; none of the states that nobody is in."""
    counts = dict(guests_of(event).order_by().values_list("state").annotate(Count("pk")))
    return [(state, counts[state]) for state in TONES if state in counts]


def table(registrations: Iterable[Any], questions: Iterable[Any], now: datetime) -> tuple[list[str], list[list[Any]]]:
    """The header and a row for each ticket, with the answers that are not deleted yet."""
    asked = list(questions)
    header = [
        *(_("Name"), _("Ticket type"), _("State"), _("Registration"), _("Registered by"), _("E-mail"), _("Phone")),
        *(_("Price"), _("Currency"), _("Voucher"), _("Inside")),
        *(question.text for question in asked),
    ]
    rows = []
    for registration in registrations:
        is_due = registration.event.answers_until <= now
        for ticket in registration.tickets.all():
            state = _("Cancelled") if ticket.is_cancelled else registration.get_state_display()
            answers = {} if is_due else {answer.question_id: answer.text for answer in ticket.answers.all()}
            rows.append(
                [
                    *(ticket.name, ticket.type, state, registration.reference, registration.name, registration.email),
                    *(registration.phone, registration.price_of(ticket).number(), registration.currency),
                    *(registration.voucher or "", _("yes") if ticket.is_inside else ""),
                    *(answers.get(question.pk, "") for question in asked),
                ]
            )
    return header, rows
