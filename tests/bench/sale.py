"""An event that sells out for the bench, in the database of the process that imports this."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from bookings.events.models import (
    Capacity,
    Event,
    EventState,
    Hall,
    Place,
    Registration,
    State,
    Ticket,
    TicketType,
    Use,
)
from bookings.events.models.auditing import audit
from tests.bench.servers import usage
from tracking.flights.models import Airport

SITE, BARE = "bench", "bench-bare"  # by the site, and by the bare view
PEOPLE = ("Ada", "Grace", "Hedy", "Emmy")


def fill():
    """Two events of one free ticket type each, whose quotas are empty yet."""
    if Event.objects.exists():
        return
    now = timezone.now()
    hall = Hall.objects.create(slug="bench", name="Bench Hall", airport=Airport.objects.first(), where="Gate")
    times = {"starts_at": now + timedelta(days=1), "ends_at": now + timedelta(days=1, hours=2)}
    for slug in (SITE, BARE):
        event = Event.objects.create(slug=slug, title="Bench", hall=hall, state=EventState.PUBLISHED, **times)
        event.quotas.create(name="All", size=0).types.add(TicketType.objects.create(event=event, name="Adult"))


def on_sale(places):
    """So many places of each. Answers the page of the event, and the key of its ticket type."""
    for event in Event.objects.all():
        with transaction.atomic():
            Capacity.locked(event, timezone.now()).resize(event.quotas.get().pk, places)
    return {"path": f"/events/{SITE}/", "type": TicketType.objects.get(event__slug=SITE).pk}


def sold():
    """What both have sold, what does not add up, and the seconds of CPU that were used so far."""
    places = Place.objects.filter(use=Use.SOLD)
    wrong = [sentence for event in Event.objects.filter(slug=SITE) for sentence in audit(event)]
    found = {slug: places.filter(event__slug=slug).count() for slug in (SITE, BARE)}
    return {"site": found[SITE], "bare": found[BARE], "wrong": wrong, **usage()}


def bare(count):
    """The same rows under the same lock, without forms, sessions, history, mail, or anybody who is told."""
    event = Event.objects.get(slug=BARE)
    with transaction.atomic():
        [quota] = event.quotas.select_for_update()
        if quota.size - Place.objects.filter(event=event).count() < count:
            return {"end": "gone"}
        type_ = TicketType.objects.get(event=event)
        values = {"currency": "USD", "name": "Ada", "email": "ada@example.org", "revision": 1}
        party = Registration.objects.create(event=event, state=State.CONFIRMED, key=uuid4(), **values)
        places = Place.objects.bulk_create(
            Place(event=event, type=type_, use=Use.SOLD, registration=party) for _place in range(count)
        )
        Ticket.objects.bulk_create(
            Ticket(event=event, type=type_, registration=party, place=place, position=position, name=PEOPLE[position])
            for position, place in enumerate(places)
        )
        quota.taken += count
        quota.save(update_fields=["taken"])
    return {"end": "booked"}


def answers(places):
    """What the bench may ask of this process."""
    return {
        "on_sale": lambda: on_sale(places),
        "sold": sold,
        "usage": usage,
        **{f"bare{count}": lambda count=count: bare(count) for count in range(1, 5)},
    }
