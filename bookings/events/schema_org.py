"""Events and registrations as programs read them: Event and EventReservation of schema.org. Imports no model."""

from collections.abc import Iterable
from typing import Any

from links.tokens import absolute
from money import Money

CONTEXT = "https://schema.org"
AVAILABLE = {
    "free": "InStock",
    "held": "LimitedAvailability",
    "kept": "SoldOut",
    "unpaid": "LimitedAvailability",
    "gone": "SoldOut",
}
RESERVED = {"confirmed": "ReservationConfirmed", "pending": "ReservationPending", "unpaid": "ReservationPending"}


def event_of(event: Any) -> dict[str, Any]:
    """What an event and a reservation of it have in common. Times have the offset of the venue."""
    found = {
        "@type": "Event",
        "name": event.title,
        "startDate": local(event.starts_at, event),
        "endDate": local(event.ends_at, event),
        "eventStatus": f"{CONTEXT}/{status_of(event)}",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": event.hall.name,
            "address": f"{event.hall.where}, {event.hall.airport.name}, {event.hall.airport.city}",
        },
        "url": absolute(event.get_absolute_url()),
    }
    return found | ({"previousStartDate": local(event.moved_from, event)} if event.moved_from else {})


def status_of(event: Any) -> str:
    if event.state == "cancelled":
        return "EventCancelled"
    return "EventRescheduled" if event.moved_from else "EventScheduled"


def page_data(event: Any, types: Iterable[Any], left: Any, size: int, is_open: bool) -> dict[str, Any]:
    """An event with what is offered, for its page. ``types``: rows of attendees.left; ``left``: of all types together."""
    found = {"@context": CONTEXT, **event_of(event), "maximumAttendeeCapacity": size}
    if is_open:
        found["remainingAttendeeCapacity"] = left.count
    if event.about:
        found["description"] = event.about
    found["offers"] = [offer_of(event, row) for row in types]
    return found


def offer_of(event: Any, row: Any) -> dict[str, Any]:
    """A ticket type. What is not on sale yet is a PreOrder only where the sale is still to come."""
    is_to_come = row.left.state == "closed" and row.sale_begins is not None
    availability = "PreOrder" if is_to_come else AVAILABLE.get(row.left.state, "SoldOut")
    offer = {
        "@type": "Offer",
        "name": row.name,
        "price": str(Money(row.amount, event.currency).units),
        "priceCurrency": event.currency,
        "availability": f"{CONTEXT}/{availability}",
        "url": absolute(event.get_absolute_url()),
    }
    return offer | ({"validFrom": local(row.sale_begins, event)} if row.sale_begins else {})


def reservations_of(registration: Any) -> list[dict[str, Any]]:
    """One for each ticket, for a mail. The token of the code is what the door reads."""
    is_confirmed = registration.state == "confirmed"
    return [
        {
            "@context": CONTEXT,
            "@type": "EventReservation",
            "reservationNumber": f"{registration.reference}-{ticket.position}",
            "reservationStatus": f"{CONTEXT}/{RESERVED.get(registration.state, 'ReservationCancelled')}",
            "underName": {"@type": "Person", "name": ticket.name or registration.name},
            "reservationFor": event_of(registration.event),
            "numSeats": 1,
            "totalPrice": str(Money(ticket.price, registration.currency).units),
            "priceCurrency": registration.currency,
            "url": absolute(registration.get_absolute_url()),
            **({"ticketToken": f"qrCode:{ticket.secret}"} if is_confirmed else {}),
        }
        for ticket in registration.tickets.all()
        if not ticket.is_cancelled or not is_confirmed
    ]


def local(moment: Any, event: Any) -> str:
    return str(moment.astimezone(event.tz).isoformat(timespec="seconds"))
