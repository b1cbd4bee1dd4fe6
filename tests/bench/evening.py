"""An event whose guests come in, for the bench, in the database of the process that imports this."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from bookings.events.models import Event, EventState, Hall, Registration, Scan, State, Ticket, TicketType
from tests.bench.people import session_of
from tracking.flights.models import Airport

DOORS, PARTY = 4, 4


def fill():
    """A hall with a fire limit that nobody reaches, so that people are counted at each scan."""
    if Event.objects.exists():
        return
    now = timezone.now()
    hall = Hall.objects.create(
        slug="bench", name="Bench Hall", airport=Airport.objects.first(), where="Gate", fire_limit=10**6
    )
    times = {"starts_at": now, "ends_at": now + timedelta(days=1)}
    event = Event.objects.create(slug="bench", title="Bench", hall=hall, state=EventState.PUBLISHED, **times)
    TicketType.objects.create(event=event, name="Adult")
    event.lists.create(name="All tickets")


def guests(count):
    """So many tickets, as codes; the people at the doors, by their cookies; and where they scan."""
    event, type_ = Event.objects.get(), TicketType.objects.get()
    parties = Registration.objects.bulk_create(
        Registration(
            event=event, state=State.CONFIRMED, currency="USD", reference=f"B{number:05}", key=uuid4(), revision=1
        )
        for number in range(-(-count // PARTY))
    )
    tickets = Ticket.objects.bulk_create(
        Ticket(event=event, type=type_, registration=parties[number // PARTY], position=number % PARTY, name="Ada")
        for number in range(count)
    )
    people = [User.objects.create_user(f"door{number}@bench.example") for number in range(DOORS)]
    event.door_staff.add(*people)
    return {
        "codes": [ticket.secret for ticket in tickets],
        "cookies": [session_of(person) for person in people],
        "path": f"/events/bench/door/{event.lists.get().pk}/scan/",
    }


def inside():
    """How many people are inside, and how many entries there are; nobody has come in twice."""
    entries = Scan.objects.filter(let_in=True)
    tickets = entries.values("ticket").distinct().count()
    return {"inside": Ticket.objects.filter(is_inside=True).count(), "entries": entries.count(), "tickets": tickets}


def bare():
    """The same two rows: without a session, forms, rules, a lock, a count, or anybody who is told."""
    ticket, now = Ticket.objects.order_by("?").first(), timezone.now()
    with transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(is_inside=True)
        list_ = Event.objects.get().lists.get()
        values = {"door": "Bare", "scanned_at": now, "received_at": now, "let_in": False}
        Scan.objects.create(key=uuid4(), list=list_, ticket=ticket, **values)
    return {"end": "done"}
