"""The rows that an order becomes: itself, its lines, what stations make of them, its promise, its first history."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from post.text import one_line
from tracking.orders.estimating import Span
from tracking.orders.models import Cause, Line, Order, Part, State
from tracking.orders.models.customer_verbs import take_ordered
from tracking.orders.placing.asked import Asked
from tracking.orders.placing.priced import Priced

PAY_WITHIN = timedelta(minutes=10)


def save(order: Order, asked: Asked, priced: Priced, span: Span, **who: Any) -> Order:
    """Save it with all its rows. An unpaid one keeps its portions for PAY_WITHIN."""
    if asked.shop.pays_online and order.total and not order.source:
        order.state, order.expires_at = State.UNPAID, order.made_at + PAY_WITHIN
    else:
        order.state, order.placed_at = State.PLACED, order.made_at
    order.save()
    save_lines(order, asked.lines, priced)
    if order.placed_at:
        take_ordered(order.key, order.lines.all())
    order.promise(span, Cause.PLACED)
    order.begin("place", **who)
    return order


def save_lines(order: Order, wanted_lines: Sequence[Any], priced: Priced, first: int = 0) -> None:
    """Save lines with their parts. ``first``: the position of the first one."""
    rows = zip(wanted_lines, priced.chosen, priced.quantities, priced.bill.lines, strict=True)
    lines = Line.objects.bulk_create(
        Line(
            order=order,
            dish=chosen.dish,
            position=position,
            name=chosen.dish.name,
            quantity=quantity,
            unit_price=chosen.unit_price,
            choices=chosen.choices,
            asked={str(key): number for key, number in wanted.choices.items()},
            discount=billed.discount,
            amount=billed.amount,
            tax_rate=billed.tax_rate,
            note=one_line(str(wanted.note)),
        )
        for position, (wanted, chosen, quantity, billed) in enumerate(rows, first)
    )
    Part.objects.bulk_create(
        Part(
            order=order,
            line=line,
            dish=part.dish,
            station=part.station,
            name=part.name,
            extras=part.extras,
            quantity=part.per * line.quantity,
        )
        for line, chosen in zip(lines, priced.chosen, strict=True)
        for part in chosen.parts
    )
