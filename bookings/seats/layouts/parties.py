"""The search behind ``choosing.together``: rows as strings of cells, and the best way to seat adults and children in them.

Costs are tuples that add up; the smaller is better. They are, in this order: children who are beside no adult, rows, rows
from the first to the last, breaks between seats, seats that cost extra, and single seats left over (more than before).
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from bookings.seats.layouts.aircraft import Layout
from bookings.seats.layouts.cells import Kind, Row

Cost = tuple[int, ...]
NOTHING: Cost = (0, 0, 0, 0, 0, 0)
MORE_SPAN: Cost = (0, 0, 1, 0, 0, 0)
SEAT = {"f": 0, "p": 1, "e": 3, "t": 0}  # free, free for more, free at an exit, taken → what it costs to give it away


class Plan(NamedTuple):
    cost: Cost
    seats: tuple[tuple[str, str], ...]  # (code, a or c)

    @property
    def apart(self) -> int:
        return self.cost[0]


class FreeRow(NamedTuple):
    """A row as a string: a letter of SEAT for each seat, a space for an aisle, a dot for a gap."""

    shape: str
    codes: tuple[str, ...]  # of each character; "" where there is no seat

    @classmethod
    def of(cls, row: Row, free: Collection[str], layout: Layout) -> "FreeRow":
        cells = [cell for cell in row.cells if cell.kind != Kind.CONSOLE]
        shape, codes = "", []
        for cell in cells:
            seat = cell.seat
            codes.append(seat.code if seat else "")
            if seat is None:
                shape += " " if cell.kind == Kind.AISLE else "."
            elif seat.code not in free:
                shape += "t"
            else:
                shape += "e" if seat.is_exit else "p" if seat.is_chargeable else "f"
        return cls(shape, tuple(codes))

    def plan(self, cost: Cost, people: tuple[tuple[int, str], ...]) -> Plan:
        return Plan(cost, tuple((self.codes[index], who) for index, who in people))


class Way(NamedTuple):
    """A way to seat people in a row: who (a or c) is at which index."""

    cost: Cost
    people: tuple[tuple[int, str], ...]


def best_in_one_row(rows: list[FreeRow], adults: int, children: int) -> Plan | None:
    """The best way for all in one row, or None."""
    best = None
    for row in rows:
        way = ways(row.shape, adults, children).get((adults, children))
        if way and (best is None or way.cost < best.cost):
            best = row.plan(way.cost, way.people)
    return best


def best_in_rows(rows: list[FreeRow], adults: int, children: int) -> Plan:
    """The best way for all in any rows; there must be enough seats.

    From the front to the back, it keeps the best way to have seated any number of them in the rows so far.
    """
    everyone = adults, children
    so_far: dict[tuple[int, int], Plan] = {(0, 0): Plan(NOTHING, ())}
    for row in rows:
        carried = {
            people: plan if people in ((0, 0), everyone) else Plan(added(plan.cost, MORE_SPAN), plan.seats)
            for people, plan in so_far.items()
        }
        so_far = dict(carried)
        for (some, few), plan in carried.items():
            for (more, others), way in ways(row.shape, adults, children).items():
                people = some + more, few + others
                if people[0] > adults or people[1] > children:
                    continue
                cost = added(plan.cost, way.cost)
                if people not in so_far or cost < so_far[people].cost:
                    so_far[people] = Plan(cost, plan.seats + row.plan(way.cost, way.people).seats)
    return so_far[everyone]


def added(cost: Cost, other: Cost) -> Cost:
    return tuple(map(sum, zip(cost, other, strict=True)))


@lru_cache(maxsize=4096)
def ways(shape: str, adults: int, children: int) -> dict[tuple[int, int], Way]:
    """(adults, children) → the best way to seat as many of them in a row, for all numbers up to these, without nobody."""
    free = [index for index, cell in enumerate(shape) if cell in "fpe"]
    best: dict[tuple[int, int], Way] = {}
    for number in range(1, min(adults + children, len(free)) + 1):
        for taken in combinations(free, number):
            breaks, extra, singles = judged(shape, taken)
            runs = tuple(len(run) for run in runs_of(taken))
            for few in range(max(0, number - adults), min(children, number) + 1):
                apart, who = arranged(runs, few)
                cost = (apart, 1, 0, breaks, extra, singles)
                people = number - few, few
                if people not in best or cost < best[people].cost:
                    best[people] = Way(cost, tuple(zip(taken, who, strict=True)))
    return best


def judged(shape: str, taken: tuple[int, ...]) -> tuple[int, int, int]:
    """Breaks, what the seats cost extra, and how many more single seats are left over."""
    breaks = 0
    for left, right in pairwise(taken):
        between = shape[left + 1 : right]
        breaks += 0 if not between else 1 if between == " " else 2 + len(between)
    after = "".join("t" if index in taken else cell for index, cell in enumerate(shape))
    return breaks, sum(SEAT[shape[index]] for index in taken), singles(after) - singles(shape)


def singles(shape: str) -> int:
    """Free seats that have only taken ones beside them."""
    blocks = [block for block in re.split("[ .]", shape) if len(block) > 1]
    return sum(len(run) == 1 for block in blocks for run in re.findall("[fpe]+", block))


def runs_of(taken: tuple[int, ...]) -> Iterator[list[int]]:
    """The seats that are beside each other."""
    run: list[int] = []
    for index in taken:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    yield run


@lru_cache(maxsize=4096)
def arranged(runs: tuple[int, ...], children: int) -> tuple[int, str]:
    """The fewest children beside no adult, and where all sit, for seats in such runs: (2, 1) and one child → (0, "aca")."""
    number = sum(runs)
    starts = {sum(runs[:index]) for index in range(len(runs))}
    best: tuple[int, str] | None = None
    for small in combinations(reversed(range(number)), children):
        who = "".join("c" if index in small else "a" for index in range(number))
        apart = sum(
            not (
                (index not in starts and who[index - 1] == "a")
                or (index + 1 < number and index + 1 not in starts and who[index + 1] == "a")
            )
            for index in small
        )
        if best is None or apart < best[0]:
            best = apart, who
    assert best is not None, "there are as many seats as people"
    return best
