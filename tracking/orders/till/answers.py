"""What tills are answered: an order, a list of orders, the menu. Amounts are minor units, times are UTC."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from links.tokens import absolute
from tracking.orders.models import Order, Shop
from tracking.orders.models.hooks import data_of

STAMPS = ("placed_at", "accepted_at", "making_at", "ready_at", "out_at", "ended_at")


def etag_of(order: Order) -> str:
    """Another one after each change: ``revision`` counts those of its history, ``version`` those of its till."""
    return f'"{order.revision}-{order.external_version}"'


def url_of(order: Order) -> str:
    return absolute(reverse("api:till_order", args=[order.reference]))


def order_answer(order: Order) -> dict[str, Any]:
    return summary(order) | {
        "note": order.note,
        "flight": order.flight.designator if order.flight else "",
        **{stamp: moment(getattr(order, stamp)) for stamp in STAMPS},
        "lines": [line_answer(line) for line in order.lines.prefetch_related("parts")],
    }


def summary(order: Order) -> dict[str, Any]:
    """As a list has it. Neither the PIN nor a contact is told to a till."""
    return data_of(order) | {"name": order.name, "wanted_at": moment(order.wanted_at)}


def line_answer(line: Any) -> dict[str, Any]:
    return {
        "dish": line.dish_id,
        "name": line.name,
        "quantity": line.quantity,
        "choices": line.choices,
        "note": line.note,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "tax_rate": str(line.tax_rate),
        "is_void": line.is_void,
        "void_reason": line.void_reason,
        "is_ready": not line.is_void and all(part.is_ready for part in line.parts.all()),
    }


def menu_answer(shop: Shop) -> dict[str, Any]:
    """What can be ordered, with the ids that an order names."""
    dishes = shop.dishes.filter(is_listed=True).select_related("section", "shop")
    found = dishes.prefetch_related("groups__group", "groups__choices__option")
    return {"shop": shop.slug, "currency": shop.currency, "dishes": [dish_answer(dish) for dish in found]}


def dish_answer(dish: Any) -> dict[str, Any]:
    return {
        "dish": dish.pk,
        "name": dish.name,
        "section": dish.section.name if dish.section else "",
        "price": dish.price,
        "tax_rate": str(dish.rate),
        "allergens": dish.allergens,
        "is_out": dish.is_out(timezone.now()),
        "stock": dish.stock,
        "groups": [group_answer(offered) for offered in dish.groups.all()],
    }


def group_answer(offered: Any) -> dict[str, Any]:
    group = offered.group
    return {
        "name": group.name,
        "minimum": group.minimum,
        "maximum": group.maximum,
        "free": group.free,
        "choices": [choice_answer(choice) for choice in offered.choices.all()],
    }


def choice_answer(choice: Any) -> dict[str, Any]:
    return {"choice": choice.pk, "name": choice.option.name, "price": choice.price, "most": choice.most}


def moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def list_answer(orders: Iterable[Order]) -> dict[str, Any]:
    return {"orders": [summary(order) for order in orders]}
