"""One order from the menu to the hand, in the browsers of its customer, of the kitchen and of the pickup wall: nobody reloads."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.kitchens import see
from e2e.look import look_at
from e2e.test_a_whole_journey import Keyboard, Touch, button
from tracking.orders.flights import follow_flights
from tracking.orders.models import Order, State

KITCHEN, DISHES, WALL = "/orders/grill/kitchen/", "/orders/grill/kitchen/dishes/", "/orders/grill/wall/"
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}


class Fingers(Touch):
    def choose(self, locator):
        locator.tap()


class Keys(Keyboard):
    def choose(self, locator):
        self.reach(locator)
        locator.page.keyboard.press("Space")


HANDS = pytest.mark.parametrize("hand", [Fingers(), Keys()], ids=["phone", "keyboard"])


def fill_basket(hand, page):
    """A burger with chips, a cola and a milkshake: $21.90."""
    page.goto("/orders/")
    hand.press(page.get_by_role("link", name="Grill"))
    page.wait_for_url("**/orders/grill/")
    is_live(page)
    hand.press(page.get_by_role("link", name="Choose: Burger", exact=True))
    page.wait_for_url(re.compile(r"/orders/grill/\d+/"))
    is_live(page)
    hand.choose(page.get_by_label("Chips"))
    hand.press(button(page, "^Add to the basket"))
    page.wait_for_url("**/orders/grill/")
    is_live(page)
    for name in ("Cola", "Milkshake"):
        hand.press(button(page, f"^Add {name}"))
        expect(page.locator("#basket .menu-lines")).to_contain_text(name)
    expect(page.locator("#basket .menu-total")).to_contain_text("$21.90")


def order_and_pay(hand, page, way="", flight=""):
    """From the basket to the order's page; gives the order."""
    hand.press(page.locator("#basket").get_by_role("link", name=re.compile("^Order")))
    page.wait_for_url("**/orders/grill/order/")
    if way:
        page.get_by_label(re.compile(way)).check()
    if flight:
        hand.write(page.get_by_label("Your flight"), flight)
    hand.write(page.get_by_label("Name"), "Ada")
    hand.write(page.get_by_label("E-mail"), "ada@example.org")
    hand.press(button(page, "^Order and pay"))
    page.wait_for_url("**/checkout/**")
    hand.press(button(page, "^Pay "))
    page.wait_for_url("**/orders/order/**")
    is_live(page)
    return Order.objects.get()


class Screens:
    """The three of them: ``are(order, …)`` waits until each shows what is true."""

    def __init__(self, customer, kitchen, wall):
        self.customer, self.kitchen, self.wall = customer, kitchen, wall

    def are(self, order, words, column, wall):
        """``words`` on the customer's page, the card in this ``column`` alone, and the reference in this list of the ``wall``."""
        expect(self.customer.locator(".order-page .states .state").first).to_have_text(words)
        expect(self.kitchen.locator(f"[id^=card-][id$='-{order.pk}']")).to_have_count(1 if column else 0)
        if column:
            expect(self.kitchen.locator(f"#card-{column}-{order.pk}")).to_be_visible()
        for name, shows in (("ready", wall == "ready"), ("making", wall == "making")):
            expect(self.list_of(name).get_by_text(order.reference)).to_have_count(int(shows))

    def list_of(self, name):
        lists = self.wall.locator(".pickup-lists > div")
        return lists.nth(0) if name == "ready" else lists.nth(1)

    def not_reloaded(self):
        return all(not_reloaded(page) for page in (self.customer, self.kitchen, self.wall))


def tap(hand, page, stage, order, name):
    hand.press(page.locator(f"#card-{stage}-{order.pk}").get_by_role("button", name=name, exact=True))


