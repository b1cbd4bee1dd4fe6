"""How full the flights of the demo are. The same flight is always as full, by a hash of its identity."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from bookings.seats.layouts import Cabin, Layout

SHARES = (0.85, 0.7, 0.5, 0.35, 0.2, 0.2, 0.2)  # of the seats that are sold in the end, by days to the departure
NEXT_WEEK, LATER = 0.03, 0.01
POPULAR, POPULAR_SHARES = (
    0.1,
    (0.5, 0.97),
)  # the share of flights that sell early, and how full they are two weeks ahead
FULL = 0.04  # the share of flights of the next days that have two or three seats left, or none
RANKS, WEIGHTS = (0, 1, 2), (6, 3, 1)  # of fare families, the lowest first


def sold_seats(flight: Any, layout: Layout, days: int) -> Iterator[tuple[str, str, int]]:
    """(seat, cabin, rank of the fare family) of what others have sold until now of a flight that departs in so many days."""
    chance = random.Random(f"{flight.airline} {flight.number} {flight.origin} {flight.date} load")  # noqa: S311
    is_full = days < len(SHARES) and chance.random() < FULL
    share = SHARES[days] if days < len(SHARES) else NEXT_WEEK if days < 14 else LATER
    share *= chance.uniform(0.45, 1)
    if chance.random() < POPULAR and days < 14:
        share = chance.uniform(*POPULAR_SHARES)
    for cabin, seats in seats_of(layout):
        number = len(seats) - chance.randrange(4) if is_full else round(len(seats) * share)
        if cabin != Cabin.ECONOMY and not is_full:
            number = number * 2 // 3
        chosen = chance.sample(seats, min(number, len(seats)))
        for seat, rank in zip(chosen, chance.choices(RANKS, WEIGHTS, k=len(chosen)), strict=True):
            yield seat, cabin.value, rank


@cache
def seats_of(layout: Layout) -> list[tuple[Cabin, list[str]]]:
    """The seats of each cabin."""
    return [(cabin, [seat.code for seat in layout.in_cabin(cabin)]) for cabin in layout.cabins]
