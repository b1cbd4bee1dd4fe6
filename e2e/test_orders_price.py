"""The button of a dish names the price of what is chosen, however fast one chooses and however slow the network is."""

import re

from playwright.sync_api import expect

from e2e.conftest import is_live
from tests.waiting import until

PRICE = re.compile(r"\?group-")


def until_asked(page, asked, number):
    """The routes are told on this thread, and only while it waits for the page."""
    until(lambda: page.wait_for_timeout(10) or len(asked) == number, why="the price was not asked for")


def test_the_price_is_that_of_the_last_choice(person, menu):
    guest = person()
    guest.goto(f"/orders/grill/{menu['Margherita'].pk}/")
    is_live(guest)
    asked = []
    guest.route(PRICE, lambda route: asked.append(route))  # no answer comes while she goes on choosing
    for number, option in enumerate(("Pepperoni", "Mushrooms", "Cheese"), start=1):
        guest.get_by_label(option).check()
        until_asked(guest, asked, number)
    for each in asked:
        each.continue_()
    guest.unroute(PRICE)
    expect(guest.get_by_role("button", name="Add to the basket")).to_contain_text("$18.00")


def test_the_button_keeps_the_focus_while_its_price_comes(person, menu):
    """Who goes on to it by keyboard presses it just then."""
    guest = person()
    guest.goto(f"/orders/grill/{menu['Margherita'].pk}/")
    is_live(guest)
    asked = []
    guest.route(PRICE, lambda route: asked.append(route))
    guest.get_by_label("Pepperoni").check()
    button = guest.get_by_role("button", name="Add to the basket")
    before = button.inner_text()
    button.focus()
    until_asked(guest, asked, 1)
    for each in asked:
        each.continue_()
    expect(button).not_to_have_text(before)
    expect(button).to_be_focused()
