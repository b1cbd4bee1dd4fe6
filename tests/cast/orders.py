"""A shop: ``grill`` at JFK, where olga and omar work, and ``bar`` beside it, where bruno does; their menus, and orders."""

from datetime import time

import pytest

from accounts.models import User
from tracking.orders.models import Choice, Dish, DishGroup, OptionGroup, Shop


def worker(email, name):
    return User.objects.create_user(email, first_name=name)


@pytest.fixture
def olga(db):
    return worker("olga@example.org", "Olga")


@pytest.fixture
def omar(db):
    return worker("omar@example.org", "Omar")


@pytest.fixture
def bruno(db):
    return worker("bruno@example.org", "Bruno")


@pytest.fixture
def grill(airports, olga, omar):
    """Open from 6:00 to 23:00, its kitchen until 22:00; a grill and a bar; 12 minutes, 8 to a gate; prices with 8.875 per cent."""
    shop = Shop.objects.create(
        slug="grill", name="Grill", airport=airports["JFK"], where="Terminal 5, near gate B22", tax_rate="8.875"
    )
    shop.staff.add(olga, omar)
    shop.hours.create(opens=time(6), closes=time(23), kitchen_closes=time(22))
    shop.stations.create(name="Kitchen", position=1)
    shop.stations.create(name="Drinks", position=2)
    return shop


@pytest.fixture
def bar(airports, bruno):
    shop = Shop.objects.create(slug="bar", name="Bar", airport=airports["JFK"], where="Terminal 4", pays_online=False)
    shop.staff.add(bruno)
    shop.hours.create(opens=time(6), closes=time(23))
    return shop


@pytest.fixture
def menu(grill):
    """Its dishes by name: Burger 15.50 with one of two sides, Margherita 11.50 with extras, Cola 2.20, a combo 10.00, Soup (five left)."""
    kitchen, drinks = grill.stations.all()
    mains, cold = (
        grill.sections.create(name="Mains", position=1),
        grill.sections.create(name="Drinks", position=2),
    )

    def dish(name, price, section=mains, station=kitchen, **fields):
        return Dish.objects.create(
            shop=grill, section=section, station=station, name=name, price=price, **{"allergens": [], **fields}
        )

    dishes = {
        "Burger": dish("Burger", 1550, allergens=["gluten", "milk"]),
        "Margherita": dish("Margherita", 1150, allergens=["gluten", "milk"]),
        "Soup": dish("Soup", 700, stock=5, allergens=None),
        "Cola": dish("Cola", 220, cold, drinks),
        "Milkshake": dish("Milkshake", 420, cold, drinks, allergens=["milk"]),
        "Burger menu": dish("Burger menu", 1000, is_combo=True),
    }
    offer(dishes["Burger"], "Side", {"Chips": 0, "Salad": 0}, minimum=1)
    offer(dishes["Margherita"], "Extras", {"Pepperoni": 300, "Mushrooms": 200, "Cheese": 150}, maximum=3)
    offer(dishes["Burger menu"], "Main", {"Burger": 0}, minimum=1, dishes=dishes)
    offer(dishes["Burger menu"], "Drink", {"Cola": 0, "Milkshake": 200}, minimum=1, dishes=dishes)
    return dishes


def offer(dish, name, prices, minimum=0, maximum=1, free=0, dishes=None):
    """A group of options for a dish, with what each costs; those of ``dishes`` are dishes themselves. Gives the DishGroup."""
    group = OptionGroup.objects.create(shop=dish.shop, name=name, minimum=minimum, maximum=maximum, free=free)
    offered = DishGroup.objects.create(dish=dish, group=group)
    for position, (option, price) in enumerate(prices.items()):
        made = group.options.create(name=option, position=position, dish=(dishes or {}).get(option))
        Choice.objects.create(dish_group=offered, option=made, price=price)
    return offered
