"""Something was wrong with a dish: its customer comes back to the shop, and gets its money back."""

import re

from playwright.sync_api import expect

from checkout.models import Refund
from e2e.conftest import is_live, not_reloaded
from e2e.kitchens import HANDS, KITCHEN, opened
from e2e.look import look_at
from tracking.orders.models import State


def find(hand, kitchen, reference):
    hand.press(kitchen.locator("summary").filter(has_text="More"))
    hand.write(kitchen.get_by_label("Find an order by its reference"), reference)
    hand.press(kitchen.get_by_role("button", name="Find"))


@HANDS
def test_an_order_is_found_by_its_reference_and_a_dish_is_paid_back(hand, person, signed_in, make_order, olga):
    order = make_order({"Burger": 1, "Cola": 2}, State.READY, is_paid=True, email="nora@example.org")
    order.collect()
    customer, kitchen = person(), signed_in(olga, **hand.options, bypass_csp=True)
    customer.goto(order.get_absolute_url())
    is_live(customer)
    opened(kitchen, KITCHEN)
    find(hand, kitchen, "XXXXXX")
    expect(kitchen.get_by_text("There is no order “XXXXXX” here.")).to_be_visible()
    find(hand, kitchen, order.reference.lower())
    kitchen.wait_for_url(f"**/kitchen/{order.pk}/")
    panel = kitchen.locator("#panel")
    hand.press(panel.get_by_text("Something was wrong with a dish"))
    form = panel.locator("form").filter(has=kitchen.get_by_role("button", name="Give its money back"))
    form.get_by_label("Dish").select_option(label="2 × Cola: $4.40")
    hand.write(form.get_by_label("Why"), "It was warm")
    hand.press(form.get_by_role("button", name="Give its money back"))
    expect(panel.get_by_role("status")).to_contain_text("The money is given back.")
    expect(panel.locator("li").filter(has_text="Money given back")).to_contain_text("Olga")  # who, and when
    expect(panel.locator("li").filter(has_text="Money given back").locator("time, .at").first).to_have_text(
        re.compile(r"\d\d:\d\d")
    )
    expect(customer.locator(".order-page")).to_contain_text("$4.40 paid back")
    assert not_reloaded(customer)
    assert Refund.objects.get().amount == 440
    look_at(kitchen)
