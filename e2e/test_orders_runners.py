"""Runners: what is ready, where to and by when, the PIN, and nobody at the gate; by a thumb on a phone and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from clocks import clock
from e2e.conftest import not_reloaded
from e2e.kitchens import RUNNERS, Keys, button, card, opened
from e2e.test_a_whole_journey import Touch
from tracking.orders.models import Order, State, Way

HANDS = pytest.mark.parametrize("hand", [Touch(), Keys()], ids=["phone", "keyboard"])
PIN = "PIN that the customer says"


def run(page, order):
    return page.locator(f"#run-{order.pk}")


@pytest.fixture
def bring(make_order):
    """``bring(gate, minutes_ago)``: an order that is ready for a gate."""

    def make(gate, minutes_ago=0, **fields):
        return make_order({"Burger": 1}, State.READY, minutes_ago, way=Way.DELIVERY, gate=gate, pin="0427", **fields)

    return make


@HANDS
def test_where_to_by_when_and_the_pin(hand, at_work, person, bring, grill, make_order, olga, omar):
    page, other = at_work(olga, RUNNERS, **hand.options), at_work(omar, RUNNERS)
    late, first = bring("B24"), bring("B22", 9)
    make_order(state=State.READY)  # it is collected at the shop
    expect(page.locator(".run .gate")).to_have_text(["B22", "B24"])  # what has to be there first is on top
    for order in (late, first):
        expect(run(page, order)).to_contain_text(f"by {clock(order.latest, grill.tz)}")
        expect(run(page, order)).to_contain_text("1 × Burger")
    customer = opened(person(), f"/orders/order/{first.token}/")
    expect(customer.locator(".order-pin")).to_have_text("0427")
    expect(page.locator("body")).not_to_contain_text("0427")
    hand.press(run(page, first).get_by_role("button", name="I take it"))
    expect(run(other, first)).to_contain_text("On its way")
    expect(customer.locator(".order-page .states .state").first).to_have_text("On its way")
    hand.write(run(page, first).get_by_label(PIN), "9999")
    hand.press(run(page, first).get_by_role("button", name="Hand over"))
    expect(page.get_by_role("alert")).to_contain_text("4 more tries")
    hand.write(run(page, first).get_by_label(PIN), "0427")
    hand.press(run(page, first).get_by_role("button", name="Hand over"))
    for screen in (page, other):
        expect(screen.locator(".run .gate")).to_have_text(["B24"])
    expect(customer.locator(".order-page .states .state").first).to_have_text("Delivered")
    assert all(map(not_reloaded, (page, other, customer)))


@HANDS
def test_nobody_at_the_gate_then_found_and_handed_over_without_a_pin(hand, at_work, person, bring, olga):
    order = bring("B22")
    page, kitchen = at_work(olga, RUNNERS, **hand.options), at_work(olga)
    customer = opened(person(), f"/orders/order/{order.token}/")
    hand.press(run(page, order).get_by_role("button", name="I take it"))
    hand.press(run(page, order).get_by_role("button", name="Nobody at the gate"))
    expect(run(page, order)).to_contain_text("Nobody was found at gate B22")
    expect(card(kitchen, "ready", order)).to_contain_text("Nobody was found at gate B22")
    expect(customer.locator(".order-page")).to_contain_text("Nobody was found at gate B22")
    hand.press(run(page, order).get_by_role("button", name="I take it"))
    expect(customer.locator(".order-page .states .state").first).to_have_text("On its way")
    hand.press(run(page, order).get_by_role("link", name=order.reference))
    page.wait_for_url(re.compile(r"/kitchen/\d+/"))
    form = page.locator("details.verb").filter(has_text="Hand over without a PIN")
    hand.press(form.locator("summary"))
    hand.press(form.get_by_role("button", name="Hand over without a PIN"))
    expect(page.get_by_role("alert").first).to_contain_text("Why")
    assert Order.objects.get().state == State.OUT  # nobody does so without a reason
    hand.write(form.get_by_label("Why"), "Her phone is flat")
    hand.press(form.get_by_role("button", name="Hand over without a PIN"))
    expect(customer.locator(".order-page .states .state").first).to_have_text("Delivered")
    expect(customer.locator(".order-page")).to_contain_text("Her phone is flat")
    assert not_reloaded(customer)


def test_five_wrong_pins_end_the_guessing(at_work, bring, olga):
    order = bring("B22")
    page = at_work(olga, RUNNERS)
    run(page, order).get_by_role("button", name="I take it").click()
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try.", "0 more tries"):
        run(page, order).get_by_label(PIN).fill("9999")
        run(page, order).get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("alert")).to_contain_text(left)
    run(page, order).get_by_label(PIN).fill("0427")
    run(page, order).get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("alert")).to_contain_text("Hand " + order.reference + " over without one, and say why.")
    assert Order.objects.get().state == State.OUT


def test_a_card_for_a_gate_is_sent_from_the_kitchen_too(at_work, bring, olga, omar):
    order = bring("B22")
    kitchen, page = at_work(olga), at_work(omar, RUNNERS)
    button(kitchen, "ready", order, "On its way").click()
    expect(card(kitchen, "ready", order)).to_have_count(0)
    expect(run(page, order)).to_contain_text("On its way")
