"""The shops of the demo and the orders that they begin with."""

import random

import pytest
from django.utils import timezone

from accounts.models import User
from demo.parts import Demo
from tracking.orders.demo.appetite import dishes_of, wishes
from tracking.orders.demo.setup import orders as set_up_orders
from tracking.orders.demo.shops import PLANS
from tracking.orders.estimating import FEWEST
from tracking.orders.models import Choice, Dish, Order, Promise, Shop, State
from tracking.orders.models.menus import Allergen, Diet
from tracking.orders.models.states import KITCHEN
from tracking.orders.promising import promise_for
from tracking.orders.totals import choose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(airports, settings, time_machine):
    """The six shops in the middle of a day; the Demo that they were set up in."""
    settings.DEMO = True
    time_machine.move_to("2027-03-02T12:40:00-05:00")
    return set_up()


def set_up():
    parts = Demo()
    set_up_orders(parts)
    return parts


def test_six_shops_with_menus_that_hold_together(opened):
    assert Shop.objects.count() == 6
    for shop in Shop.objects.all():
        rows = [shop, *shop.hours.all(), *shop.sections.all(), *shop.option_groups.all(), *shop.dishes.all()]
        for row in rows:
            row.full_clean()
        assert len(shop.dishes.all()) >= 10 and shop.stations.exists()
    for row in [*Dish.objects.all(), *Choice.objects.select_related("option")]:
        known = row.allergens if isinstance(row, Dish) else row.option.allergens
        assert set(known or []) <= set(Allergen.values)
    assert all(set(dish.diets) <= set(Diet.values) for dish in Dish.objects.all())


def test_their_menus_show_what_menus_can(opened):
    """Allergens known, none and unknown; a combo; extras priced per dish; some included; breakfast; counted portions."""
    dishes = Dish.objects.all()
    assert {None, ()} < {dish.allergens if dish.allergens is None else tuple(dish.allergens) for dish in dishes}
    combo = dishes.get(is_combo=True)
    assert {choice.option.dish.is_listed for choice in Choice.objects.filter(dish_group__dish=combo)} == {True}
    pepperoni = Choice.objects.filter(option__name="Pepperoni").values_list("price", flat=True)
    assert len(set(pepperoni)) == 2
    bowl = dishes.get(name="Poke bowl").groups.get(group__name="Toppings").group
    assert (bowl.free, bowl.maximum) == (2, 4)
    assert not dishes.get(name="Two eggs").section.is_served(timezone.now())
    assert dishes.filter(stock__gt=0).exists()


def test_every_dish_can_be_ordered_with_whatever_somebody_chooses(opened):
    chance = random.Random(1)
    for shop in Shop.objects.all():
        for wish in [wish for _try in range(40) for wish in wishes(dishes_of(shop, timezone.now()), chance)]:
            assert choose(wish.dish, wish.choices).unit_price >= wish.dish.price


def test_a_cook_works_in_all_kitchens(opened):
    assert [account.email for account in opened.accounts] == ["kitchen@airside.example"]
    assert User.objects.get().shops.count() == len(PLANS)


def test_kitchens_have_begun_and_shops_know_how_long_they_take(opened):
    now = timezone.now()
    grill = Shop.objects.get(slug="runway-grill")
    states = set(grill.orders.values_list("state", flat=True))
    assert {State.PLACED, State.ACCEPTED, State.MAKING, State.READY, State.COLLECTED} <= states
    for shop in Shop.objects.all():
        for size in (1, 4):
            span = promise_for(shop, size, now)
            assert not span.is_estimated, (shop, size)
            assert (span.latest - now).total_seconds() < 60 * (shop.minutes * 3 + 5)
    assert not Order.objects.filter(shop__slug="first-wave-coffee", state__in=KITCHEN).exists()
    assert Order.objects.filter(ready_at__isnull=False).count() > FEWEST * len(PLANS)


def test_those_orders_add_up_and_have_their_history(opened):
    for order in Order.objects.prefetch_related("lines", "parts", "changes", "promises"):
        assert order.total == sum(line.amount for line in order.lines.all())
        told = {change.field: change.after for change in order.changes.all()}
        assert told["state"] == order.state and told["lines"] == order.snapshot()["lines"]
        assert told["parts"] == order.snapshot()["parts"] and told["total"] == str(order.total)
        assert max(change.revision for change in order.changes.all()) == order.revision
        last = order.promises.all()[len(order.promises.all()) - 1]
        assert (last.earliest, last.latest) == (order.earliest, order.latest)
        stamps = [order.placed_at, order.accepted_at, order.making_at, order.ready_at, order.out_at, order.ended_at]
        passed = [stamp for stamp in stamps if stamp]
        assert passed == sorted(passed) and passed[-1] <= timezone.now()
        assert all(part.ready == (part.quantity if order.ready_at else 0) for part in order.parts.all())
    assert not Order.objects.filter(latest__lte=timezone.now(), state__in=KITCHEN).exists(), "late from the start"


def test_what_is_there_stays(opened):
    before = [list(model.objects.order_by("pk").values()) for model in (Shop, Dish, Choice, Order, Promise)]
    set_up()
    assert [list(model.objects.order_by("pk").values()) for model in (Shop, Dish, Choice, Order, Promise)] == before


def test_a_shop_that_is_closed_has_nothing_open(airports, time_machine):
    time_machine.move_to("2027-03-02T04:00:00-05:00")
    set_up()
    assert not Order.objects.filter(shop__slug="tideline-sushi").exists()
    assert Order.objects.filter(shop__slug="runway-grill", state__in=KITCHEN).exists()
