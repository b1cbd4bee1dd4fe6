"""How the menus of the demo are written down. Prices are cents. Allergens are words: "milk nuts", "" for none, None for unknown."""

from collections.abc import Mapping
from datetime import time
from typing import Any, NamedTuple


class Group(NamedTuple):
    """Options with their allergens. Options that are ``dishes`` of the menu have those of the dish. ``most``: of one option."""

    name: str
    options: Mapping[str, str | None]
    minimum: int = 0
    maximum: int = 1
    free: int = 0
    most: int = 1
    dishes: bool = False


class Item(NamedTuple):
    """A dish. ``choices``: for each group by its name, what each option costs with this dish; a number is for all of them. ``stock``: its portions
    of a day."""

    name: str
    price: int
    about: str
    allergens: str | None
    station: str
    diets: str = ""
    choices: Mapping[str, Mapping[str, int] | int] = {}
    minutes: int | None = None
    stock: int | None = None
    tax_rate: str | None = None
    is_combo: bool = False


class Part(NamedTuple):
    """A section of a menu."""

    name: str
    items: list[Item]
    served_from: time | None = None
    served_until: time | None = None


class Plan(NamedTuple):
    """A shop. ``hours``: weekdays, opens, closes, the kitchen closes. ``fields``: of the Shop, where they differ."""

    slug: str
    name: str
    where: str
    about: str
    hours: list[tuple[str, time, time, time | None]]
    stations: list[str]
    groups: list[Group]
    parts: list[Part]
    fields: Mapping[str, Any] = {}
