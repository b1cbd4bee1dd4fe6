"""From what was scanned or typed at a door to the tickets that it may mean."""

import re

from bookings.events.models import Event, Ticket
from bookings.events.models.tickets import CODE_LENGTH, QR_ALPHABET
from references import ALPHABET, LENGTH

CODE = re.compile(rf"[{QR_ALPHABET}]{{{CODE_LENGTH}}}")
REFERENCE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def code_of(text: str) -> str:
    """The code in what a scanner has read: the code alone, or an address that ends with it. static/js/events/door-list.js
    does the same."""
    return text.strip().rstrip("/").rpartition("/")[2].upper()


def tickets_of(event: Event, text: str) -> list[Ticket]:
    """One ticket by its code, of whatever event; or those of a registration for this event by its reference."""
    code = code_of(text)
    tickets = Ticket.objects.select_related("type", "event__hall", "registration")
    if CODE.fullmatch(code):
        return list(tickets.filter(secret=code))
    if REFERENCE.fullmatch(code):
        found = list(tickets.filter(event=event, registration__reference=code))
        return [ticket for ticket in found if not ticket.is_cancelled] or found[:1]
    return []
