"""Who takes part in an event, by browser: opening the link of a ticket makes a browser that of its holder."""

from typing import Any

from django.http import HttpRequest

from bookings.events.models import Event, Ticket

TICKETS = "event_tickets"  # in the session: {key of an event: token of a ticket}
MOST = 20


def remember_ticket(request: HttpRequest, ticket: Ticket) -> None:
    """The browser has opened this ticket: from now on it asks, votes and chooses as its holder."""
    others = {event: token for event, token in tickets_of(request).items() if event != str(ticket.event_id)}
    latest = dict(list(others.items())[1 - MOST :])
    request.session[TICKETS] = {**latest, str(ticket.event_id): ticket.token}


def ticket_of(request: HttpRequest, event: Event) -> Ticket | None:
    """The ticket of this browser for an event. None without one, and once it is cancelled or its link is revoked."""
    token = tickets_of(request).get(str(event.pk))
    if token is None:
        return None
    found: Ticket | None = Ticket.objects.valid().filter(event=event.pk).with_token(token).first()
    return found


def tickets_of_account(request: HttpRequest, event: Event) -> list[Ticket]:
    """The tickets that the account of this browser has registered for. It takes part once the link of one was opened."""
    if not request.user.is_authenticated:
        return []
    found = Ticket.objects.valid().filter(event=event, registration__user=request.user).select_related("registration")
    return list(found.order_by("registration", "position")[:MOST])


def tickets_of(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.session.get(TICKETS, {})
    return found
