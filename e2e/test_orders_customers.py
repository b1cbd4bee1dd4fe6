"""A customer orders to a gate on a phone, pays, and follows it; what changes is on the open page without a reload."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live
from e2e.look import look_at
from tracking.orders.flights import follow_flights
from tracking.orders.models import Order, State

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}


def fill_basket(page, dish="Burger"):
    page.goto("/orders/grill/")
    page.get_by_role("link", name=re.compile(dish)).first.click()
    page.get_by_label("Chips").check()
    page.get_by_role("button", name=re.compile("Add to the basket")).click()
    expect(page.locator("#basket")).to_contain_text("$15.50")


def test_from_the_menu_to_the_hand(person, server, grill, menu, make_flight):
    flight = make_flight(minutes=180, gate="B22")
    ada = person(**PHONE)
    fill_basket(ada)
    ada.goto("/orders/grill/basket/")
    ada.get_by_role("link", name=re.compile("Order")).last.click()
    look_at(ada)
    ada.get_by_label("Bring it to the gate").check()
    ada.get_by_label("Your flight").fill("b6 1010")
    ada.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    ada.get_by_label("E-mail").fill("nobody")
    ada.get_by_role("button", name="Order and pay $15.50").click()
    expect(ada.locator("#id_email_error")).to_be_visible()
    assert ada.get_by_label("Your flight").input_value() == "b6 1010"  # nothing that was typed is lost
    ada.get_by_label("E-mail").fill("ada@example.org")
    ada.get_by_role("button", name="Order and pay $15.50").click()
    expect(ada.get_by_role("heading", name="Payment")).to_be_visible()
    order = Order.objects.get()
    assert order.state == State.UNPAID and order.gate == "B22"
    ada.goto("/orders/grill/order/")  # back, and once more: it is the same order, and all that was typed is there
    assert ada.get_by_label("E-mail").input_value() == "ada@example.org"
    ada.get_by_role("button", name="Order and pay $15.50").click()
    expect(ada.get_by_role("heading", name="Payment")).to_be_visible()
    ada.get_by_role("button", name="Pay $15.50").click()
    ada.wait_for_url("**/orders/order/**")
    order = Order.objects.get()
    assert order.state == State.PLACED
    follow(ada, order, flight)


def follow(ada, order, flight):
    is_live(ada)
    page = ada.locator(".order-page")
    expect(page).to_contain_text(order.pin)
    look_at(ada)
    ada.evaluate("window.stayed = true")
    for move, words in ((order.accept, "Accepted"), (order.start, "Being made"), (order.bump, "Ready")):
        move()
        expect(page.locator(".order-bar .now")).to_contain_text(words)
    order.send_out()
    expect(page.locator(".order-bar .now")).to_contain_text("On its way")
    flight.assign_gate("C7")
    follow_flights(timezone.now())  # the job that runs every two seconds
    expect(page.locator(".order-gate .gate")).to_have_text("C7")
    expect(page.locator(".order-gate s")).to_have_text("B22")
    order.refresh_from_db()
    order.deliver(order.pin)
    expect(page).to_contain_text("Enjoy your meal")
    assert ada.evaluate("window.stayed")
    look_at(ada)


def test_she_cancels_with_the_question_open_and_it_stays_open_while_the_page_is_pushed(person, make_order):
    order = make_order({"Burger": 1, "Cola": 1})
    ada = person(**PHONE)
    ada.goto(f"/orders/order/{order.token}/")
    is_live(ada)
    ada.get_by_text("Cancel the order").click()
    button = ada.get_by_role("button", name="Yes, cancel it")
    expect(button).to_be_visible()
    order.accept()
    expect(ada.locator(".order-bar .now")).to_contain_text("Accepted")
    expect(button).to_be_visible()
    button.click()
    expect(ada.locator(".order-page")).to_contain_text("This order is cancelled.")
    look_at(ada)


def test_without_script_she_orders_and_cancels_too(person, grill, menu):
    ada = person(java_script_enabled=False, viewport={"width": 390, "height": 844})
    grill.pays_online = False
    grill.save()
    ada.goto("/orders/grill/")
    ada.get_by_role("link", name=re.compile("Burger")).first.click()
    ada.get_by_label("Chips").check()
    ada.get_by_role("button", name=re.compile("Add to the basket")).click()
    ada.wait_for_url("**/orders/grill/")
    ada.goto("/orders/grill/order/")
    ada.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    ada.get_by_label("E-mail").fill("ada@example.org")
    ada.get_by_role("button", name="Order and pay $15.50 at the shop").click()
    expect(ada.locator(".order-bar .now")).to_contain_text("Placed")
    ada.get_by_text("Cancel the order").click()
    ada.get_by_role("button", name="Yes, cancel it").click()
    expect(ada.locator(".order-page")).to_contain_text("This order is cancelled.")


def test_two_tabs_and_a_forged_address(person, make_order):
    order, other = make_order(), make_order()
    ada, tab = person(**PHONE), person(**PHONE)
    for page in (ada, tab):
        page.goto(f"/orders/order/{order.token}/")
        is_live(page)
    order.refuse("The oven is cold")
    for page in (ada, tab):
        expect(page.locator(".order-page")).to_contain_text("The oven is cold")
    for address in (f"/orders/order/{other.pk}/", f"/orders/order/{other.token[:-1]}/"):
        assert ada.goto(address).status == 404
