"""What one may choose with a dish, and what is in it: bounds of a group, options at no charge, combos, allergens."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import is_live
from e2e.look import look_at
from tests.cast.orders import offer
from tracking.orders.models import BasketLine, Dish, OptionGroup

ADD = "Add to the basket"


def open_dish(page, dish):
    page.goto(f"/orders/grill/{dish.pk}/")
    is_live(page)


def option(page, name):
    return page.locator(".menu-option").filter(has_text=name).locator("input")


def added(page):
    page.get_by_role("button", name=ADD).click()
    page.wait_for_url("**/orders/grill/")


@pytest.fixture
def guest(person, menu):
    return person(bypass_csp=True)


def test_too_few_and_too_many_are_told_at_their_group_and_nothing_is_lost(guest, menu):
    offer(menu["Soup"], "Toppings", {"Bread": 100, "Egg": 150, "Nori": 50}, minimum=1, maximum=2)
    open_dish(guest, menu["Soup"])
    expect(guest.get_by_role("group", name="Toppings")).to_contain_text("Choose 1 to 2")
    guest.get_by_label("A wish for the kitchen").fill("Not hot")
    guest.get_by_role("button", name=ADD).click()
    group = guest.get_by_role("group", name="Toppings")
    expect(group.locator(".error")).to_have_text("Toppings: choose one.")
    for name in ("Bread", "Egg", "Nori"):
        option(guest, name).check()
    guest.get_by_role("button", name=ADD).click()
    expect(group.locator(".error")).to_have_text("Toppings: choose 2 at most.")
    assert guest.get_by_label("A wish for the kitchen").input_value() == "Not hot"
    expect(option(guest, "Egg")).to_be_checked()
    assert not BasketLine.objects.exists()
    option(guest, "Egg").uncheck()
    added(guest)
    expect(guest.locator("#basket .menu-total")).to_contain_text("$8.50")
    expect(guest.locator("#basket")).to_contain_text("“Not hot”")


def test_so_many_options_are_included_the_cheapest_ones(guest, menu):
    OptionGroup.objects.filter(name="Extras").update(free=1)
    open_dish(guest, menu["Margherita"])
    expect(guest.get_by_role("group", name="Extras")).to_contain_text("If you like, up to 3, 1 included")
    button = guest.get_by_role("button", name=ADD)
    option(guest, "Pepperoni").check()
    expect(button).to_contain_text("$11.50")
    option(guest, "Cheese").check()
    expect(button).to_contain_text("$14.50")
    added(guest)
    lines = guest.locator("#basket .menu-lines")
    expect(lines).to_contain_text("Pepperoni +$3.00")
    expect(lines).to_contain_text("Cheese (included)")
    expect(guest.locator("#basket .menu-total")).to_contain_text("$14.50")


def test_an_option_has_a_price_of_its_own_with_each_dish(guest, menu):
    """The same option costs 3.00 on a pizza and 2.00 on a soup."""
    group = OptionGroup.objects.get(name="Extras")
    offered = menu["Soup"].groups.create(group=group)
    offered.choices.create(option=group.options.get(name="Pepperoni"), price=200)
    for dish, price in (("Margherita", "+$3.00"), ("Soup", "+$2.00")):
        open_dish(guest, menu[dish])
        expect(guest.locator(".menu-option").filter(has_text="Pepperoni")).to_contain_text(price)
    expect(guest.locator(".menu-option")).to_have_count(1)  # the others are not offered with the soup


def test_a_combo_is_sold_out_with_what_it_is_made_of(guest, menu):
    open_dish(guest, menu["Burger menu"])
    option(guest, "Burger").check()
    option(guest, "Milkshake").check()
    expect(guest.get_by_role("button", name=ADD)).to_contain_text("$12.00")
    added(guest)
    line = guest.locator("#basket .menu-lines")
    for words in ("Burger menu", "Burger", "Milkshake +$2.00"):
        expect(line).to_contain_text(words)
    menu["Milkshake"].count(0)
    expect(guest.locator("#basket")).to_contain_text("Milkshake is sold out.")
    menu["Burger"].count(0)  # nothing is left of what has to be chosen
    combo = guest.locator(".menu-dish").filter(has=guest.get_by_role("heading", name="Burger menu", exact=True))
    expect(combo).to_contain_text("Sold out")


def test_none_of_the_allergens_and_not_known_are_two_things(guest, menu):
    Dish.objects.filter(name="Soup").update(allergens=None)
    guest.goto("/orders/grill/")
    is_live(guest)

    def said(dish):
        return guest.locator(".menu-dish").filter(has=guest.get_by_role("heading", name=dish, exact=True))

    expect(said("Cola")).to_contain_text("None of the 14 allergens")
    expect(said("Soup")).to_contain_text("Allergens not known: ask at the shop")
    expect(said("Burger").first).to_contain_text("Contains cereals with gluten, milk")
    expect(said("Burger menu")).to_contain_text("Contains cereals with gluten, milk")
    guest.get_by_text("Allergens and diets").click()
    guest.get_by_role("checkbox", name="milk").check()
    expect(said("Cola")).to_be_visible()
    expect(said("Soup")).to_be_hidden()  # nobody knows
    look_at(guest)


def test_all_that_is_chosen_counts_and_one_unknown_part_makes_all_unknown(guest, menu):
    open_dish(guest, menu["Burger menu"])
    option(guest, "Burger").check()
    option(guest, "Cola").check()
    price = guest.locator("#dish-price")
    expect(price).to_contain_text("All that you chose: Contains cereals with gluten, milk")
    Dish.objects.filter(name="Cola").update(allergens=None)
    option(guest, "Milkshake").check()
    option(guest, "Cola").check()
    expect(price).to_contain_text("Allergens not known: ask at the shop")
