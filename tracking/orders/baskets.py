"""A basket as its pages show it: what each line costs now, and what is wrong with it now."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracking.orders.models import Basket, BasketLine, Choice, Dish, DishGroup
from tracking.orders.totals import Bill, Chosen, Fault, Item, bill, choose
from verbs.refusals import Refused

CHOICES = Choice.objects.select_related("option__dish__station", "option__dish__section__shop__airport")
GROUPS = DishGroup.objects.select_related("group").prefetch_related(Prefetch("choices", CHOICES))


class ReadLine(NamedTuple):
    """``chosen`` is None where its choices can't be ordered any more; ``fault``: why it can't be ordered, or ""."""

    line: BasketLine
    chosen: Chosen | None
    amount: int
    fault: str


class ReadBasket(NamedTuple):
    """Its lines as they are now; the bill is of those that have a price."""

    lines: list[ReadLine]
    bill: Bill

    @property
    def count(self) -> int:
        return sum(read.line.quantity for read in self.lines)

    @property
    def has_faults(self) -> bool:
        return any(read.fault for read in self.lines)


def read_basket(basket: Basket, at: datetime | None = None) -> ReadBasket:
    """``at``: for when it is wanted; None while that is open: a dish may be served at some time of day only."""
    lines = basket.lines.select_related("dish__station", "dish__section__shop__airport", "dish__shop")
    lines = lines.prefetch_related(Prefetch("dish__groups", GROUPS))
    taken: Counter[int] = Counter()
    found = [read_line(line, taken, at) for line in lines]
    priced = [read for read in found if read.chosen]
    items = [Item(read.amount // read.line.quantity, read.line.quantity, read.line.dish.rate) for read in priced]
    return ReadBasket(found, bill(items, currency=basket.shop.currency))


def read_line(line: BasketLine, taken: Counter[int], at: datetime | None) -> ReadLine:
    """``taken``: the portions of each dish that the lines before it have taken; those of this line are added."""
    try:
        chosen = choose(line.dish, line.choices)
    except Fault as fault:
        return ReadLine(line, None, 0, str(fault))
    amount = chosen.unit_price * line.quantity
    try:
        check_there(chosen, line.quantity, taken, at)
    except Refused as fault:
        return ReadLine(line, chosen, amount, str(fault))
    return ReadLine(line, chosen, amount, "")


def check_there(chosen: Chosen, quantity: int, taken: Counter[int], at: datetime | None) -> None:
    """Raise Fault where one of its dishes is sold out, or fewer portions are left than are asked for."""
    if words := chosen.dish.refusal(at):
        raise Fault(words, "dish")
    check_parts(chosen)
    for dish in chosen.dishes:
        needed = chosen.portions[dish.pk] * quantity
        taken[dish.pk] += needed
        if dish.stock is not None and taken[dish.pk] > dish.stock:
            raise Fault(words_of_rest(dish, max(0, dish.stock - taken[dish.pk] + needed)), "quantity")


def check_parts(chosen: Chosen) -> None:
    """Raise Fault where something that it is made of is sold out. A part need not be on the menu by itself."""
    for part in chosen.parts:
        if part.dish.pk != chosen.dish.pk and part.dish.is_out(timezone.now()):
            raise Fault(left_words(part.name, 0), "choices")


def words_of_rest(dish: Dish, left: int) -> str:
    """What other lines of the basket leave of it."""
    if dish.stock and not left:
        return _("No more %(dish)s are left: another line has the last.") % {"dish": dish}
    return left_words(dish.name, left)


def left_words(dish: str, left: int) -> str:
    """Why so many can't be had: so few portions are left."""
    if not left:
        return _("%(dish)s is sold out.") % {"dish": dish}
    words = ngettext("Only one %(dish)s is left.", "Only %(left)s of %(dish)s are left.", left)
    return words % {"dish": dish, "left": left}
