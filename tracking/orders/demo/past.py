"""The orders with which the demo begins: those of the last two hours, from which a shop knows how long it takes, and open ones.

They are written in bulk, with the history and the promises that verbs would have left.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from payments import PaymentStatus

from checkout.models import Payment
from checkout.providers import provider_name
from clocks import HOUR, MINUTE
from live.outbox import publish
from references import new_references
from tracking.orders import topics
from tracking.orders.demo.appetite import Wish, customer, dishes_of, wishes
from tracking.orders.models import Cause, Order, OrderChange, Part, Promise, Shop, State, Way
from tracking.orders.opening import span_at
from tracking.orders.placing import Priced, Wanted, save_lines
from tracking.orders.totals import Item, bill, choose
from verbs.history import text_of

SEEN = 2 * HOUR  # in which its orders tell how long a shop takes
PAST = range(40, 118, 5)  # the ages in minutes of those that are over
SIZES = (1, 2, 3, 4)  # dishes of those, in turn: enough of each size to know
OPEN = (0.05, 0.14, 0.3, 0.55, 0.8, 1.05, 1.2, 1.3)  # the ages of open ones, as shares of the time that an order takes
BROUGHT = 5  # every fifth goes to a gate, where a shop does that
GATES = {"5": ("", 1, 30), "4": ("B", 20, 41), "8": ("", 31, 47)}  # by terminal: letter, first, last

# The verb that led to each state, and the field that has its time.
VERBS = {
    State.PLACED: ("place", "placed_at"),
    State.ACCEPTED: ("accept", "accepted_at"),
    State.MAKING: ("start", "making_at"),
    State.READY: ("bump", "ready_at"),
    State.OUT: ("send_out", "out_at"),
    State.COLLECTED: ("collect", "ended_at"),
    State.DELIVERED: ("hand_over", "ended_at"),
}

Step = tuple[State, datetime]


class Made(NamedTuple):
    """An unsaved order, what is in it, and its states up to now."""

    order: Order
    wishes: list[Wish]
    priced: Priced
    steps: list[Step]


@transaction.atomic
def half_done(shop: Shop, is_open: bool = True, now: datetime | None = None) -> None:
    """Give it orders, if it had none in the last two hours. Those for which it was closed are left out. ``is_open``: with
    some that are not over."""
    now = now or timezone.now()
    if shop.orders.filter(made_at__gt=now - SEEN).exists():
        return
    chance = random.Random(f"{shop.slug} {now:%Y-%m-%d}")  # noqa: S311
    ages = [(minutes * MINUTE, SIZES[n % len(SIZES)]) for n, minutes in enumerate(PAST)]
    ages += [(share * shop.minutes * MINUTE, 0) for share in OPEN] if is_open else []
    dishes, made = dishes_of(shop, None), []
    for number, (age, items) in enumerate(ages, 1):
        at = now - age
        served = [dish for dish in dishes if not dish.refusal(at)]
        if span_at(shop, at) and served:
            made.append(order_of(shop, wishes(served, chance, items), at, now, chance, number % BROUGHT == 0))
    save_all(shop, made)


def order_of(shop: Shop, wanted: list[Wish], at: datetime, now: datetime, chance: random.Random, is_far: bool) -> Made:
    """An order that was placed then, and has come as far as it would by now."""
    chosen, quantities = [choose(wish.dish, wish.choices) for wish in wanted], [wish.quantity for wish in wanted]
    items = [Item(one.unit_price, count, one.dish.rate) for one, count in zip(chosen, quantities, strict=True)]
    priced = Priced(chosen, quantities, bill(items, currency=shop.currency))
    is_brought = shop.delivers and is_far
    way = Way.DELIVERY if is_brought else Way.COLLECTION
    order = Order(shop=shop, name=customer(chance), way=way, currency=shop.currency, total=priced.bill.total)
    if is_brought:
        order.gate, order.pin = gate_near(shop, chance), f"{chance.randrange(10_000):04}"
    steps = [step for step in steps_of(order, priced.size, at, chance) if step[1] <= now]
    order.state, order.made_at = steps[-1][0], at
    for state, moment in steps:
        setattr(order, VERBS[state][1], moment)
    order.due_at = at + (shop.minutes + 4) * MINUTE
    order.earliest, order.latest = promised(order, steps)
    return Made(order, wanted, priced, steps)


def gate_near(shop: Shop, chance: random.Random) -> str:
    letter, first, last = next(gates for name, gates in GATES.items() if f"Terminal {name}" in shop.where)
    return f"{letter}{chance.randint(first, last)}"


def steps_of(order: Order, size: int, at: datetime, chance: random.Random) -> list[Step]:
    """Its whole way. A kitchen takes longer for more dishes, and never quite the same."""
    takes = order.shop.minutes * chance.uniform(0.75, 1.1) * (1 + 0.08 * (size - 1)) * MINUTE
    ready = at + takes
    first = [(State.PLACED, at), (State.ACCEPTED, at + takes * 0.08), (State.MAKING, at + takes * 0.25)]
    if order.way == Way.COLLECTION:
        return [*first, (State.READY, ready), (State.COLLECTED, ready + chance.uniform(2, 6) * MINUTE)]
    out = ready + chance.uniform(1, 3) * MINUTE
    return [*first, (State.READY, ready), (State.OUT, out), (State.DELIVERED, out + order.walk)]


def promised(order: Order, steps: Sequence[Step]) -> tuple[datetime, datetime]:
    """What is promised once these steps are done."""
    known = dict(steps)
    if out := known.get(State.OUT):
        return out + order.walk / 2, out + order.walk
    if ready := known.get(State.READY):
        return ready + order.walk, ready + order.walk
    return order.due_at - 4 * MINUTE + order.walk, order.due_at + order.walk


# Saving


def save_all(shop: Shop, made: Sequence[Made]) -> None:
    for one, reference in zip(made, new_references(Order, len(made)), strict=True):
        one.order.reference, one.order.revision = reference, len(one.steps)
    Order.objects.bulk_create(one.order for one in made)
    for one in made:
        save_lines(one.order, [Wanted(wish.dish.pk, wish.quantity, wish.choices) for wish in one.wishes], one.priced)
    ready = [one.order for one in made if one.order.ready_at]
    Part.objects.filter(order__in=ready).update(ready=F("quantity"))
    Promise.objects.bulk_create(promise for one in made for promise in promises_of(one))
    OrderChange.objects.bulk_create(change for one in made for change in changes_of(one))
    if shop.pays_online:
        Payment.objects.bulk_create(payment_of(one.order) for one in made if one.order.total)
    publish(topics.shop_orders(shop.pk))


def payment_of(order: Order) -> Payment:
    """Its money has come, from the provider of the demo."""
    return Payment(
        thing=order,
        token=str(uuid4()),
        variant=provider_name() or "default",
        status=PaymentStatus.CONFIRMED,
        amount=order.total,
        currency=order.currency,
        total=order.price.units,
        captured_amount=order.price.units,
        settled_at=order.placed_at,
        description=order.payment_title(),
    )


CAUSES = {State.PLACED: Cause.PLACED, State.READY: Cause.READY, State.OUT: Cause.OUT}


def promises_of(made: Made) -> Iterable[Promise]:
    for number, (state, at) in enumerate(made.steps, 1):
        if state in CAUSES:
            first, last = promised(made.order, made.steps[:number])
            yield Promise(order=made.order, at=at, earliest=first, latest=last, cause=CAUSES[state])


def changes_of(made: Made) -> Iterable[OrderChange]:
    """Its history: what was ordered, then each state with the promise that it brought."""
    before: dict[str, str] = {}
    for revision, (state, at) in enumerate(made.steps, 1):
        after = snapshot(made, made.steps[:revision])
        differing = {field: (before.get(field, ""), text) for field, text in after.items() if text != before.get(field)}
        for field, (was, now) in differing.items():
            yield made.order.new_change(
                order=made.order, verb=VERBS[state][0], revision=revision, field=field, before=was, after=now, at=at
            )
        before = after


def snapshot(made: Made, steps: Sequence[Step]) -> dict[str, str]:
    """As ``Order.snapshot``, at that time."""
    is_ready = State.READY in dict(steps)
    parts = [
        (part.per * quantity, part.name)
        for one, quantity in zip(made.priced.chosen, made.priced.quantities, strict=True)
        for part in one.parts
    ]
    values: dict[str, Any] = {
        "state": steps[-1][0],
        "total": made.order.total,
        "gate": made.order.gate,
        "latest": promised(made.order, steps)[1],
    }
    return {
        **{name: text_of(value) for name, value in values.items()},
        "lines": ", ".join(f"{wish.quantity} × {wish.dish.name}" for wish in made.wishes),
        "parts": ", ".join(f"{count if is_ready else 0}/{count} {name}" for count, name in parts),
    }
