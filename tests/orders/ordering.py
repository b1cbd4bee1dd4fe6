"""Ordering food in tests: lines by the names of their choices, and ``order_food``."""

import pytest

from tracking.orders.models import Choice
from tracking.orders.placing import Customer, Wanted, place

ADA = Customer("Ada", "ada@example.org")


def choices(dish, **names):
    """``choices(burger, Chips=1)``: as a form or a till sends them, by the keys of the dish's choices."""
    offered = Choice.objects.filter(dish_group__dish=dish, option__name__in=names).select_related("option")
    return {str(choice.pk): names[choice.option.name] for choice in offered}


def wanted(dish, quantity=1, note="", **names):
    return Wanted(dish.pk, quantity, choices(dish, **names), note)


@pytest.fixture
def order_food(grill, menu):
    """``order_food(wanted(menu["Cola"], 2), way=…, key=…)`` at the grill, for Ada."""

    def make(*lines, shop=grill, customer=ADA, **fields):
        return place(shop, lines, customer, **fields)

    return make
