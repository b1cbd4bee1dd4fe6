"""The menu of a shop, as rows: a name of a section, then its dishes. What can't be had now stays on the menu and says so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracking.orders.baskets import GROUPS
from tracking.orders.menu.words import allergen_words, allergens_of, at, diet_words, least, money
from tracking.orders.models import Dish, DishGroup, Option, Section, Shop

FEW = 5  # portions from which on it is said how many are left
SOON = timedelta(hours=24)  # a dish that is sold out for longer doesn't say until when


class MenuRow(NamedTuple):
    """A dish, or the name of a section (``is_section``) with the times at which it is served."""

    id: str
    name: str
    slug: str
    key: int = 0
    about: str = ""
    price: str = ""
    has_more_prices: bool = False
    has_choices: bool = False
    allergens: str = ""
    diets: str = ""
    marks: str = ""  # the classes by which the filter finds it
    out: str = ""
    left: str = ""
    served: str = ""
    is_served: bool = True
    is_section: bool = False


def listed_dishes(shop: Shop) -> list[Dish]:
    """All that is on the menu, by section, with all that it takes to price it."""
    dishes = shop.dishes.filter(is_listed=True).select_related("section").prefetch_related(Prefetch("groups", GROUPS))
    by_section = F("section__position").asc(nulls_first=True)  # what is in no section comes first, on every database
    return list(dishes.order_by(by_section, "section_id", "position", "pk"))


def menu_rows(shop: Shop, dishes: list[Dish], now: datetime) -> Iterator[MenuRow]:
    section: Section | None = None
    for dish in dishes:
        if dish.section:
            dish.section.shop = shop
        if dish.section_id and (section is None or section.pk != dish.section_id):
            section = dish.section
            yield section_row(dish.section, shop, now)
        yield dish_row(dish, shop, now)


def section_row(section: Section, shop: Shop, now: datetime) -> MenuRow:
    return MenuRow(
        f"section-{section.pk}",
        section.name,
        shop.slug,
        served=served_words(section),
        is_served=section.is_served(now),
        is_section=True,
    )


def served_words(section: Section | None) -> str:
    if section is None or section.served_from is None or section.served_until is None:
        return ""
    words = {"from": f"{section.served_from:%H:%M}", "until": f"{section.served_until:%H:%M}"}
    return _("Served from %(from)s to %(until)s") % words


def dish_row(dish: Dish, shop: Shop, now: datetime) -> MenuRow:
    groups = list(dish.groups.all())
    return MenuRow(
        str(dish.pk),
        dish.name,
        shop.slug,
        dish.pk,
        dish.about,
        money(least(dish), shop),
        any(choice.price for offered in groups for choice in offered.choices.all()),
        bool(groups),
        contents(dish),
        diet_words(dish.diets),
        marks(dish),
        out_words(dish, shop, now),
        left_words(dish),
        served_words(dish.section),
        dish.section is None or dish.section.is_served(now),
    )


def contents(dish: Dish) -> str:
    """The allergens that it has whatever one chooses, by which the filter hides it too; and whether there may be more."""
    found = unavoidable(dish)
    if found is None:
        own = [] if dish.is_combo else dish.allergens
        words = _("%(contains)s; not known of what you have to choose: ask at the shop")
        return words % {"contains": allergen_words(own)} if own else allergen_words(None)
    if not may_have_more(dish, found):
        return allergen_words(found)
    words = _("%(contains)s; more, depending on what you choose")
    return words % {"contains": allergen_words(found)} if found else _("Allergens depend on what you choose")


def marks(dish: Dish) -> str:
    """The classes by which the filter hides it: for what is in it whatever one chooses."""
    diets = [f"is-{diet}" for diet in dish.diets or []]
    found = unavoidable(dish)
    return " ".join([*(["unknown"] if found is None else (f"has-{allergen}" for allergen in found)), *diets])


def unavoidable(dish: Dish) -> list[str] | None:
    """The allergens of the dish itself, and those that all options have of which one has to be chosen; None: not known."""
    groups = needed(dish)
    own = [] if dish.is_combo and groups else [dish.allergens]
    return allergens_of([*own, *(common(offered) for offered in groups)])


def may_have_more(dish: Dish, found: list[str]) -> bool:
    """Whether something that can be chosen where one has to choose has more allergens than these, or unknown ones."""
    parts = [option_allergens(choice.option) for offered in needed(dish) for choice in offered.choices.all()]
    return any(part is None or not set(part) <= set(found) for part in parts)


def needed(dish: Dish) -> list[DishGroup]:
    """The groups of which something has to be chosen."""
    return [offered for offered in dish.groups.all() if offered.group.minimum]


def common(offered: DishGroup) -> list[str] | None:
    known = [found for choice in offered.choices.all() if (found := option_allergens(choice.option)) is not None]
    return [code for code in known[0] if all(code in other for other in known)] if known else None


def option_allergens(option: Option) -> list[str] | None:
    found: list[str] | None = option.dish.allergens if option.dish else option.allergens
    return found


def out_words(dish: Dish, shop: Shop, now: datetime) -> str:
    if dish.out_until and dish.out_until > now:
        until = at(dish.out_until, shop, now)
        return _("Sold out until %(time)s") % {"time": until} if dish.out_until - now < SOON else _("Sold out")
    return _("Sold out") if dish.is_out(now) or any(is_out(offered, now) for offered in dish.groups.all()) else ""


def is_out(offered: DishGroup, now: datetime) -> bool:
    """Whether nothing is left of what has to be chosen."""
    there = [choice.option for choice in offered.choices.all() if not is_option_out(choice.option, now)]
    return bool(offered.group.minimum) and not there


def is_option_out(option: Option, now: datetime) -> bool:
    return option.dish is not None and option.dish.is_out(now)


def left_words(dish: Dish) -> str:
    if not dish.stock or dish.stock > FEW:
        return ""
    return ngettext("The last one", "%(left)s left", dish.stock) % {"left": dish.stock}


def next_change(dishes: list[Dish], now: datetime) -> datetime | None:
    """When the next dish that was sold out by hand is there again."""
    coming = [dish.out_until for dish in dishes if dish.out_until and dish.out_until > now]
    inside = [
        choice.option.dish.out_until
        for dish in dishes
        for offered in dish.groups.all()
        for choice in offered.choices.all()
        if choice.option.dish and choice.option.dish.out_until and choice.option.dish.out_until > now
    ]
    return min([*coming, *inside], default=None)
