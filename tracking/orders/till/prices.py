"""Whether what a till says that an order costs is what the shop charges."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from money import Money
from tracking.orders.placing import Priced
from tracking.orders.till.bodies import WantedOrder
from tracking.orders.till.problems import Problem


class Cost(NamedTuple):
    """What one line costs: for one of it, and in all. In minor units."""

    unit_price: int
    amount: int


def costs_of(priced: Priced) -> list[Cost]:
    return [Cost(chosen.unit_price, line.amount) for chosen, line in zip(priced.chosen, priced.bill.lines, strict=True)]


def check_prices(body: WantedOrder, costs: Sequence[Cost], shop: Any) -> int:
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
