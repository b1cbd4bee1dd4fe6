"""The shops of the demo, the orders that they begin with, and the rush at them, through the pages that people use."""

import os
import random
import signal
import subprocess
import sys
from datetime import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from checkout.models import Payment, Refund
from demo.parts import PASSWORD, Demo
from tests.serving import database_url
from tests.waiting import until
from tracking.orders.demo import actors
from tracking.orders.demo.appetite import Wish, dishes_of, wishes
from tracking.orders.demo.setup import orders as set_up_orders
from tracking.orders.demo.shops import PLANS
from tracking.orders.estimating import FEWEST
from tracking.orders.models import Choice, Dish, Line, Order, OrderChange, Promise, Shop, State, Way
from tracking.orders.models.menus import Allergen, Diet
from tracking.orders.models.states import KITCHEN
from tracking.orders.promising import promise_for
from tracking.orders.restocking import restock
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


def test_counted_dishes_have_their_portions_again_the_next_morning(opened, time_machine):
    counted = Dish.objects.exclude(stock=None)
    assert counted.exists() and not counted.filter(portions_a_day=None).exists()
    restock(timezone.now())
    counted.update(stock=0)
    time_machine.move_to("2027-03-03T12:00:00-05:00")
    restock(timezone.now())
    assert not counted.filter(stock=0).exists()


def test_what_was_ordered_was_paid_where_that_is_done_online(opened):
    for order in Order.objects.select_related("shop"):
        assert Payment.objects.came_for(order) == (order.total if order.shop.pays_online else 0)
    order = Order.objects.filter(shop__pays_online=True, state=State.PLACED).first()
    order.refuse("The oven is cold")
    assert sum(refund.amount for refund in Refund.objects.all()) == order.total
    assert Payment.objects.values("token").distinct().count() == Payment.objects.count()


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


# The rush


@pytest.fixture
def rush(grill, menu, olga, settings, monkeypatch, server, make_flight):
    """Customers and the kitchen of the grill, one step at a time; olga's password is the demo's."""
    settings.DEMO = True
    olga.email = "kitchen@airside.example"
    olga.set_password(PASSWORD)
    olga.save()
    EmailAddress.objects.update_or_create(user=olga, defaults={"email": olga.email, "verified": True, "primary": True})
    grill.hours.update(opens=time(0), closes=time(0), kitchen_closes=None)
    monkeypatch.setattr(actors, "CHANCE", random.Random(1))
    make_flight(minutes=120, number="915", gate="B22")
    rush = actors.Rush()
    rush.url, rush.speed = server.url, 100_000
    rush.start(["grill"])
    return rush


def test_it_is_for_demo_mode_only(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("rush", "grill")


def test_a_shop_that_is_not_there_is_one_sentence(grill, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="There is no shop “nowhere”"):
        call_command("rush", "grill", "nowhere")


@pytest.mark.parametrize("way", [Way.COLLECTION, Way.DELIVERY])
def test_customers_order_and_pay_by_the_pages_and_the_kitchen_brings_it_to_them(rush, olga, monkeypatch, way):
    monkeypatch.setattr(actors, "SHARE_TO_GATE", 1 if way == Way.DELIVERY else 0)
    rush.order()
    order = Order.objects.get()
    assert (order.state, order.way, order.gate) == (State.PLACED, way, "B22" if way == Way.DELIVERY else "")
    assert order.email.endswith("@guests.example") and order.was_paid
    while not order.has_ended:
        before = order.revision
        rush.work()
        order.refresh_from_db()
        assert order.revision > before
    assert order.state == (State.DELIVERED if way == Way.DELIVERY else State.COLLECTED)
    assert {change.by for change in order.changes.filter(verb__in=("accept", "start", "bump"))} == {olga}
    rush.work()  # nothing is left to do


def test_combos_and_extras_are_chosen_by_the_form(rush, menu, monkeypatch):
    for name in ("Burger menu", "Margherita"):
        dish = [dish for dish in dishes_of(rush.shops[0], timezone.now()) if dish.name == name]
        monkeypatch.setattr(actors, "dishes_of", lambda shop, at, dish=dish: dish)
        monkeypatch.setattr(actors, "wishes", lambda dishes, chance: [Wish(dishes[0], 2, choices_of_all(dishes[0]))])
        rush.order()
    combo, pizza = Line.objects.order_by("pk")
    assert [part.name for part in combo.parts.all()] == ["Burger", "Cola"]
    assert pizza.unit_price == 1150 + 300 + 200 + 150


def choices_of_all(dish):
    """As many options of each group as may be chosen."""
    return {
        choice.pk: 1 for offered in dish.groups.all() for choice in list(offered.choices.all())[: offered.group.maximum]
    }


def test_stations_are_ready_one_after_another(rush, make_order):
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING)
    rush.work()
    assert [part.is_ready for part in order.parts.all()] == [True, False]
    rush.work()
    order.refresh_from_db()
    assert order.state == State.READY


def test_customers_cancel_and_the_kitchen_says_that_it_has_seen_it(rush):
    rush.order()
    rush.work()
    rush.cancel()
    order = Order.objects.get()
    assert order.state == State.CANCELLED and order.is_unseen
    rush.work()
    order.refresh_from_db()
    assert not order.is_unseen


def test_a_kitchen_takes_its_time(rush, make_order):
    rush.speed = 1
    order = make_order(minutes_ago=0)
    rush.work()
    order.refresh_from_db()
    assert order.state == State.PLACED


def test_it_goes_on_when_it_fails_and_ends_when_told_to(rush, server, tmp_path):
    """Of its own process: it is killed, started again, and told to end."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "AIRSIDE_DEMO": "1", "AIRSIDE_DATA": str(tmp_path)}
    environment["SECRET_KEY"] = site.SECRET_KEY
    command = [sys.executable, site.BASE / "manage.py", "rush", "grill", "--speed=60", f"--url={server.url}"]
    for ends_by, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 0)):
        before = OrderChange.objects.count()
        with subprocess.Popen(command, env=environment) as process:
            # More than one: the server may still be at what the process before it asked for.
            until(lambda: OrderChange.objects.count() > before + 3 or process.poll() is not None, 120)  # noqa: B023
            process.send_signal(ends_by)
            assert process.wait(30) == status
        assert OrderChange.objects.count() > before
