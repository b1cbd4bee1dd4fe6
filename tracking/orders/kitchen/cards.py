"""An order as a card of the kitchen: values, of which equal ones are not rendered again."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clocks import clock, short_when, today
from tracking.flights.boarding import gate_and_boarding
from tracking.orders.kitchen.queue import age_of, begins_at, stage_of
from tracking.orders.models import Order, Shop, State, Way

NEXT = {State.PLACED: "accept", State.ACCEPTED: "start", State.MAKING: "bump", State.READY: "collect"}


class CardPart(NamedTuple):
    """What is made of an order. ``tap``: how many are ready after a tap on it: all, or none where all are."""

    id: int
    quantity: int
    ready: int
    name: str
    extras: tuple[str, ...]
    note: str
    is_void: bool
    tap: int
    more: int | None  # one more that is ready, where there are several

    @property
    def is_ready(self) -> bool:
        return self.ready >= self.quantity


class Card(NamedTuple):
    """``since``: ISO 8601, for the timer. ``verb``: the move that the big button makes, "" for none. ``back``: what a recall
    undoes, "" for nothing. ``was_told``: all mail about it was delivered, as far as is known.
    ``says``: what a screen reader says when it has changed. ``to_pay``: what its customer pays when it is handed over."""

    id: int
    slug: str
    station: int | None
    reference: str
    name: str
    age: str
    since: str
    since_clock: str
    by: str
    is_later: bool
    gate: str
    gate_before: str
    is_delivery: bool
    flight: str
    boards: str
    note: str
    source: str
    stage: str
    verb: str
    back: str
    is_cancelled: bool
    has_news: bool
    reason: str
    was_told: bool
    says: str
    to_pay: str
    parts: tuple[CardPart, ...]


def card_of(
    order: Order, shop: Shop, now: datetime, station: int | None = None, was_told: bool = True, is_to_pay: bool = False
) -> Card:
    stage, tz = stage_of(order, station), shop.tz
    since = begins_at(order, shop)
    is_cancelled = order.state == State.CANCELLED
    parts = parts_of(order)
    return Card(
        id=order.pk,
        slug=shop.slug,
        station=station,
        reference=order.reference,
        name=order.name,
        age="" if is_cancelled or stage == State.READY else age_of(since, now),
        since=since.isoformat(timespec="seconds"),
        since_clock=clock(since, tz),
        by=short_when(order.latest - order.walk, tz, today(tz, now)),
        is_later=order.wanted_at is not None,
        gate=order.gate,
        gate_before=order.gate_before,
        is_delivery=order.way == Way.DELIVERY,
        flight=order.flight.designator if order.flight else "",
        boards=boarding_of(order, tz),
        note=order.note,
        source=order.source,
        stage=stage,
        verb=verb_of(order, stage, station),
        back=order.state if order.state == State.READY else "",
        is_cancelled=is_cancelled,
        has_news=is_cancelled or any(part.is_void for part in parts),
        reason=order.why_back or order.reason,
        was_told=was_told,
        says=f"{order.reference}: {order.get_state_display() if is_cancelled else State(stage).label}",
        to_pay=str(order.price) if is_to_pay else "",
        parts=parts,
    )


def verb_of(order: Order, stage: str, station: int | None) -> str:
    """The move that is next. A station that has done its part has none."""
    if order.state == State.CANCELLED or (stage == State.READY and order.state != State.READY):
        return ""
    if stage == State.READY and order.way == Way.DELIVERY:
        return "send_out" if station is None else ""
    return NEXT.get(State(stage), "")


def is_shown(part: Any) -> bool:
    """What is void is struck through until somebody has seen it."""
    return not part.line.is_void or part.line.acknowledged_at is None


def parts_of(order: Order) -> tuple[CardPart, ...]:
    """What a customer has written to a combination stands once: it may be about any part of it."""
    shown = [part for part in order.parts.all() if is_shown(part)]
    return tuple(part_of(part, is_first) for part, is_first in zip(shown, first_of_lines(shown), strict=True))


def first_of_lines(parts: Sequence[Any]) -> list[bool]:
    """For each of these whether it is the first of its line."""
    lines = [part.line_id for part in parts]
    return [line not in lines[:place] for place, line in enumerate(lines)]


def part_of(part: Any, is_first: bool) -> CardPart:
    more = part.ready + 1 if part.quantity > 1 and part.ready + 1 < part.quantity else None
    return CardPart(
        id=part.pk,
        quantity=part.quantity,
        ready=part.ready,
        name=part.name,
        extras=tuple(part.extras),
        note=part.line.note if is_first else "",
        is_void=part.line.is_void,
        tap=0 if part.is_ready else part.quantity,
        more=more,
    )


def boarding_of(order: Order, tz: tzinfo) -> str:
    """When its flight boards, in words."""
    if order.flight is None:
        return ""
    boarding = gate_and_boarding(order.flight)
    if boarding.is_over:
        return _("has boarded")
    if boarding.is_called:
        return _("boards now")
    return _("boards %(time)s") % {"time": clock(boarding.starts_at, tz)}
