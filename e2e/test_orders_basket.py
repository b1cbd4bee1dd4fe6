"""A basket that is kept: through a reload, the back button and another tab; it is ordered once, with the key it was born with."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
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
        page.get_by_label(option).check()
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


def test_what_one_tab_has_ordered_is_gone_from_the_form_in_the_other(ada, grill):
    grill.pays_online = False
    grill.save()
    tab = ada.context.new_page()
    for page in (ada, tab):
        page.goto("/orders/grill/order/")
        is_live(page)
        type_who(page)
    button = "Order and pay $15.50 at the shop"
    ada.get_by_role("button", name=button).click()
    ada.wait_for_url("**/orders/order/**")
    expect(tab.get_by_text("Nothing chosen yet")).to_be_visible()  # there is nothing to order twice
    expect(tab.get_by_role("button", name=button)).to_have_count(0)
    assert not_reloaded(tab)
    assert Order.objects.get().state == State.PLACED
    ada.goto("/orders/grill/")
    is_live(ada)
    expect(basket(ada)).to_contain_text("Nothing chosen yet")
    assert Basket.objects.get().key != Order.objects.get().key


def test_of_two_tabs_without_scripts_the_second_comes_to_the_order_of_the_first(person, menu, grill):
    grill.pays_online = False
    grill.save()
    ada = person(java_script_enabled=False)
    choose(ada, "Burger", "Chips")
    tab = ada.context.new_page()
    for page in (ada, tab):
        page.goto("/orders/grill/order/")
        type_who(page)
    for page in (ada, tab):
        page.get_by_role("button", name="Order and pay $15.50 at the shop").click()
        page.wait_for_url("**/orders/order/**")
    assert tab.url == ada.url and Order.objects.count() == 1


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


def test_the_form_follows_what_runs_out_and_what_another_tab_does_and_keeps_what_is_typed(ada, menu, grill):
    tab = ada.context.new_page()
    tab.goto("/orders/grill/basket/")
    is_live(tab)
    ada.goto("/orders/grill/order/")
    is_live(ada)
    beside = ada.locator(".place-basket")
    pay = ada.get_by_role("button", name=re.compile("^Order and pay"))
    name = ada.get_by_label("Name")
    name.press_sequentially("Ad")
    basket(tab).get_by_role("button", name="One more: Burger").click()
    expect(pay).to_have_text(re.compile(r"\$31\.00"))
    menu["Burger"].sell_out(timezone.now() + timedelta(hours=1))
    expect(beside.locator("tr").filter(has_text="Burger")).to_contain_text("Burger is sold out.")
    expect(pay).to_have_count(0)
    menu["Burger"].bring_back()
    expect(pay).to_be_visible()
    grill.pause()
    expect(beside).to_contain_text("Takes no orders until")
    expect(pay).to_have_count(0)
    grill.resume()
    grill.closings.create(begins=timezone.now() - timedelta(minutes=1), ends=timezone.now() + timedelta(hours=1))
    with transaction.atomic():
        grill.changed()
    expect(beside).to_contain_text("Closed until")
    expect(beside).to_contain_text("Nothing is made now. Choose a time.")
    grill.closings.all().delete()
    with transaction.atomic():
        grill.changed()
    expect(beside).to_contain_text("Open until 23:00")
    expect(name).to_be_focused()
    name.press_sequentially("a")
    expect(name).to_have_value("Ada")
    assert not_reloaded(ada)
    ada.get_by_label("E-mail").fill("ada@example.org")
    pay.click()
    ada.wait_for_url("**/checkout/**")
    assert Order.objects.get().total == 3100


def test_a_delivery_is_ordered_for_a_time_at_the_gate(ada, grill):
    ada.goto("/orders/grill/order/")
    here, there = ada.get_by_label("When do you collect it?"), ada.get_by_label("When at your gate?")
    expect(here).to_be_visible()
    expect(there).to_be_hidden()
    ada.get_by_label("Bring it to the gate").check()
    expect(here).to_be_hidden()
    ada.get_by_label("Your gate, if you give no flight").fill("B22")
    type_who(ada)
    words = there.locator("option").nth(2).text_content()  # the first time may pass while she orders
    there.select_option(label=words)
    ada.get_by_role("button", name=re.compile("^Order and pay")).click()
    ada.wait_for_url("**/checkout/**")
    order = Order.objects.get()
    assert f"{order.wanted_at.astimezone(grill.tz):%H:%M}" == words[-5:] and order.latest == order.wanted_at
    assert order.latest - order.due_at == timedelta(minutes=8)
