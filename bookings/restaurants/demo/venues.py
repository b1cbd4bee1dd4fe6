"""The four restaurants of the demo, all made up: their rooms and their rules."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.db import transaction

from bookings.restaurants.models import Restaurant, Shape, Use
from tracking.flights.models import Airport

ROUND, SQUARE, BAR = Shape.ROUND, Shape.SQUARE, Shape.BAR


def row(
    letter: str, numbers: Iterable[int], covers: int, x: int, y: int, right: int = 0, **table: Any
) -> list[dict[str, Any]]:
    """The fields of tables in a row. The first stands at x, y; each other one is ``right`` steps further."""
    width, height = {BAR: (5, 5), ROUND: (10, 10)}.get(table.get("shape", SQUARE), (9 if covers <= 2 else 14, 9))
    min_covers = 1 if covers <= 2 else covers // 2
    size = {"width": width, "height": height, "min_covers": min_covers, "max_covers": covers, **table}
    return [{"name": f"{letter}{number}", "x": x + step * right, "y": y, **size} for step, number in enumerate(numbers)]


# Areas: name, width, height, tables. Joins: names of tables, minimum and maximum party. Services: name, first guests, last
# guests, end, online covers and all covers per 15 minutes, turn times (party up to, minutes).
RESTAURANTS: list[dict[str, Any]] = [
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


def open_restaurants() -> list[Restaurant]:
    """All restaurants of the demo. Those that are missing are made; the others stay as they are."""
    airport = Airport.objects.get(pk="JFK")
    return [open_restaurant(airport, **plan) for plan in RESTAURANTS]


@transaction.atomic
def open_restaurant(
    airport: Airport, slug: str, areas: list[Any], joins: list[Any], services: list[Any], **fields: Any
) -> Restaurant:
    restaurant, is_new = Restaurant.objects.get_or_create(slug=slug, defaults={"airport": airport, **fields})
    if not is_new:
        return restaurant
    named = {}
    for order, (name, width, height, tables) in enumerate(areas):
        area = restaurant.areas.create(name=name, order=order, width=width, height=height)
        for table in tables:
            named[table["name"]] = area.tables.create(**table)
    for names, min_covers, max_covers in joins:
        join = restaurant.joins.create(min_covers=min_covers, max_covers=max_covers)
        join.tables.set([named[name] for name in names])
    for name, begins, last, ends, online, pace, turns in services:
        times = {"begins": begins, "last": last, "ends": ends}
        service = restaurant.services.create(name=name, **times, pace_online=online, pace=pace)
        for party, minutes in turns:
            service.turns.create(party=party, minutes=minutes)
    return restaurant
