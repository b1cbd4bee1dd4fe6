"""A later version of an order: what of it is new, when it is expected then, and what can't be changed any more.

How it is handed over, its flight and its gate may change until it is ready; its time until somebody begins to make it. For
all that is refused a pointer says where.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from clocks import MINUTE
from tracking.orders.estimating import Span
from tracking.orders.flights import check_in_time
from tracking.orders.models import Line, Order, TillKey, Way, stock
from tracking.orders.models.handing_verbs import new_pin
from tracking.orders.models.promised import RUNNER
from tracking.orders.placing import (
    Asked,
    LineFault,
    LineFaults,
    Priced,
    Unfit,
    check_way,
    digest_of,
    dishes_of,
    price,
    save_lines,
    take_portions,
)
from tracking.orders.promising import promise_for
from tracking.orders.till.bodies import WantedOrder
from tracking.orders.till.prices import Cost, check_prices, costs_of
from tracking.orders.totals import Fault, choose
from verbs.refusals import Refused

MOST_LINES = 500  # of an order, with all that its versions have taken off it

Identity = tuple[Any, ...]


def revise(
    made: Order, body: WantedOrder, asked: Asked, version: int, seen: int | None, till: TillKey, now: datetime
) -> None:
    """Make it this version. Raises Refused and Problem, with nothing done. In a transaction that has locked it."""
    differs = differing(made, asked)
    check_differing(made, asked, differs, now)
    kept, gone, new = compare(made, asked)
    added = asked._replace(lines=[asked.lines[at] for at in new])
    priced = priced_at(added, new, now) if new else None
    costs = {at: Cost(line.unit_price, line.amount) for at, line in kept.items()}
    costs |= dict(zip(new, costs_of(priced), strict=True)) if priced else {}
    check_prices(body, [costs[at] for at in range(len(asked.lines))], made.shop)
    first = made.lines.count()
    if first + len(new) > MOST_LINES:
        raise Unfit(_("This order was changed too often. Cancel it, and send a new one."), "lines")
    slowest = made.parts.filter(line__in=kept.values()).aggregate(most=Max("dish__minutes"))["most"] or 0
    span = expected(made, asked, differs, priced, slowest, now)

    def add(back: Mapping[int, int]) -> None:
        if not priced:
            stock.put_back(back, made.is_for)
            return
        try:
            take_portions(priced, made.shop, back)
        except LineFaults as faults:
            raise moved(faults, new) from faults
        save_lines(made, added.lines, priced, first)

    fields = {**asked.customer._asdict(), **handing(made, asked, differs), "body_hash": digest_of(asked)}
    if is_planned_anew(made, asked, differs) and span:
        fields["due_at"] = span.latest - walk_of(asked)
    made.revise(version, gone, add, span, seen=seen, till=till, **fields)


# How it is handed over, and when


def differing(made: Order, asked: Asked) -> set[str]:
    """Which of these are others than before."""
    pairs = {
        "way": (made.way, asked.way),
        "wanted_at": (made.wanted_at, asked.wanted_at),
        "flight": (made.flight_id, asked.flight and asked.flight.pk),
        "gate": (made.gate, gate_of(made, asked)),
    }
    return {name for name, (before, after) in pairs.items() if before != after}


def check_differing(made: Order, asked: Asked, differs: Collection[str], now: datetime) -> None:
    if "wanted_at" in differs and made.making_at:
        raise Unfit(_("The kitchen has begun to make it: its time can’t be changed any more."), "wanted_at")
    if {"way", "flight", "gate"} & set(differs):
        check_way(asked, now)


def is_planned_anew(made: Order, asked: Asked, differs: Collection[str]) -> bool:
    """Whether it is due at another moment: only then does its card in the kitchen move."""
    return "wanted_at" in differs or ("way" in differs and bool(asked.wanted_at) and not made.making_at)


def expected(
    made: Order, asked: Asked, differs: Collection[str], priced: Priced | None, slowest: int, now: datetime
) -> Span | None:
    """What is promised for this version; None where the promise stands. ``slowest``: the minutes of what it keeps.

    More dishes never make it earlier. Another way adds the walk to the gate, or takes it off.
    """
    size = sum(int(line.quantity) for line in asked.lines)
    span, most = None, max(slowest, priced.longest if priced else 0)
    if is_planned_anew(made, asked, differs):
        with pointed("wanted_at" if "wanted_at" in differs else "way"):
            span = promise_for(made.shop, size, now, asked.wanted_at, asked.way, most)
    else:
        if "way" in differs:
            span = handed_over(made, asked, now)
        if priced:
            with pointed("lines"):
                later = promise_for(made.shop, size, now, asked.wanted_at, asked.way, priced.longest)
            span = later if later.latest > (span or made.promised()).latest else span
    if asked.flight and (span or "flight" in differs):
        with pointed(next((name for name in ("flight", "wanted_at", "way") if name in differs), "lines")):
            checked = check_in_time(span or made.promised(), asked.flight, asked.way, made.shop, now)
        span = checked if span or checked.facts else None
    return span


def handed_over(made: Order, asked: Asked, now: datetime) -> Span:
    """The promise as it stands, the other way. Nothing in it is over already."""
    stands, walk = made.expected(now), timedelta(minutes=made.shop.walk)
    by = walk if asked.way == Way.DELIVERY else -walk
    wait = RUNNER if asked.way == Way.DELIVERY else -RUNNER
    earliest = max(now, stands.earliest + by)
    return Span(earliest, max(earliest + MINUTE, stands.latest + by + wait), made.promised().is_estimated)


def walk_of(asked: Asked) -> timedelta:
    return timedelta(minutes=asked.shop.walk if asked.way == Way.DELIVERY else 0)


def handing(made: Order, asked: Asked, differs: Collection[str]) -> dict[str, Any]:
    """The fields of an order that say how, where and when it is handed over."""
    fields: dict[str, Any] = {"way": asked.way, "wanted_at": asked.wanted_at, "gate": gate_of(made, asked)}
    if "way" in differs:
        fields |= {"pin": new_pin() if asked.way == Way.DELIVERY else "", "pin_tries": 0}
    if "flight" in differs:
        fields |= {"flight": asked.flight, "flight_seen": asked.flight.revision if asked.flight else 0}
    return fields


def gate_of(made: Order, asked: Asked) -> str:
    """That of the flight, where there is one: the board knows better."""
    if asked.flight is None:
        return asked.gate
    return made.gate if asked.flight.pk == made.flight_id else asked.flight.gate or asked.gate


@contextmanager
def pointed(field: str) -> Iterator[None]:
    """A refusal that names no field points at this one."""
    try:
        yield
    except (Unfit, LineFaults):
        raise
    except Refused as refusal:
        raise Unfit(str(refusal), field) from refusal


# Its lines


def compare(made: Order, asked: Asked) -> tuple[dict[int, Line], list[int], list[int]]:
    """The lines that stay, by their place in what is asked for; the keys of those that go; the places of the new ones.

    A line that is the same stays with its price, whatever the menu says now. Raises LineFaults.
    """
    left: dict[Identity, list[Line]] = {}
    for line in made.lines.filter(is_void=False):
        left.setdefault(identity_of(line.dish_id, line.quantity, line.note, line.choices), []).append(line)
    kept, new, faults = {}, [], []
    dishes = dishes_of(asked)
    for at, line in enumerate(asked.lines):
        try:
            if (dish := dishes.get(str(line.dish_id))) is None:
                raise Fault(_("This shop does not sell that."), "dish")
            identity = identity_of(dish.pk, line.quantity, line.note, choose(dish, line.choices).choices)
        except Fault as fault:
            faults.append(LineFault(at, fault.field, str(fault)))
            continue
        if left.get(identity):
            kept[at] = left[identity].pop(0)
        else:
            new.append(at)
    if faults:
        raise LineFaults(faults)
    return kept, [line.pk for lines in left.values() for line in lines], new


def identity_of(dish: int | None, quantity: int, note: str, choices: Collection[Mapping[str, Any]]) -> Identity:
    return dish, quantity, note, tuple(sorted((each["group"], each["name"], each["quantity"]) for each in choices))


def priced_at(added: Asked, places: Sequence[int], now: datetime) -> Priced:
    """The new lines, priced; what is wrong with them is said at their places in the whole order."""
    try:
        return price(added, now)
    except LineFaults as faults:
        raise moved(faults, places) from faults


def moved(faults: LineFaults, places: Sequence[int]) -> LineFaults:
    return LineFaults([fault._replace(line=places[fault.line]) for fault in faults.faults])
