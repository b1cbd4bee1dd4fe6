"""Made-up people who have booked: on the next flights of the home airport, and the customer of the demo."""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from bookings.seats.fares.quote import Party
from bookings.seats.layouts import Cabin
from bookings.seats.models import Booking, Inventory, Refused
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.holding import SALE_ENDS
from bookings.seats.models.sitting import apart

FLIGHTS = 8  # with passengers who have names
PARTIES = 10  # on each
CHECKED_IN = 0.6  # of them, so that the gates have somebody to let on board
SIZES, WEIGHTS = ((1, 0), (2, 0), (1, 1), (2, 1), (2, 2), (4, 0)), (45, 30, 8, 7, 6, 4)  # adults, children
FAMILIES = ("basic", "standard", "flex")
GIVEN = [
    "Ada", "Amara", "Björn", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ioana", "Jamal", "Kateřina", "Liam",
    "Mei", "Noor", "Omar", "Priya", "Quinn", "Rosa", "Søren", "Thị Minh", "Uma", "Viktor", "Wanjiru", "Ximena", "Zoë",
]  # fmt: skip
SURNAMES = [
    "O", "O’Brien-Smith", "Nguyễn", "Müller", "García Márquez", "Okonkwo", "Łukasiewicz", "Þórsdóttir", "Haddad", "Ito",
    "van der Berg", "Çelik", "Silva", "Kim", "Novák", "Dubois", "Johnson", "Kaur", "Rossi", "Williams",
]  # fmt: skip


def fill_next_flights(home: str, now: datetime | None = None) -> None:
    """Parties book the next flights from an airport, those that nobody has booked with us yet."""
    now = now or timezone.now()
    soon = now + SALE_ENDS + timedelta(minutes=5)
    flights = Inventory.objects.filter(flight__origin=home, flight__off_block_scheduled__gt=soon)
    for inventory in flights.order_by("flight__off_block_scheduled", "pk")[:FLIGHTS]:
        if inventory.segments.exists():
            continue
        chance = random.Random(str(inventory.flight))  # noqa: S311
        for _party in range(PARTIES):
            adults, children = chance.choices(SIZES, WEIGHTS)[0]
            booking = book([inventory], list(people(chance, adults + children)), children, chance.choice(FAMILIES))
            if booking and chance.random() < CHECKED_IN:
                check_in(booking)


def book_trips_of(user: User, home: str, now: datetime | None = None) -> None:
    """The customer has two trips, if none is there yet: one that can be checked in for, and one with somebody else later on."""
    now = now or timezone.now()
    if user.flight_bookings.exists():
        return
    me = Passenger(user.first_name, user.last_name)
    for hours, others, family in ((6, (), "standard"), (9 * 24, (Passenger("Grace", user.last_name),), "flex")):
        flights = Inventory.objects.filter(
            flight__origin=home, flight__off_block_scheduled__gt=now + timedelta(hours=hours)
        )
        for inventory in flights.order_by("flight__off_block_scheduled", "pk")[:20]:
            if book([inventory], [me, *others], 0, family, user):
                break


def book(
    inventories: Sequence[Inventory], passengers: list[Passenger], children: int, family: str, user: Any = None
) -> Booking | None:
    """A booking that is paid; None if the flight has no such seats or fares any more, or none beside an adult for a child."""
    party = Party(len(passengers) - children, children)
    email = user.email if user else ""
    try:
        keys = [inventory.pk for inventory in inventories]
        booking = Booking.objects.hold(keys, Cabin.ECONOMY, family, party, key=uuid4(), user=user)
        if any(apart(segment.inventory.plan, booking.sitting(segment, {})) for segment in booking.segments.all()):
            booking.release()
            return None
        return booking.book(passengers, email, user=user, accepted=booking.total).confirm()
    except Refused:
        return None


def check_in(booking: Booking) -> None:
    """All of a party, where check-in is open."""
    for coupon in booking.coupons().order_by("traveller__position"):
        with suppress(Refused):
            coupon.check_in(agrees=True)


def people(chance: random.Random, number: int) -> Iterator[Passenger]:
    """People of one family name."""
    surname = chance.choice(SURNAMES)
    for given in chance.sample(GIVEN, number):
        yield Passenger(given, surname)
