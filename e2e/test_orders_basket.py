"""A basket that is kept: through a reload, the back button and another tab; it is ordered once, with the key it was born with."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import is_live
from tracking.orders.models import Basket, Order, State


def basket(page):
    return page.locator("#basket")


def total_is(page, words):
    expect(basket(page).locator(".menu-total")).to_contain_text(words)


def choose(page, dish, *options):
    """From the menu to the dish, and into the basket."""
    page.goto("/orders/grill/")
    page.get_by_role("link", name=f"Choose: {dish}", exact=True).click()
    for option in options:
        page.get_by_label(re.compile(f"^{option}")).check()
    page.get_by_role("button", name="Add to the basket").click()
    page.wait_for_url("**/orders/grill/")


def type_who(page):
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.org")


@pytest.fixture
def ada(person, menu):
    """A burger with chips is in her basket; she is at the menu."""
    page = person()
    choose(page, "Burger", "Chips")
    is_live(page)
    total_is(page, "$15.50")
    return page


def test_it_is_kept_through_a_reload_back_and_another_tab(ada):
    key = Basket.objects.get().key
    ada.reload()
    total_is(ada, "$15.50")
    ada.goto("/")
    ada.go_back()
    is_live(ada)
    total_is(ada, "$15.50")
    basket(ada).get_by_role("button", name="One more: Burger").click()
    total_is(ada, "$31.00")
    basket(ada).get_by_role("link", name=re.compile("^Order")).click()
    ada.go_back()
    is_live(ada)
    total_is(ada, "$31.00")
    tab = ada.context.new_page()
    tab.goto("/orders/grill/basket/")
    is_live(tab)
    total_is(tab, "$31.00")
    expect(basket(tab)).to_contain_text("Chips")
    assert Basket.objects.get().key == key


def test_another_browser_has_another_basket(ada, person):
    stranger = person()
    stranger.goto("/orders/grill/")
    is_live(stranger)
    expect(basket(stranger)).not_to_contain_text("Burger")
    choose(stranger, "Burger", "Salad")
    expect(basket(stranger)).to_contain_text("Salad")
    total_is(ada, "$15.50")
    expect(basket(ada)).not_to_contain_text("Salad")


def test_of_two_tabs_with_the_form_one_orders_and_the_other_comes_to_the_same_order(ada, grill):
    grill.pays_online = False
    grill.save()
    tab = ada.context.new_page()
    for page in (ada, tab):
        page.goto("/orders/grill/order/")
        type_who(page)
    ada.get_by_role("button", name="Order and pay $15.50 at the shop").click()
    ada.wait_for_url("**/orders/order/**")
    tab.get_by_role("button", name=re.compile("^Order and pay")).or_(tab.get_by_text("Nothing chosen yet")).wait_for()
    again = tab.get_by_role("button", name=re.compile("^Order and pay"))
    if again.count():
        again.click()
        tab.wait_for_url(ada.url)
    assert Order.objects.get().state == State.PLACED
    ada.go_back()
    ada.goto("/orders/grill/")
    is_live(ada)
    expect(basket(ada)).to_contain_text("Nothing chosen yet")
    assert Basket.objects.get().key != Order.objects.get().key


def test_back_from_the_payment_what_was_typed_is_there_and_it_stays_one_order(ada):
    ada.goto("/orders/grill/order/")
    type_who(ada)
    ada.get_by_label("A note to the shop").fill("No onions")
    pay = ada.get_by_role("button", name="Order and pay $15.50")
    pay.click()
    ada.wait_for_url("**/checkout/**")
    payment = ada.url
    ada.goto("/orders/grill/order/")
    assert ada.get_by_label("A note to the shop").input_value() == "No onions"
    ada.get_by_role("button", name="Order and pay $15.50").click()
    ada.wait_for_url(payment)
    assert Order.objects.count() == 1
    ada.goto("/orders/grill/")
    is_live(ada)
    total_is(ada, "$15.50")  # it is emptied by what is paid, and not before
