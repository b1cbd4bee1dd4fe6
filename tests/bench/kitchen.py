"""A shop with its kitchen for the bench, in the database of the process that imports this: the burger grill of the demo."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from live import metrics
from tests.bench.people import session_of
from tracking.flights.models import Airport
from tracking.orders.customers.regions import OrderByLink
from tracking.orders.demo.menus.grill import GRILL
from tracking.orders.demo.shops import open_shop
from tracking.orders.kitchen.queue import STAGES
from tracking.orders.kitchen.regions import KitchenColumn, KitchenHead
from tracking.orders.models import Dish, Line, Order, Part, Shop, stock
from tracking.orders.models.states import State
from tracking.orders.placing import Customer, Wanted, place

SLUG = GRILL.slug
ROUTE = {"accept": "accepted", "start": "making", "bump": "ready"}  # verb → the column that it leads to
WANTED = ("French fries", "Cola")
CONTESTED = ("Chicken wings", "Onion rings")  # by customers of the site, and of the bare view


def fill():
    """Open day and night, paid at the shop."""
    if not Shop.objects.exists():
        open_shop(Airport.objects.get(pk="JFK"), GRILL._replace(fields={**GRILL.fields, "pays_online": False}))


def shop():
    return Shop.objects.select_related("airport").get(slug=SLUG)


def open_orders(count):
    """So many open orders, a third of them each to accept, to start and to bump next; four cooks; what their sockets are."""
    fries, cola = (shop().dishes.get(name=name) for name in WANTED)
    orders = []
    for number in range(count):
        order = place(shop(), [Wanted(fries.pk, 2), Wanted(cola.pk)], Customer(f"Customer {number}"))
        for verb in list(ROUTE)[: number % len(ROUTE)]:
            getattr(order, verb)()
        orders.append(order)
    cooks = [User.objects.create_user(f"cook{number}@bench.example") for number in range(4)]
    shop().staff.add(*cooks)
    kitchen = [KitchenHead(slug=SLUG), *(KitchenColumn(slug=SLUG, stage=stage.value) for stage in STAGES)]
    return {
        "orders": [
            [order.pk, list(ROUTE)[number % len(ROUTE)], f"/ws/{OrderByLink(token=order.token).address}"]
            for number, order in enumerate(orders)
        ],
        "cookies": [session_of(cook) for cook in cooks],
        "kitchen": [f"/ws/{region.address}" for region in kitchen],
    }


def renderings():
    """How often each region was rendered for sockets, by the name of its class."""
    samples = [sample for metric in metrics.renders.collect() for sample in metric.samples]
    return {each.labels["region"]: each.value for each in samples if each.name.endswith("_count")}


# The last portions


def last_portions(left):
    """So many are left of two dishes, which others don't contain. Answers the key of the first."""
    Dish.objects.filter(name__in=CONTESTED).update(stock=left, portions_a_day=None)  # so none come back meanwhile
    return {"dish": Dish.objects.get(name=CONTESTED[0]).pk}


def sold():
    """How many orders and portions were sold by the site, and how many are left."""
    lines = Line.objects.filter(name=CONTESTED[0]).exclude(order__state=State.CANCELLED)
    portions = lines.aggregate(sold=Sum("quantity"))["sold"] or 0
    return {"sold": portions, "orders": lines.count(), "left": Dish.objects.get(name=CONTESTED[0]).stock}


def bare():
    """The same rows by the same conditional decrement, without forms, prices, promises, history, or anybody who is told."""
    dish, now = Dish.objects.select_related("shop").get(name=CONTESTED[1]), timezone.now()
    with transaction.atomic():
        if stock.take({dish.pk: 1}):
            return {"end": "gone"}
        moments = {"due_at": now, "earliest": now, "latest": now, "placed_at": now}
        order = Order.objects.create(shop=dish.shop, name="Ada", currency="USD", total=dish.price, **moments)
        price = {"unit_price": dish.price, "amount": dish.price, "tax_rate": dish.rate}
        line = Line.objects.create(order=order, dish=dish, position=0, name=dish.name, quantity=1, **price)
        Part.objects.create(order=order, line=line, dish=dish, station=dish.station, name=dish.name, quantity=1)
    return {"end": "booked"}
