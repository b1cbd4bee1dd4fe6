"""How full the flights of the demo are. The same flight is always as full, by a hash of its identity."""

import random
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from bookings.seats.layouts import Cabin, Layout, layout
from bookings.seats.models import Assignment, Inventory

SHARES = (0.85, 0.7, 0.5, 0.35, 0.2, 0.2, 0.2)  # of the seats that are sold in the end, by days to the departure
NEXT_WEEK, LATER = 0.06, 0.02
FULL = 0.04  # the share of flights of the next days that have two or three seats left, or none
RANKS, WEIGHTS = (0, 1, 2), (6, 3, 1)  # of fare families, the lowest first


class Sold(NamedTuple):
    """A seat that others have sold: the columns of its assignment."""

    inventory: int
    seat: str
    cabin: str
    rank: int
    reason: str = ""


def save_sold(inventories: Iterable[Inventory], days: int) -> None:
    """Sell seats of flights that depart in so many days.

    There are more than half a million of them: without the models that takes a fifth of the time.
    """
    meta: Any = Assignment._meta
    columns = [meta.get_field(name).column for name in Sold._fields]
    sold = [seat for inventory in inventories for seat in sold_seats(inventory, layout(inventory.layout), days)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",  # noqa: S608
            sold,
        )


def sold_seats(inventory: Inventory, layout: Layout, days: int) -> Iterator[Sold]:
    """The seats of a flight that others have sold until now; it departs in so many days."""
    flight = inventory.flight
    chance = random.Random(f"{flight.airline_id} {flight.number} {flight.origin_id} {flight.date} load")  # noqa: S311
    is_full = days < len(SHARES) and chance.random() < FULL
    share = SHARES[days] if days < len(SHARES) else NEXT_WEEK if days < 14 else LATER
    share *= chance.uniform(0.45, 1)
    for cabin in layout.cabins:
        seats = [seat.code for seat in layout.in_cabin(cabin)]
        number = len(seats) - chance.randrange(4) if is_full else round(len(seats) * share)
        if cabin != Cabin.ECONOMY and not is_full:
            number = number * 2 // 3
        chosen = chance.sample(seats, min(number, len(seats)))
        for seat, rank in zip(chosen, chance.choices(RANKS, WEIGHTS, k=len(chosen)), strict=True):
            yield Sold(inventory.pk, seat, cabin.value, rank)
