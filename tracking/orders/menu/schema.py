"""The menu as schema.org describes it, for search engines: https://schema.org/Menu."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils import timezone

from money import Money
from tracking.orders.menu.rows import out_words
from tracking.orders.menu.words import least
from tracking.orders.models import Dish, Hours, Shop
from tracking.orders.models.menus import Diet

DIETS = {
    Diet.VEGETARIAN: "VegetarianDiet",
    Diet.VEGAN: "VeganDiet",
    Diet.HALAL: "HalalDiet",
    Diet.KOSHER: "KosherDiet",
}
WEEKDAYS = dict(
    zip("1234567", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


def menu_data(shop: Shop, dishes: list[Dish]) -> dict[str, Any]:
    """The shop with its menu. ``dishes``: all that are on it, by section."""
    return {
        "@context": "https://schema.org",
        "@type": "FoodEstablishment",
        "name": shop.name,
        "description": shop.about,
        "address": f"{shop.where}, {shop.airport.name}",
        "openingHoursSpecification": [hours_data(hours) for hours in shop.hours.all()],
        "hasMenu": {"@type": "Menu", "hasMenuSection": [*sections(shop, dishes)]},
    }


def hours_data(hours: Hours) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [WEEKDAYS[digit] for digit in hours.weekdays],
        "opens": f"{hours.opens:%H:%M}",
        "closes": f"{hours.closes:%H:%M}",
    }


def sections(shop: Shop, dishes: list[Dish]) -> Iterator[dict[str, Any]]:
    for section, found in groupby(dishes, key=lambda dish: dish.section):
        items = [item_data(dish, shop) for dish in found]
        yield {"@type": "MenuSection", "name": section.name if section else shop.name, "hasMenuItem": items}


def item_data(dish: Dish, shop: Shop) -> dict[str, Any]:
    is_there = not out_words(dish, shop, timezone.now())
    return {
        "@type": "MenuItem",
        "name": dish.name,
        "description": dish.about,
        "suitableForDiet": [f"https://schema.org/{DIETS[Diet(diet)]}" for diet in dish.diets if diet in Diet.values],
        "offers": {
            "@type": "Offer",
            "price": str(Money(least(dish), shop.currency).units),
            "priceCurrency": shop.currency,
            "availability": f"https://schema.org/{'InStock' if is_there else 'SoldOut'}",
        },
    }
