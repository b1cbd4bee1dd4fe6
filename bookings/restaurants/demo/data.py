"""Four restaurants for the demo, with their rooms, their rules, and days that are half booked.

All are made up. What chance decides is decided the same each time.
"""

import random
from datetime import time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from bookings.restaurants.models import Reservation, Restaurant, Shape, Stage, State, TableSlot, Use
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import moment_of, slots_for
from tracking.flights.models import Airport

AHEAD = 4  # days that have bookings
FULL_TODAY, FULL_TOMORROW, FULL_LATER = 0.55, 0.4, 0.15  # how much of what could be booked is

FIRST = [
    "Ada",
    "Grace",
    "Alan",
    "Mary",
    "Katherine",
    "Dorothy",
    "Edsger",
    "Barbara",
    "Donald",
    "Radia",
    "Tim",
    "Hedy",
    "Annie",
    "Claude",
    "Joan",
    "Ken",
    "Margaret",
    "Niklaus",
    "Frances",
    "Vint",
]
LAST = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Ferrari",
    "Novak",
    "Haddad",
    "Silva",
    "Kowalski",
    "Byrne",
    "Adeyemi",
    "Castillo",
    "Nguyen",
    "Weber",
    "Petrov",
    "Rossi",
    "Dubois",
    "Larsen",
    "Mendes",
    "Shah",
]
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

ROUND, SQUARE, BAR = Shape.ROUND, Shape.SQUARE, Shape.BAR


def row(letter, numbers, most, x, y, right=0, down=0, **table):
    """Tables in a row: their names, how many they seat, where the first stands, and how far it is to the next."""
    width, height = {BAR: (5, 5), ROUND: (10, 10)}.get(table.get("shape"), (9 if most <= 2 else 14, 9))
    fewest = 1 if most <= 2 else most // 2
    size = {"width": width, "height": height, "min_covers": fewest, "max_covers": most, **table}
    return [
        {"name": f"{letter}{number}", "x": x + step * right, "y": y + step * down, **size}
        for step, number in enumerate(numbers)
    ]


