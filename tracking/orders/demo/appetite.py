"""What made-up customers order: random dishes with random choices. The same seed gives the same."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch

from tracking.orders.baskets import GROUPS
from tracking.orders.models import Dish, DishGroup, Shop

FIRST = [
    "Ada",
    "Noor",
    "Tomasz",
    "Mei",
    "Kofi",
    "Lena",
    "Ravi",
    "Zoë",
    "Emeka",
    "Inés",
    "Yuki",
    "Omar",
    "Freya",
    "Luca",
]
ITEMS, WEIGHTS = [1, 2, 3, 4, 6], [30, 36, 18, 10, 6]  # how many dishes somebody orders, and how often
MORE = 2  # options above the minimum of a group, at most


class Wish(NamedTuple):
    """A line of an order: ``choices`` by the key of a Choice."""

    dish: Dish
    quantity: int
    choices: dict[int, int]


def dishes_of(shop: Shop, at: datetime | None) -> list[Dish]:
    """What can be ordered there at that time (None: at some time), with all that choosing reads."""
    dishes = shop.dishes.filter(is_listed=True).select_related("shop", "section__shop__airport", "station")
    found = dishes.prefetch_related(Prefetch("groups", GROUPS))
    return [dish for dish in found if not dish.refusal(at)]


def wishes(dishes: Sequence[Dish], chance: random.Random, items: int = 0) -> list[Wish]:
    """So many dishes, by default a random number; some of them twice. Dishes of which few are left are ordered once."""
    left, found = items or chance.choices(ITEMS, WEIGHTS)[0], []
    for dish in chance.sample(dishes, min(left, len(dishes))):
        quantity = 2 if left > 2 and dish.stock is None and chance.random() < 0.3 else 1
        found.append(Wish(dish, quantity, choices_for(dish, chance)))
        left -= quantity
        if left <= 0:
            break
    return found


def choices_for(dish: Dish, chance: random.Random) -> dict[int, int]:
    """One of each option that is chosen. Extras are often left out."""
    return {key: 1 for offered in dish.groups.all() for key in choices_of(offered, chance)}


def choices_of(offered: DishGroup, chance: random.Random) -> list[int]:
    keys = [choice.pk for choice in offered.choices.all() if not (choice.option.dish and choice.option.dish.stock == 0)]
    least, most = offered.group.minimum, min(offered.group.maximum, len(keys))
    count = chance.randint(least, min(most, max(least, offered.group.free) + MORE))
    return chance.sample(keys, count if least or chance.random() < 0.5 else least)


def customer(chance: random.Random) -> str:
    """A name, as it is called out."""
    return chance.choice(FIRST)
