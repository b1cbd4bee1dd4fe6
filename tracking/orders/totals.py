"""What is asked for, what it costs, and what is made for it.

The rules: an option costs what its dish says; the cheapest of the chosen ones are free, as many as the group gives away; an
amount with a percentage off is rounded half up; a discount on the whole order is spread over the lines by largest remainder;
the tax that a line contains is rounded half up once per line. So a total is always the sum of the lines as they are printed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from money import Money
from tracking.orders.models.menus import Choice, Dish, DishGroup
from tracking.orders.models.shops import Station
from verbs.refusals import Refused

MOST = 50  # of one dish in a line, and of one option
LINES = 50  # of an order


class Fault(Refused):
    """What is wrong with one dish that is asked for. ``field``: dish, quantity, note, choices/<key of a Choice>, or
    groups/<key of a DishGroup>."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


# What is asked for


def quantity_of(value: Any, field: str = "quantity") -> int:
    """A whole number from 1 to 50, from a form or from JSON. Raises Fault for 0, 1.5, "١٢", true and the like."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 6:
        value = int(value)
    if type(value) is not int or not 1 <= value <= MOST:
        raise Fault(_("Write a whole number from 1 to %(most)s.") % {"most": MOST}, field)
    return value


class MadePart(NamedTuple):
    """What a station makes for one of a dish: so many (``per``) of it."""

    dish: Dish
    name: str
    extras: list[str]
    station: Station | None
    per: int


class Chosen(NamedTuple):
    """One of a dish with what was chosen. ``unit_price`` contains the choices, which are as in ``Line.choices``."""

    dish: Dish
    unit_price: int
    choices: list[dict[str, Any]]
    parts: list[MadePart]

    @property
    def dishes(self) -> list[Dish]:
        """The dish itself, and those that it is made of."""
        return list({dish.pk: dish for dish in [self.dish, *(part.dish for part in self.parts)]}.values())

    @property
    def portions(self) -> dict[int, int]:
        """How many portions of each dish go for one of it, by key: of the dish itself, and of those that it is made of."""
        found = {self.dish.pk: 1}
        for part in self.parts:
            if part.dish.pk != self.dish.pk:
                found[part.dish.pk] = found.get(part.dish.pk, 0) + part.per
        return found


class Picked(NamedTuple):
    """An option, and how many of it."""

    choice: Choice
    quantity: int


def choose(dish: Dish, choices: Mapping[Any, Any], complete: bool = True) -> Chosen:
    """A dish with so many of each Choice, by key; not ``complete``: while somebody still chooses. Raises Fault where a group gets too few or too many, for an option of
    another dish, and for a quantity that is none. Whether they are sold out, ``Dish.refusal`` says, for each of its ``dishes``."""
    groups = list(groups_of(dish))
    picked = pick(groups, choices)
    entries, extra = [], 0
    for offered in groups:
        found = picked[offered.pk]
        check_group(offered, found, complete)
        for choice, quantity, is_free in priced(offered, found):
            entries.append(entry_of(offered, choice, quantity, is_free))
            extra += 0 if is_free else choice.price * quantity
    return Chosen(
        dish, dish.price + extra, entries, parts_of(dish, [one for found in picked.values() for one in found])
    )


def groups_of(dish: Dish) -> Iterable[DishGroup]:
    """Its groups with their options, as they were prefetched for a menu, or read now."""
    if "groups" in getattr(dish, "_prefetched_objects_cache", {}):
        return dish.groups.all()
    return dish.groups.select_related("group").prefetch_related("choices__option__dish__station")


def pick(groups: Sequence[DishGroup], choices: Mapping[Any, Any]) -> dict[int, list[Picked]]:
    """What was chosen, by the key of its DishGroup, in the order of the menu."""
    asked = {str(key): quantity for key, quantity in choices.items()}
    found: dict[int, list[Picked]] = {}
    for offered in groups:
        known = [choice for choice in offered.choices.all() if str(choice.pk) in asked]
        found[offered.pk] = [Picked(each, quantity_of(asked.pop(str(each.pk)), f"choices/{each.pk}")) for each in known]
    for key in asked:
        raise Fault(_("This option isn’t offered with this dish."), f"choices/{key[:20]}")
    return found


def check_group(offered: DishGroup, picked: Sequence[Picked], complete: bool) -> None:
    group, field = offered.group, f"groups/{offered.pk}"
    count = sum(one.quantity for one in picked)
    if complete and count < group.minimum:
        words = ngettext("%(group)s: choose one.", "%(group)s: choose at least %(count)s.", group.minimum)
        raise Fault(words % {"group": group.name, "count": group.minimum}, field)
    if count > group.maximum:
        words = ngettext("%(group)s: choose only one.", "%(group)s: choose %(count)s at most.", group.maximum)
        raise Fault(words % {"group": group.name, "count": group.maximum}, field)
    for choice, quantity in picked:
        if quantity > choice.most:
            words = ngettext("%(option)s: only one.", "%(option)s: %(count)s at most.", choice.most)
            raise Fault(words % {"option": choice.option.name, "count": choice.most}, f"choices/{choice.pk}")


def priced(offered: DishGroup, picked: Sequence[Picked]) -> list[tuple[Choice, int, bool]]:
    """Each option with how many of it cost something, and how many are free: the cheapest, the first of equal ones."""
    left, free = offered.group.free, {}
    for choice, quantity in sorted(picked, key=lambda one: one.choice.price):
        free[choice.pk] = min(left, quantity) if choice.price else 0
        left -= min(left, quantity)
    found = []
    for choice, quantity in picked:
        given = free[choice.pk]
        found += [(choice, number, is_free) for number, is_free in ((given, True), (quantity - given, False)) if number]
    return found


def entry_of(offered: DishGroup, choice: Choice, quantity: int, is_free: bool) -> dict[str, Any]:
    return {
        "group": offered.group.name,
        "name": choice.option.name,
        "quantity": quantity,
        "price": choice.price,
        "free": is_free,
    }


def parts_of(dish: Dish, picked: Sequence[Picked]) -> list[MadePart]:
    """The dish itself with its extras, and each option that is a dish. Of a combo only its options are made."""
    made = [one for one in picked if one.choice.option.dish]
    extras = [in_number(one.choice.option.name, one.quantity) for one in picked if not one.choice.option.dish]
    parts = [] if dish.is_combo and made else [MadePart(dish, dish.name, extras, dish.station, 1)]
    for choice, quantity in made:
        option: Any = choice.option
        parts.append(MadePart(option.dish, option.name, [] if parts else extras, option.dish.station, quantity))
    return parts


def in_number(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{quantity} × {name}"


# What it costs


class Item(NamedTuple):
    """A line before it is priced. ``percent_off`` is taken from this line alone."""

    unit_price: int
    quantity: int
    tax_rate: Decimal
    percent_off: Decimal = Decimal(0)


class BillLine(NamedTuple):
    """A line in minor units: ``gross`` − ``discount`` = ``amount`` = ``net`` + ``tax``."""

    gross: int
    discount: int
    amount: int
    tax_rate: Decimal
    net: int
    tax: int


class Tax(NamedTuple):
    rate: Decimal
    net: int
    tax: int


class Bill(NamedTuple):
    """``discount``: all that was taken off. ``total``: the sum of the lines."""

    lines: list[BillLine]
    discount: int
    total: int
    taxes: list[Tax]


def bill(items: Sequence[Item], discount: int = 0, currency: str = "USD") -> Bill:
    """``discount``: taken off the whole order, which becomes nothing at the least."""
    grosses = [item.unit_price * item.quantity for item in items]
    amounts = [
        Money(gross, currency).percent(100 - item.percent_off).amount
        for gross, item in zip(grosses, items, strict=True)
    ]
    shares = spread(discount, amounts, currency)
    lines = []
    for item, gross, before, share in zip(items, grosses, amounts, shares, strict=True):
        amount = before - share
        net, tax = net_and_tax(amount, item.tax_rate)
        lines.append(BillLine(gross, gross - amount, amount, item.tax_rate, net, tax))
    total = sum(line.amount for line in lines)
    return Bill(lines, sum(grosses) - total, total, taxes((line.amount, line.tax_rate) for line in lines))


def spread(discount: int, amounts: Sequence[int], currency: str) -> list[int]:
    """The share of each line, in proportion to its amount; together exactly the discount."""
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    return [share.amount for share in Money(min(discount, total), currency).allocate(amounts)]


def net_and_tax(amount: int, rate: Decimal) -> tuple[int, int]:
    """The tax that an amount contains. The amount stays as it is; its net is rounded half up."""
    net = int((Decimal(amount) * 100 / (100 + Decimal(rate))).quantize(Decimal(1), ROUND_HALF_UP))
    return net, amount - net


def taxes(lines: Iterable[tuple[int, Decimal]]) -> list[Tax]:
    """The taxes of lines (amount, rate), by rate, the highest first: the sum of what each line contains."""
    found: dict[Decimal, list[int]] = defaultdict(lambda: [0, 0])
    for amount, rate in lines:
        net, tax = net_and_tax(amount, rate)
        found[Decimal(rate)][0] += net
        found[Decimal(rate)][1] += tax
    return [Tax(rate, net, tax) for rate, (net, tax) in sorted(found.items(), reverse=True) if net or tax]
