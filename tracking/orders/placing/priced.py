"""What an order costs that is asked for, and what is wrong with its lines."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tracking.orders.baskets import check_parts
from tracking.orders.models import Dish
from tracking.orders.placing.asked import Asked, LineFault, LineFaults, Unfit
from tracking.orders.totals import LINES, Bill, Chosen, Fault, Item, bill, choose, quantity_of
from whole_numbers import key_of

LONGEST_NOTE = 120


class Priced(NamedTuple):
    """Each line chosen, and the bill."""

    chosen: list[Chosen]
    quantities: list[int]
    bill: Bill

    @property
    def portions(self) -> dict[int, int]:
        """How many of each dish go for all of it, by key."""
        found: Counter[int] = Counter()
        for one, quantity in zip(self.chosen, self.quantities, strict=True):
            found.update({key: per * quantity for key, per in one.portions.items()})
        return dict(found)

    @property
    def names(self) -> dict[int, str]:
        """The name of each dish that goes for it, by key."""
        return {dish.pk: dish.name for one in self.chosen for dish in one.dishes}

    @property
    def size(self) -> int:
        return sum(self.quantities)

    @property
    def longest(self) -> int:
        """The minutes of its slowest dish."""
        return max(dish.minutes or 0 for one in self.chosen for dish in one.dishes)


def price(asked: Asked, now: datetime) -> Priced:
    """Choose and price its lines. Raises LineFaults with all that is wrong, and Unfit for no lines or too many."""
    if not asked.lines:
        raise Unfit(_("Your basket is empty."), "lines")
    if len(asked.lines) > LINES:
        raise Unfit(_("An order has %(most)s lines at most.") % {"most": LINES}, "lines")
    dishes = dishes_of(asked)
    chosen, quantities, faults = [], [], []
    for place, line in enumerate(asked.lines):
        try:
            quantities.append(quantity_of(line.quantity))
            chosen.append(chosen_of(line, dishes, asked.wanted_at or now))
        except Fault as fault:
            faults.append(LineFault(place, fault.field, str(fault)))
    if faults:
        raise LineFaults(faults)
    shop = asked.shop
    items = [Item(one.unit_price, n, one.dish.rate) for one, n in zip(chosen, quantities, strict=True)]
    return Priced(chosen, quantities, bill(items, currency=shop.currency))


def dishes_of(asked: Asked) -> dict[str, Dish]:
    """The shop's dishes that are asked for, by their key as a text. Keys that no dish can have are none."""
    keys = {key for line in asked.lines if (key := key_of(str(line.dish_id)))}
    found = Dish.objects.filter(shop=asked.shop, pk__in=keys).select_related("shop", "section", "station")
    return {str(dish.pk): dish for dish in found}


def chosen_of(line: Any, dishes: Mapping[str, Dish], at: datetime) -> Chosen:
    """One line, chosen. Raises Fault."""
    dish = dishes.get(str(line.dish_id))
    if dish is None:
        raise Fault(_("This shop does not sell that."), "dish")
    if words := dish.refusal(at):
        raise Fault(words, "dish")
    if not isinstance(line.choices, Mapping):
        raise Fault(_("Choose what is offered with it."), "choices")
    if len(str(line.note)) > LONGEST_NOTE:
        raise Fault(_("Write %(most)s characters at most.") % {"most": LONGEST_NOTE}, "note")
    chosen = choose(dish, line.choices)
    check_parts(chosen)
    return chosen
