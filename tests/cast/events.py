"""A hall, an event in it two days ahead, its staff, and registrations."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from payments import PaymentStatus

from accounts.models import User
from bookings.events.models import Event, EventState, Hall, Quota, Registration, TicketType, WaitlistEntry
from checkout.models import Payment
from strangers import contact_of


def person(email, name):
    return User.objects.create_user(email, first_name=name)


@pytest.fixture
def orla(db):
    """She organises the event."""
    return person("orla@example.org", "Orla")


@pytest.fixture
def oscar(db):
    """He organises it with her."""
    return person("oscar@example.org", "Oscar")


@pytest.fixture
def dora(db):
    """She is at its door, and can only check people in."""
    return person("dora@example.org", "Dora")


@pytest.fixture
def hall(airports):
    return Hall.objects.create(
        slug="concourse-hall", name="Concourse Hall", airport=airports["JFK"], where="Terminal 5"
    )


@pytest.fixture
def make_event(hall, orla, oscar, dora):
    """``make_event(size=10, types={"Adult": 0, "Child": 0}, **fields)``: published, in two days, for two hours. All its types
    share one quota of that size. Prices are minor units."""

    def make(size=10, types=None, slug="concert", hours_ahead=48, **fields):
        starts = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=hours_ahead)
        values = {
            "slug": slug,
            "title": "Concert",
            "hall": hall,
            "state": EventState.PUBLISHED,
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            **fields,
        }
        event = Event.objects.create(**values)
        event.organisers.add(orla, oscar)
        event.door_staff.add(dora)
        quota = Quota.objects.create(event=event, name="Hall", size=size)
        for position, (name, price) in enumerate((types or {"Adult": 0}).items()):
            type_ = TicketType.objects.create(event=event, name=name, price=price, position=position)
            type_.quotas.add(quota)
        return event

    return make


@pytest.fixture
def event(make_event):
    """Ten places, free of charge."""
    return make_event()


@pytest.fixture
def hold_places(event):
    """``hold_places(2)``, ``hold_places({"Adult": 1, "Child": 2}, event=…)``: as an attendee's browser does."""

    def make(count=1, event=event, **options):
        wanted = {event.types.first().name: count} if isinstance(count, int) else count
        keys = {type_.name: type_.pk for type_ in event.types.all()}
        options = {"key": uuid4(), **options}
        return Registration.objects.hold(event, {keys[name]: number for name, number in wanted.items()}, **options)

    return make


@pytest.fixture
def register(hold_places):
    """``register(2, name="Ada", event=…)``: held and booked; confirmed where it is free, paid for with ``is_paid=True``."""

    def make(count=1, name="Ada", email="ada@example.org", is_paid=False, **options):
        registration = hold_places(count, **options)
        registration.book(name, email)
        registration.tickets.update(name=name)
        if is_paid:
            pay_for(registration)
        return registration

    return make


@pytest.fixture
def wait_for(event):
    """``wait_for(3, "Gina")``: a party on the waitlist, for the first ticket type. It is not served by this."""

    def make(size=1, name="Wim", event=event, type_=None, least=None, minutes_ago=0, **fields):
        email = fields.pop("email", f"{name.lower()}@example.org")
        entry = WaitlistEntry(
            event=event,
            type=type_ or event.types.first(),
            size=size,
            least=least or size,
            name=name,
            email=email,
            contact=contact_of(email),
            made_at=timezone.now() - timedelta(minutes=minutes_ago),
            **fields,
        )
        return entry.begin("join")

    return make


def pay_for(registration):
    """A payment of what is owed, that has come."""
    money = registration.amount_due()
    payment = Payment.objects.create(
        thing=registration,
        variant="demo",
        status=PaymentStatus.CONFIRMED,
        amount=money.amount,
        currency=money.currency,
        total=money.units,
        captured_amount=money.units,
        settled_at=timezone.now(),
        description=str(registration),
    )
    registration.confirm()
    return payment