@HANDS
def test_collected_with_a_recall_and_a_dish_out_of_stock_on_the_way(hand, person, signed_in, olga, grill, menu):
    customer, kitchen, wall = person(**hand.options), signed_in(olga, **TABLET), person()
    screens = Screens(customer, kitchen, wall)
    for page, path in ((kitchen, KITCHEN), (wall, WALL)):
        page.goto(path)
        is_live(page)
    fill_basket(hand, customer)
    order = order_and_pay(hand, customer)
    screens.are(order, "Placed", "placed", "")
    tap(hand, kitchen, "placed", order, "Accept")
    screens.are(order, "Accepted", "accepted", "making")
    tap(hand, kitchen, "accepted", order, "Start")
    screens.are(order, "Being made", "making", "making")

    other, dishes = customer.context.new_page(), kitchen.context.new_page()
    for page, path in ((other, "/orders/grill/"), (dishes, DISHES)):
        page.goto(path)
        is_live(page)
    row = dishes.get_by_role("row").filter(has=dishes.get_by_role("rowheader", name=re.compile("^Milkshake")))
    hand.press(row.get_by_role("button", name="1 hour"))
    shake = other.locator(".menu-dish").filter(has=other.get_by_role("heading", name="Milkshake", exact=True))
    expect(shake).to_contain_text("Sold out until")
    expect(shake.get_by_role("button")).to_have_count(0)
    expect(kitchen.locator(".kitchen-head .out")).to_contain_text("Milkshake")
    take_off(hand, kitchen, order, "1 × Milkshake", "The machine is broken")
    expect(customer.locator(".order-page")).to_contain_text("The machine is broken")
    expect(customer.locator(".order-total, .order-page tfoot").first).to_contain_text("$17.70")
    expect(kitchen.locator(f"#card-making-{order.pk} s")).to_contain_text("Milkshake")
    screens.are(order, "Being made", "making", "making")

    see(kitchen, "making", order)
    expect(kitchen.locator(f"#card-making-{order.pk}").get_by_text("Taken off")).to_have_count(0)
    tap(hand, kitchen, "making", order, "All ready")
    screens.are(order, "Ready", "ready", "ready")
    tap(hand, kitchen, "ready", order, "Recall")
    screens.are(order, "Being made", "making", "making")
    tap(hand, kitchen, "making", order, "All ready")
    screens.are(order, "Ready", "ready", "ready")
    look_at(customer)
    tap(hand, kitchen, "ready", order, "Collected")
    screens.are(order, "Collected", "", "")
    assert screens.not_reloaded() and not_reloaded(other) and not_reloaded(dishes)
    order.refresh_from_db()
    assert (order.state, order.total) == (State.COLLECTED, 1770)
    assert [line.given_back for line in order.lines.all()] == [0, 0, 420]


def take_off(hand, kitchen, order, line, reason):
    """One dish of an order can't be made: by its panel, which closes again."""
    hand.press(kitchen.locator(f"#card-making-{order.pk}").get_by_role("link", name=order.reference))
    panel = kitchen.locator("#panel")
    hand.press(panel.get_by_text("A dish can’t be made"))
    panel.get_by_label("Dish").select_option(label=line)
    form = panel.locator("form").filter(has=kitchen.get_by_label("Dish"))
    hand.write(form.get_by_label("Why"), reason)
    hand.press(form.get_by_role("button", name="Take it off"))
    expect(panel.get_by_role("status")).to_be_visible()
    hand.press(panel.get_by_role("link", name="Close"))


@HANDS
def test_brought_to_another_gate_than_was_thought(hand, person, signed_in, olga, bob, grill, menu, make_flight):
    """The desk changes the gate; the job that follows flights runs here, as tests' servers run none."""
    flight = make_flight(minutes=120, number="915", gate="B20")
    customer, kitchen, runner, desk = (
        person(**hand.options),
        signed_in(olga, **TABLET),
        signed_in(olga, **TABLET),
        signed_in(bob),
    )
    for page, path in ((kitchen, KITCHEN), (runner, "/orders/grill/runners/"), (desk, "/flights/JFK/desk/")):
        page.goto(path)
        is_live(page)
    fill_basket(hand, customer)
    order = order_and_pay(hand, customer, "Bring it to the gate", "B6 915")
    expect(customer.locator(".order-gate .gate")).to_have_text("B20")
    promise = customer.locator(".order-when time")
    before = promise.text_content()
    tap(hand, kitchen, "placed", order, "Accept")
    expect(customer.locator(".order-page .states .state").first).to_have_text("Accepted")
    assert promise.text_content() == before

    desk.locator(f"#desk-{flight.pk}").get_by_role("link", name=re.compile("Change")).click()
    form = desk.locator("#panel form.verb").filter(has_text="Gate").first
    form.get_by_label("Gate").fill("B22")
    form.get_by_role("button", name=re.compile("gate")).click()
    expect(desk.locator(f"#desk-{flight.pk}")).to_contain_text("B22")
    follow_flights(timezone.now())
    expect(customer.locator(".order-gate .gate")).to_have_text("B22")
    expect(promise).not_to_have_text(before)
    expect(kitchen.locator(f"#card-accepted-{order.pk} .gate")).to_have_text("B22")

    tap(hand, kitchen, "accepted", order, "Start")
    tap(hand, kitchen, "making", order, "All ready")
    run = runner.locator(f"#run-{order.pk}")
    expect(run.locator(".gate")).to_have_text("B22")
    hand.press(run.get_by_role("button", name="I take it"))
    expect(customer.locator(".order-page .states .state").first).to_have_text("On its way")
    hand.write(run.get_by_label(re.compile("PIN")), customer.locator(".order-pin").text_content())
    hand.press(run.get_by_role("button", name="Hand over"))
    expect(customer.locator(".order-page .states .state").first).to_have_text("Delivered")
    expect(run).to_have_count(0)
    assert all(not_reloaded(page) for page in (customer, kitchen, runner, desk))
    order.refresh_from_db()
    assert order.state == State.DELIVERED
