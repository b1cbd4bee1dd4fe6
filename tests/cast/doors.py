"""Check-in lists, and scans at the doors of an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events.models import CheckInList, Scan, Ticket, Way
from bookings.events.models.scanning import Press, Queued


@pytest.fixture
def door_list(event):
    """All tickets of the event, at any time."""
    return CheckInList.objects.create(event=event, name="All tickets")


@pytest.fixture
def tickets(register):
    """``tickets(2)``: those of a confirmed registration."""
    return lambda count=1, **options: list(register(count, **options).tickets.all())


@pytest.fixture
def press(door_list, dora):
    """``press(ticket, "North")``: what a member of staff scans at a door, not recorded yet. None for a code of nobody's."""

    def make(ticket, door="North", way=Way.ENTRY, key=None, at_list=None, by=dora):
        code = ticket.secret if ticket else "NOSUCHTICKET"
        return Press(at_list or door_list, ticket and ticket.pk, key or uuid4(), door, by, way, code)

    return make


@pytest.fixture
def scan(press):
    """``scan(ticket, "North")``: scanned with the server at hand."""
    return lambda ticket, *where, **options: Scan.objects.press(press(ticket, *where, **options))


@pytest.fixture
def late(press):
    """``late(ticket, "North", at, let_in=True)``: a scan that a device sends later. Its clock is right."""

    def send(ticket, door, at, let_in=True, reason="", **options):
        return Scan.objects.take_in(press(ticket, door, **options), Queued(let_in, at, at, reason))

    return send


def people_inside(event):
    return sum(Ticket.objects.filter(event=event).values_list("people_inside", flat=True))


def ago(**time):
    return timezone.now() - timedelta(**time)