RESTAURANTS = [
    {
        "slug": "idlewild-kitchen",
        "name": "Idlewild Kitchen",
        "kitchen": "American",
        "where": "Terminal 5, upper level, behind security",
        "about": "What the airport was called before, and food that its first travellers would know: chowder, roast chicken, pie.",
        "phone": "+1 718 555 0142",
        "policy": "Your table is kept for 15 minutes. Change or cancel until two hours before.",
        "areas": [
            (
                "Dining room",
                150,
                90,
                [
                    *row("", (1, 2, 3, 4, 5, 6), 2, 8, 8, right=24, server="Nora"),
                    *row("", (10, 11, 12, 13), 4, 10, 36, right=36, server="Luis"),
                    *row("", (20, 21, 22), 6, 14, 66, right=46, width=22, server="Luis"),
                ],
            ),
            ("Terrace", 120, 50, row("T", (1, 2, 3), 4, 12, 20, right=38, shape=ROUND, server="Nora")),
            ("Bar", 90, 30, row("B", (1, 2, 3, 4), 1, 10, 12, right=20, shape=BAR, use=Use.WALK_IN)),
        ],
        "joins": [(("10", "11"), 5, 8), (("12", "13"), 5, 8), (("20", "21"), 7, 12), (("T1", "T2"), 5, 8)],
        "services": [
            ("Breakfast", time(6), time(10), time(11), 12, 20, [(2, 45), (100, 60)]),
            ("Lunch", time(11, 30), time(14, 30), time(16), 12, 20, [(2, 75), (4, 90), (100, 105)]),
            ("Dinner", time(17), time(21, 30), time(23, 30), 12, 20, [(2, 90), (4, 105), (100, 135)]),
        ],
    },
    {
        "slug": "jamaica-bay",
        "name": "Jamaica Bay Oyster Bar",
        "kitchen": "Seafood",
        "where": "Terminal 4, retail hall, before security",
        "about": "Twelve kinds of oysters and a view of the apron. Last orders half an hour before the kitchen closes.",
        "phone": "+1 718 555 0177",
        "policy": "Your table is kept for 15 minutes. Change or cancel until two hours before.",
        "areas": [
            ("Counter", 120, 30, row("C", range(1, 9), 1, 6, 12, right=14, shape=BAR)),
            (
                "Room",
                120,
                70,
                [
                    *row("R", (1, 2, 3, 4), 2, 8, 8, right=28, server="Sam"),
                    *row("R", (5, 6, 7), 4, 12, 36, right=36, shape=ROUND, width=14, height=14, server="Ivy"),
                    *row("R", (8,), 8, 86, 56, width=28, server="Ivy"),
                ],
            ),
        ],
        "joins": [(("R1", "R2"), 3, 4), (("R3", "R4"), 3, 4), (("C1", "C2"), 2, 2), (("C3", "C4"), 2, 2)],
        "services": [
            ("All day", time(11), time(20, 30), time(22), 8, 14, [(2, 75), (4, 90), (100, 120)]),
        ],
    },
    {
        "slug": "nonna-at-five",
        "name": "Nonna at Five",
        "kitchen": "Italian",
        "where": "Terminal 5, near gate 12",
        "about": "Pasta made in the window, and a pizza oven that came over in a freighter.",
        "phone": "+1 718 555 0119",
        "policy": "Your table is kept for 15 minutes. Change or cancel until one hour before.",
        "cancel_before": 60,
        "areas": [
            (
                "Sala",
                130,
                80,
                [
                    *row("", (1, 2, 3, 4, 5), 2, 8, 8, right=25, server="Elena"),
                    *row("", (6, 7, 8, 9), 4, 10, 34, right=31, server="Marco"),
                    *row("", (10, 11), 6, 14, 62, right=60, width=24, server="Marco"),
                ],
            ),
            ("Window", 130, 22, row("W", (1, 2, 3), 2, 8, 6, right=25, shape=ROUND, server="Elena")),
        ],
        "joins": [(("6", "7"), 5, 8), (("8", "9"), 5, 8), (("10", "11"), 7, 12)],
        "services": [
            ("Pranzo", time(11, 30), time(15), time(16, 30), 10, 16, [(2, 60), (4, 75), (100, 100)]),
            ("Cena", time(17, 30), time(22), time(23, 59), 10, 16, [(2, 90), (4, 105), (100, 120)]),
        ],
    },
    {
        "slug": "red-eye-noodles",
        "name": "Red-Eye Noodles",
        "kitchen": "Noodles",
        "where": "Terminal 8, concourse C",
        "about": "Open until the last departure has left, and often later.",
        "phone": "+1 718 555 0163",
        "policy": "Your table is kept for 10 minutes.",
        "grace": 10,
        "cancel_before": 30,
        "areas": [
            ("Bar", 100, 24, row("B", range(1, 7), 1, 6, 10, right=15, shape=BAR)),
            (
                "Booths",
                100,
                60,
                [
                    *row("", (1, 2, 3), 4, 8, 8, right=32, width=18, server="Min"),
                    *row("", (4, 5, 6), 2, 8, 36, right=32, server="Jo"),
                ],
            ),
        ],
        "joins": [(("1", "2"), 5, 8), (("4", "5"), 3, 4)],
        "services": [
            ("Day", time(10), time(16), time(17), 8, 14, [(100, 45)]),
            ("Night", time(17), time(0, 30), time(2), 8, 14, [(2, 45), (100, 60)]),
        ],
    },
]


def build():
    """The restaurants that are not there yet, and bookings for the days ahead that have none. Answers all Restaurants."""
    airport = Airport.objects.get(pk="JFK")
    restaurants = [open_restaurant(airport, **plan) for plan in RESTAURANTS]
    for restaurant in restaurants:
        half_book(restaurant)
    return restaurants


