"""Orders that a till pushes: the first time it is placed, a later version changes it, the same version again is the same."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from money import Money
from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE
from tracking.orders.flights import check_in_time
from tracking.orders.models import Line, Order, TillKey, stock
from tracking.orders.models.till_verbs import OldVersion
from tracking.orders.placing import (
    Asked,
    Customer,
    LineFault,
    LineFaults,
    Priced,
    Unfit,
    Wanted,
    check_way,
    clean_gate,
    digest_of,
    dishes_of,
    place,
    price,
    same,
    save_lines,
    take_portions,
)
from tracking.orders.promising import promise_for
from tracking.orders.till.bodies import WantedOrder
from tracking.orders.till.problems import Problem
from tracking.orders.totals import Fault, choose

NUMBERS = UUID("6a3f0c1e-6f3e-4d0c-9a55-0f6f2d1c7b11")  # the name space of the keys that numbers of tills make
MOST_LINES = 500  # of an order, with all that its versions have taken off it

Identity = tuple[Any, ...]


class Cost(NamedTuple):
    """What one line costs: for one of it, and in all. In minor units."""

    unit_price: int
    amount: int


def push(till: TillKey, body: WantedOrder) -> tuple[Order, bool]:
    """The order that this is, and whether it is new. Raises Refused and Problem, with nothing done."""
    made = Order.objects.filter(shop=till.shop, source=till.name, external=body.number).first()
    if made:
        return change(till, made, body), False
    asked = asked_of(till, body)
    total = check_prices(body, asked, [Cost(*each) for each in costs_of(price(asked, timezone.now()))], till.shop)
    fields = asked._asdict() | {"key": uuid5(NUMBERS, f"{till.shop_id}\n{till.name}\n{body.number}")}
    order = place(
        **fields,
        accepted=total,
        till=till,
        source=till.name,
        external=body.number,
        external_version=body.version or 1,
    )
    return order, True


def change(till: TillKey, made: Order, body: WantedOrder, seen: int | None = None) -> Order:
    """Make an order what this says, if it is a later version. ``seen``: the revision that the till knows."""
    with transaction.atomic():
        made.lock()
        if body.number != made.external:
            raise Unfit(_("The number of an order stays as it is."), "number")
        asked = asked_of(till, body, made)
        digest, now = digest_of(asked), timezone.now()
        is_same = made.body_hash == digest
        if is_same and body.version in (None, made.external_version):
            return made
        version = body.version or made.external_version + 1
        if version == made.external_version:
            same(made, digest)  # raises OtherBody, which names what differs
        if version < made.external_version:
            text = _("%(name)s is at version %(version)s already.")
            raise OldVersion(text % {"name": made, "version": made.external_version})
        made.check_seen(seen)
        made.check_legal("revise")
        check_kept(made, asked, now)
        revise(made, body, asked, version, seen, till, now)
    return made


def revise(
    made: Order, body: WantedOrder, asked: Asked, version: int, seen: int | None, till: TillKey, now: datetime
) -> None:
    kept, gone, new = compare(made, asked)
    added = asked._replace(lines=[asked.lines[at] for at in new])
    priced = priced_at(added, new, now) if new else None
    costs = {at: Cost(line.unit_price, line.amount) for at, line in kept.items()}
    costs |= dict(zip(new, costs_of(priced), strict=True)) if priced else {}
    check_prices(body, asked, [costs[at] for at in range(len(asked.lines))], made.shop)
    span = None
    if priced:
        size = sum(int(line.quantity) for line in asked.lines)
        span = promise_for(made.shop, size, now, made.wanted_at, made.way, priced.longest)
        if made.flight:
            span = check_in_time(span, made.flight, made.way, made.shop, now)
    first = made.lines.count()
    if first + len(new) > MOST_LINES:
        raise Unfit(_("This order was changed too often. Cancel it, and send a new one."), "lines")

    def add(back: Mapping[int, int]) -> None:
        if not priced:
            stock.put_back(back)
            return
        try:
            take_portions(priced, made.shop, back)
        except LineFaults as faults:
            raise moved(faults, new) from faults
        save_lines(made, added.lines, priced, first)

    customer = asked.customer
    made.revise(
        version,
        gone,
        add,
        span,
        seen=seen,
        till=till,
        **customer._asdict(),
        gate=gate_of(made, asked),
        body_hash=digest_of(asked),
    )


def asked_of(till: TillKey, body: WantedOrder, made: Order | None = None) -> Asked:
    lines = [Wanted(line.dish, line.quantity, line.choices, line.note) for line in body.lines]
    customer = Customer(body.name, body.email, body.phone, body.note)
    flight = flight_of(till, body.flight, made)
    return Asked(till.shop, lines, customer, body.way, flight, clean_gate(body.gate), body.wanted_at)


def flight_of(till: TillKey, designator: str, made: Order | None) -> Flight | None:
    """The next flight from the shop's airport with this number, or one that is sold under it. Raises Unfit."""
    if not designator:
        return None
    airline, number = designator[:2], designator[2:].strip().lstrip("0")
    if made and made.flight and f"{airline} {number}" in made.flight.numbers:
        return made.flight
    numbered = Q(airline=airline, number=number) | Q(codeshares__airline=airline, codeshares__number=number)
    coming = Flight.objects.filter(numbered, origin=till.shop.airport_id, phase__in=AT_GATE).order_by("date", "pk")
    now = timezone.now()
    found = next((flight for flight in coming.distinct()[:10] if flight.best_departure > now), None)
    if found is None:
        raise Unfit(_("No flight %(flight)s leaves soon.") % {"flight": f"{airline} {number}"}, "flight")
    return found


