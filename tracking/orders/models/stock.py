"""Counted portions: taken by a conditional decrement, in the order of the dishes' keys, and given back while nothing is made."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from tracking.orders.models.menus import Dish


class Taken(NamedTuple):
    """By the key of a dish that is counted: how many portions are left now; and those of which there were too few."""

    left: dict[int, int]
    lacking: dict[int, int]


def take(portions: Mapping[int, int]) -> Taken:
    """Take so many portions of each dish, by key. The caller rolls back where some are lacking. All takers go by the order of
    the keys, so that no two of them wait for each other."""
    keys = counted(portions)
    short = [key for key in keys if not take_of(key, portions[key])]
    stocks = Dish.objects.filter(pk__in=keys).exclude(stock=None).values_list("pk", "stock") if keys else ()
    left = {key: count for key, count in stocks if count is not None}
    return Taken(left, {key: left[key] for key in short if key in left})


def take_of(key: int, count: int) -> int:
    return Dish.objects.filter(pk=key, stock__gte=count).update(stock=F("stock") - count)


def put_back(portions: Mapping[int, int], day: datetime) -> bool:
    """Returns whether any of it is counted. ``day``: a moment of that for which they were taken (``Order.is_for``). Once the
    portions of a later day are there, those of an earlier one are nobody's."""
    keys = counted(portions)
    for key in keys:
        Dish.objects.filter(pk=key).exclude(restocked_at__gt=day).update(stock=F("stock") + portions[key])
    return bool(keys)


def restock(dish: Dish, opened: datetime) -> None:
    """Its shop has opened for a day: it has its portions of the day, less those that were ordered for it before.

    Orders lock a dish when they take portions of it; so they are counted under that lock, and after those of the moment.
    """
    with transaction.atomic():
        dish.shop.lock()
        dish.refresh_from_db(from_queryset=Dish.objects.select_for_update(no_key=True))
        if dish.portions_a_day is None or (dish.restocked_at and dish.restocked_at >= opened):
            return
        ahead = dish.shop.orders.open_or_unpaid().filter(made_at__lt=opened, wanted_at__gte=opened)
        lines = [line for order in ahead.prefetch_related("lines__parts") for line in order.lines.all()]
        gone = of(line for line in lines if not line.is_void).get(dish.pk, 0)
        dish.stock, dish.restocked_at = max(0, dish.portions_a_day - gone), opened
        dish.save(update_fields=["stock", "restocked_at"])
        dish.shop.menu_changed()


def counted(portions: Iterable[int]) -> list[int]:
    """The keys of those dishes whose portions somebody counts, in their order."""
    found = Dish.objects.filter(pk__in=list(portions)).exclude(stock=None)
    return sorted(found.values_list("pk", flat=True))


def unmade(lines: Iterable[Any]) -> dict[int, int]:
    """The portions of these lines that nobody has made yet, by the dish's key."""
    return of(lines, lambda part: not part.is_ready)


def of(lines: Iterable[Any], counts: Callable[[Any], bool] = lambda part: True) -> dict[int, int]:
    """The portions of these lines, by the dish's key, as they were taken (``totals.Chosen.portions``). ``counts``: which parts
    of a line to count; the dish itself counts where all of them do."""
    found: Counter[int] = Counter()
    for line in lines:
        parts = list(line.parts.all())
        if line.dish_id and all(counts(part) for part in parts):
            found[line.dish_id] += line.quantity
        for part in parts:
            if part.dish_id and part.dish_id != line.dish_id and counts(part):
                found[part.dish_id] += part.quantity
    return dict(found)