@transaction.atomic
def open_restaurant(airport, slug, areas, joins, services, **fields):
    restaurant, is_new = Restaurant.objects.get_or_create(slug=slug, defaults={"airport": airport, **fields})
    if not is_new:
        return restaurant
    named = {}
    for order, (name, width, height, tables) in enumerate(areas):
        area = restaurant.areas.create(name=name, order=order, width=width, height=height)
        for table in tables:
            named[table["name"]] = area.tables.create(**table)
    for names, fewest, most in joins:
        restaurant.joins.create(min_covers=fewest, max_covers=most).tables.set([named[name] for name in names])
    for name, begins, last, ends, online, pace, turns in services:
        times = {"begins": begins, "last": last, "ends": ends}
        service = restaurant.services.create(name=name, **times, pace_online=online, pace=pace)
        for party, minutes in turns:
            service.turns.create(party=party, minutes=minutes)
    return restaurant


@transaction.atomic
def half_book(restaurant, now=None):
    """Book its days that have no bookings yet; of today, what is past is over, and who came sits at their tables."""
    now = now or timezone.now()
    restaurant.lock()
    comes = []
    for ahead in range(AHEAD):
        day = restaurant.today(now) + timedelta(days=ahead)
        if not restaurant.reservations.filter(day=day).exists():
            chance = random.Random(f"{restaurant.slug} {day}")  # noqa: S311
            comes += fill(restaurant, day, [FULL_TODAY, FULL_TOMORROW][ahead] if ahead < 2 else FULL_LATER, chance, now)
    Reservation.objects.start_all([(reservation, tables) for reservation, tables, _came in comes])
    end([(reservation, came) for reservation, _tables, came in comes if reservation.ends_at <= now])


def fill(restaurant, day, share, chance, now):
    """Those who come on a day, as (reservation, tables, whether they do come)."""
    availability = Availability(restaurant, day, now=moment_of(0))  # as if all of the day were still to come
    for service in availability.services_on(day):
        slots, _ends = service.times(day, restaurant.tz)
        for slot in slots:
            for _try in range(3):
                if chance.random() < share and (comes := come(availability, slot, chance, now)):
                    yield comes


def come(availability, slot, chance, now):
    """A party that books this time, if there is a table for it; and how far it is with its evening by now."""
    party, channel = chance.choices(SIZES, WEIGHTS)[0], chance.choice([Use.ONLINE, Use.ONLINE, Use.IN_HOUSE])
    time = availability.find(slot, party, channel)
    tables = time and time.is_free and availability.free_tables(slot, slots_for(time.turn), party, channel)
    if not tables:
        return None
    reservation = Reservation(restaurant=availability.restaurant, channel=channel, state=State.BOOKED, **guest(chance))
    begins, ends = time.at, time.at + timedelta(minutes=time.turn)
    fate = chance.random()
    if begins <= now < ends and fate > 0.15:
        reservation.state, reservation.arrived_at, reservation.seated_at = State.SEATED, begins, begins
        reservation.stage = COURSES[int((now - begins) / (ends - begins) * len(COURSES))]
    reservation.plan(time, party)
    availability.add(reservation, tables)
    return reservation, tables, fate > 0.08


def end(over):
    """They have been here, or they have not come."""
    came = Reservation.objects.filter(pk__in=[reservation.pk for reservation, came in over if came])
    came.update(state=State.FINISHED, arrived_at=F("starts_at"), seated_at=F("starts_at"), finished_at=F("ends_at"))
    stayed_away = [reservation.pk for reservation, came in over if not came]
    Reservation.objects.filter(pk__in=stayed_away).update(state=State.NO_SHOW)
    TableSlot.objects.filter(reservation__in=[reservation.pk for reservation, _came in over]).delete()


def guest(chance):
    """Who comes, and what the house knows of them."""
    known = {
        "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "phone": f"+1 212 555 01{chance.randrange(100):02}",
    }
    if chance.random() < 0.2:
        known["notes"] = chance.choice(NOTES)
    if chance.random() < 0.1:
        known["allergies"] = chance.choice(ALLERGIES)
    return known
