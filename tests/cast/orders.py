"""A shop: ``grill`` at JFK, where olga and omar work, and ``bar`` beside it, where bruno does; their menus, and orders."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from payments import PaymentStatus

from accounts.models import User
from checkout.models import Payment
from tracking.orders.models import Choice, Dish, DishGroup, OptionGroup, Order, Shop, State


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


ROUTE = [State.PLACED, State.ACCEPTED, State.MAKING, State.READY, State.OUT]
STAMPS = {
    State.PLACED: "placed_at",
    State.ACCEPTED: "accepted_at",
    State.MAKING: "making_at",
    State.READY: "ready_at",
    State.OUT: "out_at",
}
COMBOS = {"Burger menu": ["Burger", "Cola"]}  # what stations make of it


@pytest.fixture
def make_order(menu, grill):
    """``make_order({"Burger": 2}, State.MAKING, minutes_ago=16)``: an order of the grill that is in this state, placed then.

    It is due 12 minutes after it was placed. ``is_paid``: with a payment of its total that has come.
    """

    def make(lines=None, state=State.PLACED, minutes_ago=0, is_paid=False, **fields):
        lines = lines or {"Burger": 1}
        placed = timezone.now() - timedelta(minutes=minutes_ago)
        due = fields.get("wanted_at") or placed + timedelta(minutes=12)
        stamps = {STAMPS[each]: placed for each in ROUTE[: ROUTE.index(state) + 1]} if state in ROUTE else {}
        values = {
            "shop": grill,
            "name": "Nora",
            "state": state,
            "currency": grill.currency,
            "total": sum(menu[name].price * quantity for name, quantity in lines.items()),
            "due_at": due,
            "earliest": due,
            "latest": due + timedelta(minutes=4),
            **stamps,
            **fields,
        }
        order = Order.objects.create(**values)
        for position, (name, quantity) in enumerate(lines.items()):
            add_line(order, menu, position, name, quantity)
        order.begin("place")
        if is_paid:
            pay_for(order)
        return order

    return make


def add_line(order, menu, position, name, quantity):
    dish = menu[name]
    line = order.lines.create(
        dish=dish,
        position=position,
        name=name,
        quantity=quantity,
        unit_price=dish.price,
        amount=dish.price * quantity,
        tax_rate=order.shop.tax_rate,
    )
    ready = quantity if order.state in (State.READY, State.OUT) else 0
    for made in COMBOS.get(name, [name]):
        part = menu[made]
        order.parts.create(
            line=line, dish=part, station=part.station, name=made, quantity=quantity, ready=ready, ready_before=0
        )


def pay_for(order):
    money = order.price
    return Payment.objects.create(
        thing=order,
        variant="demo",
        status=PaymentStatus.CONFIRMED,
        amount=money.amount,
        currency=money.currency,
        total=money.units,
        captured_amount=money.units,
        settled_at=timezone.now(),
        description=str(order),
    )
