"""What the menu says: allergens, prices, and until when a shop is open. In the language of the reader."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clocks import earliest, midnight, today, when
from money import Money
from tracking.orders import opening
from tracking.orders.models import Dish, DishGroup, Shop
from tracking.orders.models.menus import Allergen, Diet
from tracking.orders.promising import outlook

LONG = timedelta(hours=20)  # a shop that is open for longer doesn't say until when
ALLERGENS = {str(value): label for value, label in Allergen.choices}
DIETS = {str(value): label for value, label in Diet.choices}


def allergen_words(allergens: Sequence[str] | None) -> str:
    """None: nobody knows. []: none of the 14 is in it. The two are never said alike."""
    if allergens is None:
        return _("Allergens not known: ask at the shop")
    if not allergens:
        return _("None of the 14 allergens")
    return _("Contains %(allergens)s") % {"allergens": listed(allergens, ALLERGENS)}


def diet_words(diets: Sequence[str]) -> str:
    return listed(diets or [], DIETS)


def listed(codes: Iterable[str], labels: dict[str, str]) -> str:
    return ", ".join(str(labels[code]) for code in labels if code in set(codes))


def allergens_of(parts: Iterable[Sequence[str] | None]) -> list[str] | None:
    """Of several things together: None where those of one of them are not known."""
    found: set[str] = set()
    for part in parts:
        if part is None:
            return None
        found |= set(part)
    return [code for code in ALLERGENS if code in found]


def money(amount: int, shop: Shop) -> str:
    return Money(amount, shop.currency).format()


def least(dish: Dish) -> int:
    """The lowest price for which it can be ordered: with what has to be chosen."""
    return dish.price + sum(least_of(offered) for offered in dish.groups.all())


def least_of(offered: DishGroup) -> int:
    """What the cheapest possible choice of a group adds."""
    prices = sorted(choice.price for choice in offered.choices.all() for _one in range(choice.most))
    return sum(prices[: offered.group.minimum][offered.group.free :])


class Status(NamedTuple):
    """``words``: whether it is open, and until when or from when. ``more``: what else one has to know, such as the kitchen's end."""

    words: str
    tone: str
    more: tuple[str, ...]


def status_of(shop: Shop, now: datetime) -> Status:
    span = opening.span_at(shop, now)
    if span is None:
        return Status(closed_words(shop, now), "calm", paused_words(shop, now))
    if span.kitchen <= now:
        more = (_("The shop itself is open until %(time)s.") % {"time": at(span.closes, shop, now)},)
        return Status(kitchen_closed_words(shop, now), "warn", more + paused_words(shop, now))
    words = _("Open") if span.closes - now > LONG else _("Open until %(time)s") % {"time": at(span.closes, shop, now)}
    more = (*kitchen_words(shop, span, now), *paused_words(shop, now), *busy_words(shop, now))
    return Status(words, "warn" if shop.is_paused(now) else "good", more)


def next_status(shop: Shop, now: datetime) -> datetime | None:
    """When the words about a shop change by themselves."""
    span = opening.span_at(shop, now)
    ends = (span.closes, span.kitchen if span.kitchen > now else None) if span else (opening.opens_at(shop, now), None)
    return earliest(*ends, *shop.lever_ends(now), midnight(shop.tz, now))


def shut_words(shop: Shop, now: datetime) -> str:
    """That the shop, or its kitchen, is closed; "" while both are open."""
    span = opening.span_at(shop, now)
    if span is None:
        return closed_words(shop, now)
    return _("The kitchen is closed.") if span.kitchen <= now else ""


def closed_words(shop: Shop, now: datetime) -> str:
    opens = opening.opens_at(shop, now)
    return _("Closed until %(time)s") % {"time": at(opens, shop, now)} if opens else _("Closed")


def kitchen_closed_words(shop: Shop, now: datetime) -> str:
    opens = opening.opens_at(shop, now)
    return _("Kitchen closed until %(time)s") % {"time": at(opens, shop, now)} if opens else _("Kitchen closed")


def kitchen_words(shop: Shop, span: opening.Span, now: datetime) -> tuple[str, ...]:
    if span.kitchen < span.closes and span.kitchen - now < LONG:
        return (_("The kitchen closes at %(time)s.") % {"time": at(span.kitchen, shop, now)},)
    return ()


def paused_words(shop: Shop, now: datetime) -> tuple[str, ...]:
    if not shop.is_paused(now):
        return ()
    return (_("Takes no orders until %(time)s.") % {"time": at(shop.paused_until, shop, now)},)


def busy_words(shop: Shop, now: datetime) -> tuple[str, ...]:
    minutes = shop.busy_now(now)
    return (_("Busy: orders take about %(minutes)s minutes longer.") % {"minutes": minutes},) if minutes else ()


def pace_words(shop: Shop, now: datetime) -> str:
    """How long an order takes that is placed now, or why it could not be made any more; "" where nothing is made, as the status says."""
    if shop.is_paused(now) or shut_words(shop, now):
        return ""
    view = outlook(shop, 1, now)
    if not opening.is_orderable(shop, now, view.minutes):
        return opening.not_now(shop, now, view.minutes)
    low, high = view.found.low + view.busy, view.minutes
    if low == high:
        words = ngettext(
            "Order now: ready in about %(high)s minute.", "Order now: ready in about %(high)s minutes.", high
        )
        return words % {"high": high}
    return _("Order now: ready in %(low)s to %(high)s minutes.") % {"low": low, "high": high}


def at(moment: datetime | None, shop: Shop, now: datetime) -> str:
    return when(moment, shop.tz, today(shop.tz, now))
