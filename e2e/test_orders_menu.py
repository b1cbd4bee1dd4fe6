"""A customer chooses: what is sold out and what the basket has is the same in every tab, at once; by keyboard; without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from tracking.orders.models import BasketLine, Dish


def dish(page, name):
    return page.locator(".menu-dish").filter(has=page.get_by_role("heading", name=name, exact=True))


def basket(page):
    return page.locator("#basket")


def test_a_basket_is_the_same_in_two_tabs_and_the_menu_follows_the_kitchen(person, menu, grill):
    guest = person()
    guest.goto("/orders/")
    guest.get_by_role("link", name="Grill").click()
    is_live(guest)
    dish(guest, "Cola").get_by_role("button", name="Add Cola").click()
    expect(basket(guest).locator(".menu-lines")).to_contain_text("Cola")
    expect(guest.get_by_role("status").filter(has_text="Cola is in your basket.")).to_be_visible()
    assert not_reloaded(guest)

    tab = guest.context.new_page()
    tab.goto("/orders/grill/")
    is_live(tab)
    expect(basket(tab).locator(".menu-total")).to_contain_text("$2.20")
    dish(guest, "Cola").get_by_role("button", name="Add Cola").click()
    for page in (guest, tab):
        expect(basket(page).locator(".menu-total")).to_contain_text("$4.40")
    basket(tab).get_by_role("button", name="One less: Cola").click()
    for page in (guest, tab):
        expect(basket(page).locator(".menu-total")).to_contain_text("$2.20")

    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    for page in (guest, tab):
        expect(dish(page, "Cola")).to_contain_text("Sold out until")
        expect(dish(page, "Cola").get_by_role("button")).to_have_count(0)
        expect(basket(page)).to_contain_text("Cola is sold out.")
    menu["Cola"].bring_back()
    expect(dish(tab, "Cola").get_by_role("button")).to_be_visible()
    grill.pause()
    expect(tab.locator(".menu-of > header")).to_contain_text("Takes no orders until")
    grill.resume()
    expect(tab.locator(".menu-of > header")).not_to_contain_text("Takes no orders")
    assert not_reloaded(tab)

    basket(guest).get_by_role("button", name="Remove Cola").click()
    expect(basket(tab)).to_contain_text("Nothing chosen yet")
    guest.reload()
    expect(basket(guest)).to_contain_text("Nothing chosen yet")


def test_the_button_follows_what_is_chosen(person, menu):
    guest = person()
    guest.goto(f"/orders/grill/{menu['Margherita'].pk}/")
    is_live(guest)
    button = guest.get_by_role("button", name="Add to the basket")
    expect(button).to_contain_text("$11.50")
    guest.get_by_label("Pepperoni").check()
    expect(button).to_contain_text("$14.50")
    guest.get_by_label("Cheese").check()
    expect(button).to_contain_text("$16.00")
    guest.get_by_label("How many").fill("3")
    guest.get_by_label("How many").blur()
    expect(button).to_contain_text("$48.00")
    assert not_reloaded(guest)
    button.click()
    guest.wait_for_url("**/orders/grill/")
    expect(basket(guest).locator(".menu-total")).to_contain_text("$48.00")
    guest.go_back()
    expect(basket(guest).locator(".menu-total")).to_contain_text("$48.00")


def test_on_a_phone_a_refusal_is_where_the_page_opens_and_no_token_is_in_an_address(person, menu):
    guest = person(viewport={"width": 390, "height": 844})
    asked = []
    guest.on("request", lambda request: asked.append(request.url))
    guest.goto(f"/orders/grill/{menu['Burger menu'].pk}/")
    is_live(guest)
    guest.get_by_label("Burger").check()
    expect(guest.locator("#dish-price")).to_contain_text("All that you chose:")
    guest.get_by_role("button", name="Add to the basket").click()
    alert = guest.get_by_role("alert")
    expect(alert).to_contain_text("Nothing is added yet")
    expect(alert).to_be_in_viewport()
    expect(alert).to_be_focused()
    alert.get_by_role("link", name="Drink").click()
    expect(guest.get_by_text("Drink: choose one.")).to_be_in_viewport()
    guest.get_by_label("Cola").check()
    guest.get_by_role("button", name="Add to the basket").click()
    guest.wait_for_url("**/orders/grill/")
    assert any("?group-" in url for url in asked) and not any("csrf" in url for url in asked)


def test_without_scripts_the_next_page_says_the_price_and_what_is_missing(person, menu):
    guest = person(java_script_enabled=False)
    guest.goto(f"/orders/grill/{menu['Burger'].pk}/")
    guest.get_by_role("button", name="Add to the basket").click()
    expect(guest.get_by_role("alert")).to_contain_text("Nothing is added yet")
    expect(guest.get_by_role("group", name="Side")).to_contain_text("Side: choose one.")
    guest.get_by_label("Chips").check()
    guest.get_by_label("How many").fill("2")
    guest.get_by_role("button", name="Show the price of this choice").click()
    expect(guest.get_by_role("button", name="Add to the basket")).to_contain_text("$31.00")
    expect(guest.get_by_label("Chips")).to_be_checked()
    guest.get_by_role("button", name="Add to the basket").click()
    expect(basket(guest)).to_contain_text("$31.00")
    basket(guest).get_by_role("button", name="One less: Burger").click()
    guest.wait_for_url("**/orders/grill/basket/")
    expect(basket(guest).locator(".menu-total")).to_contain_text("$15.50")


def test_who_must_not_eat_milk_sees_only_what_has_none(person, menu):
    guest = person(java_script_enabled=False)
    guest.goto("/orders/grill/")
    guest.get_by_text("Allergens and diets").click()
    guest.get_by_role("checkbox", name="milk").check()
    for name in ("Burger", "Burger menu", "Margherita", "Milkshake", "Soup"):  # nobody knows what is in the soup
        expect(dish(guest, name)).to_be_hidden()
    expect(dish(guest, "Cola")).to_be_visible()


def test_a_dish_is_chosen_by_keyboard(person, menu):
    guest = person()
    guest.goto("/orders/grill/")
    is_live(guest)
    dish(guest, "Burger").get_by_role("link", name="Choose: Burger").focus()
    guest.keyboard.press("Enter")
    guest.get_by_label("Chips").focus()
    guest.keyboard.press("Space")
    guest.keyboard.press("Enter")
    guest.wait_for_url("**/orders/grill/")
    assert BasketLine.objects.get().dish == menu["Burger"]


@pytest.mark.parametrize("path", ["/orders/", "/orders/grill/", "/orders/grill/basket/", "dish"])
def test_how_it_looks(person, menu, grill, path):
    menu["Soup"].sell_out(timezone.now() + timedelta(hours=1))
    Dish.objects.filter(name="Cola").update(diets=["vegan"], stock=2, about="With ice and a slice of lemon, 0.4 l")
    grill.sections.filter(name="Drinks").update(served_from="06:00", served_until="10:30")
    guest = person(bypass_csp=True)
    guest.goto("/orders/grill/")
    is_live(guest)
    for name in ("Cola", "Milkshake"):
        dish(guest, name).get_by_role("button").click()
        expect(basket(guest)).to_contain_text(name)
    guest.goto(f"/orders/grill/{menu['Margherita'].pk}/" if path == "dish" else path)
    look_at(guest)