# Prices


def costs_of(priced: Priced) -> list[Cost]:
    return [Cost(chosen.unit_price, line.amount) for chosen, line in zip(priced.chosen, priced.bill.lines, strict=True)]


def check_prices(body: WantedOrder, asked: Asked, costs: Sequence[Cost], shop: Any) -> int:
    """Compare what the till says with what it costs. Returns the total. Raises Problem, which names each that differs."""
    total = sum(cost.amount for cost in costs)
    found = [
        (f"#/lines/{at}/{field}", said, getattr(cost, field))
        for at, (line, cost) in enumerate(zip(body.lines, costs, strict=True))
        for field in Cost._fields
        if (said := getattr(line, field)) is not None
    ]
    found += [("#/total", body.total, total)] if body.total is not None else []
    errors = [(pointer, differs(said, real, shop.currency)) for pointer, said, real in found if said != real]
    if body.currency not in (None, shop.currency):
        words = {"shop": shop, "currency": shop.currency}
        errors.insert(0, ("#/currency", _("%(shop)s sells in %(currency)s.") % words))
    if errors:
        raise Problem(422, "prices", _("The prices are not those of the shop."), errors)
    return total


def differs(said: int, real: int, currency: str) -> str:
    words = {"real": Money(real, currency), "said": Money(said, currency)}
    return _("It costs %(real)s, not %(said)s.") % words


# What has changed


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


def check_kept(made: Order, asked: Asked, now: datetime) -> None:
    """Raise Unfit for what another version can't change: it would be another promise."""
    if asked.way != made.way:
        raise Unfit(_("How an order is handed over can’t be changed. Cancel it, and send a new one."), "way")
    if asked.wanted_at != made.wanted_at:
        raise Unfit(_("The time of an order can’t be changed. Cancel it, and send a new one."), "wanted_at")
    if (asked.flight and asked.flight.pk) != made.flight_id:
        raise Unfit(_("The flight of an order can’t be changed. Cancel it, and send a new one."), "flight")
    if asked.gate != made.gate and not made.flight_id:
        check_way(asked, now)


def gate_of(made: Order, asked: Asked) -> str:
    """That of the flight, where there is one: the board knows better."""
    return made.gate if made.flight_id else asked.gate
