"""Made-up guests of the demo, and the bookings with which its days begin. The same seed gives the same guests."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from bookings.restaurants.models import Reservation, Restaurant, Stage, State, TableSlot, Use
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Tables
from bookings.restaurants.models.slots import moment_of, slots_for

DAYS = 4  # today and the days after it that have bookings
SHARES = [0.55, 0.4, 0.15, 0.15]  # the share of the times of each day for which a party tries to book
SHARE_LATE, SHARE_NO_SHOW = 0.15, 0.08  # of all parties; those that do not come are late too

FIRST = [
    "Ada", "Grace", "Alan", "Mary", "Katherine", "Dorothy", "Edsger", "Barbara", "Donald", "Radia",
    "Tim", "Hedy", "Annie", "Claude", "Joan", "Ken", "Margaret", "Niklaus", "Frances", "Vint",
]  # fmt: skip
LAST = [
    "Okafor", "Lindqvist", "Moreau", "Tanaka", "Ferrari", "Novak", "Haddad", "Silva", "Kowalski", "Byrne",
    "Adeyemi", "Castillo", "Nguyen", "Weber", "Petrov", "Rossi", "Dubois", "Larsen", "Mendes", "Shah",
]  # fmt: skip
NOTES = [
    "Window, if there is one",
    "Flight at 21:40: needs the bill early",
    "Birthday: a candle, please",
    "With a pram",
    "Comes with a lot of luggage",
    "Wheelchair",
]
ALLERGIES = ["Peanuts", "Gluten", "Shellfish", "Lactose"]
SIZES, WEIGHTS = [1, 2, 3, 4, 5, 6, 8], [14, 44, 10, 20, 4, 6, 2]
COURSES = [Stage.NONE, Stage.ORDERED, Stage.STARTERS, Stage.MAINS, Stage.DESSERT, Stage.BILL]


Planned = tuple[Reservation, Tables, bool]  # a reservation, its tables, whether its guests come


@transaction.atomic
def half_book(restaurant: Restaurant, now: datetime | None = None) -> None:
    """Book those of its days that have no bookings. At what has begun today guests are seated, or have left already."""
    now = now or timezone.now()
    restaurant.lock()
    planned: list[Planned] = []
    for ahead in range(DAYS):
        day = restaurant.today(now) + timedelta(days=ahead)
        if not restaurant.reservations.filter(day=day).exists():
            chance = random.Random(f"{restaurant.slug} {day}")  # noqa: S311
            planned += bookings_of(restaurant, day, SHARES[ahead], chance, now)
    Reservation.objects.start_all([(reservation, tables) for reservation, tables, _come in planned])
    end([(reservation, come) for reservation, _tables, come in planned if reservation.ends_at <= now])


def bookings_of(
    restaurant: Restaurant, day: date, share: float, chance: random.Random, now: datetime
) -> Iterator[Planned]:
    availability = Availability(restaurant, day, now=moment_of(0))  # with the times that have passed today
    for service in availability.services_on(day):
        slots, _ends = service.times(day, restaurant.tz)
        for slot in slots:
            for _try in range(3):
                if chance.random() < share and (planned := booking_at(availability, slot, chance, now)):
                    yield planned


def booking_at(availability: Availability, slot: int, chance: random.Random, now: datetime) -> Planned | None:
    """A random party that books this slot, unsaved; None if there is no table for it. It may be seated by now."""
    party, channel = random_party(chance), chance.choice([Use.ONLINE, Use.ONLINE, Use.IN_HOUSE])
    time = availability.find(slot, party, channel)
    tables = time and time.is_free and availability.free_tables(slot, slots_for(time.turn), party, channel)
    if not tables:
        return None
    guest = random_guest(chance)
    reservation = Reservation(restaurant=availability.restaurant, channel=channel, state=State.BOOKED, **guest)
    begins, ends = time.at, time.at + timedelta(minutes=time.turn)
    fate = chance.random()
    if begins <= now < ends and fate > SHARE_LATE:
        reservation.state, reservation.arrived_at, reservation.seated_at = State.SEATED, begins, begins
        reservation.stage = COURSES[int((now - begins) / (ends - begins) * len(COURSES))]
    reservation.plan(time, party)
    availability.add(reservation, tables)
    return reservation, tables, fate > SHARE_NO_SHOW


def end(past: Iterable[tuple[Reservation, bool]]) -> None:
    """Finish the reservations whose guests came, and mark the others as no-shows."""
    past = list(past)
    came = Reservation.objects.filter(pk__in=[reservation.pk for reservation, came in past if came])
    came.update(state=State.FINISHED, arrived_at=F("starts_at"), seated_at=F("starts_at"), finished_at=F("ends_at"))
    no_shows = [reservation.pk for reservation, came in past if not came]
    Reservation.objects.filter(pk__in=no_shows).update(state=State.NO_SHOW)
    TableSlot.objects.filter(reservation__in=[reservation.pk for reservation, _came in past]).delete()


def random_party(chance: random.Random) -> int:
    return chance.choices(SIZES, WEIGHTS)[0]


def random_guest(chance: random.Random) -> dict[str, str]:
    """A guest's name and telephone number; some have notes or allergies."""
    guest = {
        "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "phone": f"+1 212 555 01{chance.randrange(100):02}",
    }
    if chance.random() < 0.2:
        guest["notes"] = chance.choice(NOTES)
    if chance.random() < 0.1:
        guest["allergies"] = chance.choice(ALLERGIES)
    return guest
