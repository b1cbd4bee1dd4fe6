"""What customers see while a kitchen works: stages that somebody did or that are expected, dishes that are made one by one, and
what has gone wrong. The kitchen, the runner and the customer have a browser each, and nobody reloads."""

import re

import pytest
from playwright.sync_api import expect

from checkout.models import Refund
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from tracking.orders.models import State, Way

LAPTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def both(person, signed_in, olga):
    """``both(order, path)``: the customer's page of an order, and a page of the shop's staff; both live."""

    def open_both(order, path="/orders/grill/kitchen/"):
        customer, staff = person(bypass_csp=True), signed_in(olga, **LAPTOP)
        for page, address in ((customer, order.get_absolute_url()), (staff, path)):
            page.goto(address)
            is_live(page)
        return customer, staff

    return open_both


def press(kitchen, stage, order, name):
    kitchen.locator(f"#card-{stage}-{order.pk}").get_by_role("button", name=name, exact=True).click()


def stages(customer):
    """Each stage with what is said of its time: {"Placed": "observed", "Ready": "estimated", "Collected": ""}."""
    script = (
        """rows => rows.map(row => [row.querySelector("b").textContent, row.querySelector("i")?.textContent ?? ""])"""
    )
    return dict(customer.locator(".order-bar li").evaluate_all(script))


def made(customer, dish):
    return customer.locator(".order-lines tr").filter(has_text=dish).locator(".state")


def test_one_station_is_done_while_the_other_works_and_each_stage_says_how_it_is_known(both, grill, make_order):
    order = make_order({"Burger": 2, "Cola": 1}, State.ACCEPTED)
    drinks = grill.stations.get(name="Drinks")
    customer, kitchen = both(order)
    expect(customer.locator(".order-bar .now")).to_contain_text("Accepted")
    assert stages(customer) == {
        "Placed": "observed",
        "Accepted": "observed",
        "Being made": "",
        "Ready": "estimated",
        "Collected": "",
    }
    expect(made(customer, "Burger")).to_have_count(0)

    at_the_bar = kitchen.context.new_page()
    at_the_bar.goto(f"/orders/grill/kitchen/?station={drinks.pk}")
    is_live(at_the_bar)
    press(at_the_bar, "accepted", order, "Start")
    expect(customer.locator(".order-bar .now")).to_contain_text("Being made")
    press(at_the_bar, "making", order, "All ready")  # all of this station
    expect(made(customer, "Cola")).to_have_text("made")
    expect(made(customer, "Burger")).to_have_count(0)
    expect(customer.locator(".order-bar .now")).to_contain_text("Being made")  # the grill is not done
    assert stages(customer)["Ready"] == "estimated"

    card = kitchen.locator(f"#card-making-{order.pk}")
    card.get_by_role("button", name="One more Burger is ready").click()
    expect(made(customer, "Burger")).to_have_text("1 of 2 made")
    look_at(customer)
    press(kitchen, "making", order, "All ready")
    expect(customer.locator(".order-bar .now")).to_contain_text("Ready")
    assert stages(customer)["Ready"] == "observed"
    expect(made(customer, "Burger")).to_have_count(0)  # all of it is ready: there is nothing more to say of a line
    expect(customer.locator(".order-page")).to_contain_text("Terminal 5, near gate B22")
    press(kitchen, "ready", order, "Collected")
    expect(customer.locator(".order-page")).to_contain_text("Enjoy your meal.")
    assert set(stages(customer).values()) == {"observed"}
    customer.get_by_text("What happened").click()
    for words in ("Placed", "The kitchen has begun", "It is ready", "Collected"):
        expect(customer.locator(".order-more").filter(has_text="What happened")).to_contain_text(words)
    assert not_reloaded(customer) and not_reloaded(kitchen) and not_reloaded(at_the_bar)


def test_a_delivery_is_not_said_to_be_there_before_somebody_has_brought_it(both, make_order):
    order = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="0427")
    customer, runner = both(order, "/orders/grill/runners/")
    expect(customer.locator(".order-pin")).to_have_text("0427")
    runner.get_by_role("button", name="I take it").click()
    expect(customer.locator(".order-bar .now")).to_contain_text("On its way")
    assert (stages(customer)["On its way"], stages(customer)["At your gate"]) == ("observed", "estimated")
    runner.get_by_role("button", name="Nobody at the gate").click()
    expect(customer.locator(".order-page")).to_contain_text("Nobody was found at gate B22")
    expect(customer.locator(".order-page")).to_contain_text("It is at the shop: Terminal 5, near gate B22.")
    look_at(customer)
    runner.get_by_role("button", name="I take it").click()
    runner.get_by_label("PIN that the customer says").fill("0427")
    runner.get_by_role("button", name="Hand over").click()
    expect(customer.locator(".order-page .states")).to_contain_text("Delivered")
    assert stages(customer)["At your gate"] == "observed"
    expect(customer.locator(".order-pin")).to_have_count(0)
    assert not_reloaded(customer) and not_reloaded(runner)


def test_what_the_shop_refuses_says_why_and_what_comes_back(both, make_order):
    order = make_order({"Burger": 1, "Cola": 1}, is_paid=True)
    customer, kitchen = both(order)
    kitchen.locator(f"#card-placed-{order.pk}").get_by_role("link", name="Refuse …").click()
    panel = kitchen.locator("#panel")
    panel.get_by_role("textbox", name="Why: the customer reads it").fill("The grill is broken")
    panel.get_by_role("button", name="Refuse it").click()
    page = customer.locator(".order-page")
    for words in ("The shop can’t make this order.", "The reason: The grill is broken", "You get $17.70 back"):
        expect(page).to_contain_text(words)
    expect(customer.locator(".order-bar")).to_have_count(0)
    expect(customer.get_by_role("link", name="Back to the menu")).to_be_visible()
    assert [refund.amount for refund in Refund.objects.all()] == [1770]
    look_at(customer)


def test_the_help_says_what_can_be_done_at_each_stage(both, make_order):
    order = make_order({"Burger": 1}, State.ACCEPTED, is_paid=True)
    customer, kitchen = both(order)
    helps = customer.locator(".order-more").filter(has_text="Something is wrong?")
    customer.get_by_text("Something is wrong?").click()
    expect(customer.get_by_text("Cancel the order")).to_be_visible()
    expect(helps).to_contain_text(re.compile(f"go to the shop .*Terminal 5, near gate B22.* {order.reference}"))
    press(kitchen, "accepted", order, "Start")
    expect(customer.get_by_text("Cancel the order")).to_be_hidden()
    expect(helps).to_contain_text("The kitchen has begun, so it can’t be cancelled here any more. Ask at the shop.")
    press(kitchen, "making", order, "All ready")
    press(kitchen, "ready", order, "Collected")
    expect(customer.locator(".order-page")).to_contain_text("Enjoy your meal.")
    expect(helps).to_contain_text("go to the shop")  # a wrong dish is found when it is opened
    expect(helps).not_to_contain_text("can’t be cancelled")


def test_who_presses_cancel_as_the_kitchen_begins_is_told_why_not(person, make_order):
    """The page is without scripts, and so as it was."""
    order = make_order({"Burger": 1}, State.ACCEPTED, is_paid=True)
    page = person(java_script_enabled=False)
    page.goto(order.get_absolute_url())
    page.get_by_text("Cancel the order").click()
    order.start()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("alert")).to_contain_text("The kitchen has begun")
    expect(page.locator(".order-bar .now")).to_contain_text("Being made")
    assert not Refund.objects.exists()
