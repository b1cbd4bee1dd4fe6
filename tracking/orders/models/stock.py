"""Counted portions: taken by a conditional decrement, in the order of the dishes' keys, and given back while nothing is made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F

from tracking.orders.models.menus import Dish


def take(portions: Mapping[int, int]) -> dict[int, int]:
    """Take so many portions of each dish, by key. Returns how many are left of those of which there are too few: the caller
    rolls back then. All takers go by the order of the keys, so that no two of them wait for each other."""
    lacking = {}
    for key in counted(portions):
        of_dish = Dish.objects.filter(pk=key)
        if not of_dish.filter(stock__gte=portions[key]).update(stock=F("stock") - portions[key]):
            left = of_dish.values_list("stock", flat=True).first()
            if left is not None:
                lacking[key] = left
    return lacking


def put_back(portions: Mapping[int, int]) -> bool:
    """Returns whether any of it is counted."""
    keys = counted(portions)
    for key in keys:
        Dish.objects.filter(pk=key).update(stock=F("stock") + portions[key])
    return bool(keys)


def counted(portions: Iterable[int]) -> list[int]:
    """The keys of those dishes whose portions somebody counts, in their order."""
    found = Dish.objects.filter(pk__in=list(portions)).exclude(stock=None)
    return sorted(found.values_list("pk", flat=True))


def unmade(lines: Iterable[Any]) -> dict[int, int]:
    """The portions of these lines that nobody has made yet, by the dish's key. ``totals.Chosen.portions`` is how they were taken."""
    found: Counter[int] = Counter()
    for line in lines:
        parts = list(line.parts.all())
        if line.dish_id and not any(part.is_ready for part in parts):
            found[line.dish_id] += line.quantity
        for part in parts:
            if part.dish_id and part.dish_id != line.dish_id and not part.is_ready:
                found[part.dish_id] += part.quantity
    return dict(found)
