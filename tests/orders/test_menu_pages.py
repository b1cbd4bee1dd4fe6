"""The menu, the pages of dishes and the basket, as a browser without scripts and as htmx ask for them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clocks import clock
from live.regions import find
from tests.html import one_line
from tests.orders.test_totals import keys
from tracking.orders.menu.rows import listed_dishes, menu_rows
from tracking.orders.models import Basket, BasketLine, Choice
from tracking.orders.promising import outlook

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def choice(dish, name):
    return Choice.objects.get(dish_group__dish=dish, option__name=name)


def asked(dish, *names, **fields):
    """What the form of a dish sends."""
    chosen = [choice(dish, name) for name in names]
    return {
        f"group-{one.dish_group_id}": [str(each.pk) for each in chosen if each.dish_group == one.dish_group]
        for one in chosen
    } | fields


def add(client, dish, *names, **fields):
    return client.post(f"/orders/grill/{dish.pk}/add/", asked(dish, *names, **fields))


def page_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return one_line(response.text)


# The menu


def test_a_menu_says_two_closing_times_and_what_dishes_cost_at_least(client, menu):
    page = page_of(client, "/orders/grill/")
    assert "Open until 23:00" in page and "The kitchen closes at 22:00." in page
    assert "$15.50" in page and "$11.50" in page
    assert "Contains cereals with gluten, milk" in page


def pace_at(grill, time_machine, clock):
    hour, minute = map(int, clock.split(":"))
    moment = timezone.now().astimezone(grill.tz).replace(hour=hour, minute=minute, second=0)
    time_machine.move_to(moment, tick=False)
    return find("menu/grill/pace/")


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("14:00", "Order now: ready in"),
        ("21:58", "The kitchen closes at 22:00: this can’t be ready by then. The next possible time is"),
        ("22:30", '<p class="menu-pace"></p>'),
        ("23:30", '<p class="menu-pace"></p>'),
    ],
)
def test_a_menu_says_how_long_an_order_takes(client, grill, menu, time_machine, clock, words):
    pace = pace_at(grill, time_machine, clock)
    assert words in one_line(pace.render().html) and words in page_of(client, "/orders/grill/")


def test_that_is_longer_where_more_is_open_and_nothing_while_it_is_paused(grill, menu, time_machine):
    pace = pace_at(grill, time_machine, "14:00")
    before = pace.context()["pace"]
    grill.be_busy(20)
    assert str(outlook(grill, 1, timezone.now()).minutes) in pace_at(grill, time_machine, "14:00").context()["pace"]
    assert pace_at(grill, time_machine, "14:00").context()["pace"] not in (before, "")
    grill.pause()
    assert pace_at(grill, time_machine, "14:00").context()["pace"] == ""


def test_it_is_read_once_a_minute_while_the_shop_is_open(grill, time_machine):
    pace = pace_at(grill, time_machine, "14:00")
    assert pace.stale_at(timezone.now()) == timezone.now() + timedelta(minutes=1)
    assert f"menu-{grill.pk}" in pace.topics()
    pace = pace_at(grill, time_machine, "23:30")
    assert pace.stale_at(timezone.now()) > timezone.now() + timedelta(minutes=1)


@pytest.mark.parametrize(("clock", "words"), [("22:30", "Kitchen closed until"), ("23:30", "Closed until")])
def test_a_shop_whose_kitchen_is_closed_is_not_called_open(client, grill, menu, time_machine, clock, words):
    pace_at(grill, time_machine, clock)
    page = page_of(client, "/orders/grill/")
    assert words in page and ">Open until" not in page
    assert ("The shop itself is open until 23:00." in page) == (clock == "22:30")


def test_none_and_not_known_are_two_things(client, menu):
    page = page_of(client, "/orders/grill/")
    assert page.count("None of the 14 allergens") == 1
    assert page.count("Allergens not known: ask at the shop") == 1


def test_the_line_of_allergens_has_what_every_choice_adds_where_one_has_to_choose(client, grill, menu):
    def line(name):
        return next(row.allergens for row in menu_rows(grill, listed_dishes(grill), timezone.now()) if row.name == name)

    def sides(**allergens):
        for name, found in allergens.items():
            menu["Burger"].groups.get().group.options.filter(name=name).update(allergens=found)

    own = "Contains cereals with gluten, milk"
    assert line("Burger menu") == own, "its only main dish has them, and no drink has more"
    assert line("Burger") == f"{own}; not known of what you have to choose: ask at the shop"
    sides(Chips=["eggs"], Salad=["eggs"])
    assert line("Burger") == "Contains cereals with gluten, eggs, milk"
    assert "Contains cereals with gluten, eggs, milk" in page_of(client, f"/orders/grill/{menu['Burger'].pk}/")
    assert "All that you chose" not in page_of(client, f"/orders/grill/{menu['Burger'].pk}/"), "a side has to come"
    sides(Salad=["eggs", "mustard"])
    assert line("Burger") == "Contains cereals with gluten, eggs, milk; more, depending on what you choose"
    type(menu["Burger"]).objects.filter(pk=menu["Burger"].pk).update(allergens=[])
    sides(Salad=[])
    assert line("Burger") == "Allergens depend on what you choose"
    assert line("Margherita") == own, "no extra has to be chosen"


def test_the_filter_hides_what_contains_something_whatever_one_chooses(grill, menu):
    def marks(name):
        return next(row.marks for row in menu_rows(grill, listed_dishes(grill), timezone.now()) if row.name == name)

    assert marks("Burger menu") == "has-gluten has-milk", "its only main dish has them"
    assert marks("Burger") == "unknown", "a side has to be chosen, and nobody knows what is in either"
    menu["Burger"].groups.get().group.options.filter(name="Chips").update(allergens=["celery"])
    assert marks("Burger") == "has-gluten has-milk has-celery"
    menu["Burger"].groups.get().group.options.filter(name="Salad").update(allergens=["mustard"])
    assert marks("Burger") == "has-gluten has-milk"
    assert marks("Soup") == "unknown" and marks("Cola") == ""


def test_dishes_without_a_section_come_first(grill, menu):
    type(menu["Cola"]).objects.filter(pk=menu["Cola"].pk).update(section=None)
    names = [row.name for row in menu_rows(grill, listed_dishes(grill), timezone.now())]
    assert names[:2] == ["Cola", "Mains"] and names[-2:] == ["Drinks", "Milkshake"]


def test_what_is_sold_out_cant_be_added_from_the_menu(client, grill, menu):
    until = timezone.now() + timedelta(minutes=30)
    menu["Cola"].sell_out(until)
    page = page_of(client, "/orders/grill/")
    assert f"Sold out until {clock(until, grill.tz)}" in page
    assert f"/orders/grill/{menu['Cola'].pk}/add/" not in page
    menu["Cola"].bring_back()
    assert f"/orders/grill/{menu['Cola'].pk}/add/" in page_of(client, "/orders/grill/")


def test_a_combo_is_sold_out_with_the_only_dish_that_it_needs(client, menu):
    menu["Burger"].sell_out(timezone.now() + timedelta(days=3))
    page = page_of(client, "/orders/grill/")
    assert page.count("Sold out") >= 2 and "Sold out until" not in page


def test_a_section_says_when_it_is_served(client, menu, grill):
    grill.sections.filter(name="Mains").update(served_from="06:00", served_until="10:30")
    assert "Served from 06:00 to 10:30" in page_of(client, "/orders/grill/")


def test_few_portions_are_counted_aloud(client, menu):
    assert "5 left" in page_of(client, "/orders/grill/")
    menu["Soup"].count(1)
    assert "The last one" in page_of(client, "/orders/grill/")
    menu["Soup"].count(0)
    assert "Sold out" in page_of(client, "/orders/grill/")


def test_the_list_of_shops_says_which_are_open(client, grill, bar):
    bar.hours.all().delete()
    page = page_of(client, "/orders/")
    assert "Open until 23:00" in page and ">Closed<" in page


def test_a_menu_is_described_for_programs(client, menu):
    page = client.get("/orders/grill/").text
    assert '"@type": "Menu"' in page and '"price": "15.50"' in page
    menu["Cola"].name = "</script><script>alert(1)"
    menu["Cola"].save()
    assert "<script>alert" not in client.get("/orders/grill/").text


def test_no_such_shop_and_no_dish_of_another_shop(client, menu, bar):
    assert client.get("/orders/nowhere/").status_code == 404
    assert client.get(f"/orders/bar/{menu['Cola'].pk}/").status_code == 404
    assert client.post(f"/orders/bar/{menu['Cola'].pk}/add/").status_code == 404


def test_a_dish_off_the_menu_has_no_page(client, menu):
    type(menu["Cola"]).objects.filter(pk=menu["Cola"].pk).update(is_listed=False)
    assert client.get(f"/orders/grill/{menu['Cola'].pk}/").status_code == 404


# A dish and its price


def test_the_button_says_what_exactly_this_choice_costs(client, menu):
    pizza = menu["Margherita"]
    url = f"/orders/grill/{pizza.pk}/"
    assert 'Add to the basket</span> <span class="figure">$11.50</span>' in page_of(client, url)
    query = asked(pizza, "Pepperoni", "Cheese", quantity="3")
    assert 'Add to the basket</span> <span class="figure">$48.00</span>' in one_line(client.get(url, query).text)
    fragment = one_line(client.get(url, query, **HTMX).text)
    assert "$48.00" in fragment and "<html" not in fragment


def test_a_price_is_no_price_for_an_absurd_choice(client, menu):
    pizza = menu["Margherita"]
    fragment = client.get(f"/orders/grill/{pizza.pk}/", asked(pizza, "Cheese", quantity="١٢"), **HTMX).text
    assert "Write a whole number from 1 to 50." in fragment


def test_what_all_that_was_chosen_contains(client, menu):
    combo = menu["Burger menu"]
    url = f"/orders/grill/{combo.pk}/"
    assert "Contains cereals with gluten, milk" in client.get(url, asked(combo, "Burger", "Milkshake"), **HTMX).text
    pizza = menu["Margherita"]
    unknown = client.get(f"/orders/grill/{pizza.pk}/", asked(pizza, "Cheese"), **HTMX).text
    assert "Allergens not known" in unknown


# Adding


def test_a_choice_goes_into_the_basket_and_the_next_page_says_its_price(client, menu):
    pizza = menu["Margherita"]
    response = add(client, pizza, "Pepperoni", "Cheese", quantity="2", note="no basil")
    assert response.status_code == 303 and response["Location"] == "/orders/grill/"
    line = BasketLine.objects.get()
    assert (line.dish, line.quantity, line.note) == (pizza, 2, "no basil")
    assert line.choices == {str(pk): 1 for pk in keys(pizza, Pepperoni=1, Cheese=1)}
    page = page_of(client, "/orders/grill/basket/")
    assert "$32.00" in page and "Pepperoni +$3.00" in page and "no basil" in page and "of which tax, 8.875 %" in page


def test_cents_are_the_same_on_the_menu_and_in_the_basket(client, menu, grill):
    """Two of a cent, and one of 16.00: with the tax in the prices it is 16.02, never 16.03."""
    type(menu["Cola"]).objects.filter(pk=menu["Cola"].pk).update(price=1)
    type(menu["Soup"]).objects.filter(pk=menu["Soup"].pk).update(price=1600)
    add(client, menu["Cola"], quantity="2")
    add(client, menu["Soup"])
    page = page_of(client, "/orders/grill/")
    assert "$0.01" in page and "$0.02" in page and "$16.02" in page


def test_the_same_again_is_one_line(client, menu):
    add(client, menu["Cola"])
    add(client, menu["Cola"], quantity="2")
    assert BasketLine.objects.get().quantity == 3
    add(client, menu["Cola"], note="no ice")
    assert BasketLine.objects.count() == 2


@pytest.mark.parametrize(
    ("dish", "names", "fields", "words"),
    [
        ("Burger", [], {}, "Side: choose one."),
        ("Burger", ["Chips", "Salad"], {}, "Side: choose only one."),
        ("Cola", [], {"quantity": "0"}, "Write a whole number from 1 to 50."),
        ("Cola", [], {"quantity": "-1"}, "Write a whole number from 1 to 50."),
        ("Cola", [], {"quantity": "1.5"}, "Write a whole number from 1 to 50."),
        ("Cola", [], {"quantity": "1000000000"}, "Write a whole number from 1 to 50."),
        ("Cola", [], {"note": "x" * 121}, "Write 120 letters at most."),
        ("Cola", [], {"group-1": "999999"}, "This option isn’t offered with this dish."),
        ("Cola", [], {"group-1": "<script>"}, "This option isn’t offered with this dish."),
        ("Soup", [], {"quantity": "6"}, "Only 5 of Soup are left."),
    ],
)
def test_what_cant_be_ordered_is_said_and_nothing_is_kept(client, menu, dish, names, fields, words):
    response = add(client, menu[dish], *names, **fields)
    assert response.status_code == 422 and words in one_line(response.text)
    assert not Basket.objects.exists() and not BasketLine.objects.exists()


def test_an_option_sent_twice_is_two_of_it(client, menu):
    cheese = choice(menu["Margherita"], "Cheese")
    response = client.post(
        f"/orders/grill/{menu['Margherita'].pk}/add/", {f"group-{cheese.dish_group_id}": [cheese.pk, cheese.pk]}
    )
    assert response.status_code == 422 and "Cheese: only one." in one_line(response.text)


def test_what_was_sold_out_meanwhile_is_not_added(client, menu):
    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    response = client.post(f"/orders/grill/{menu['Cola'].pk}/add/", **HTMX)
    assert response.status_code == 422 and "Cola is sold out." in response.text


def test_a_dish_of_a_combo_that_is_sold_out_is_named(client, menu):
    menu["Milkshake"].sell_out(timezone.now() + timedelta(hours=1))
    response = add(client, menu["Burger menu"], "Burger", "Milkshake")
    assert response.status_code == 422 and "Milkshake is sold out." in response.text


def test_the_first_dish_brings_the_basket_into_the_page(client, menu):
    first = client.post(f"/orders/grill/{menu['Cola'].pk}/add/", **HTMX).text
    assert 'hx-target="#basket"' in first and 'class="live"' in first
    second = client.post(f"/orders/grill/{menu['Cola'].pk}/add/", **HTMX).text
    assert "Cola is in your basket." in second and "hx-partial" not in second


# The basket


def test_a_basket_is_changed_line_by_line(client, menu):
    add(client, menu["Cola"])
    line = BasketLine.objects.get()
    url = f"/orders/grill/basket/{line.pk}/"
    assert client.post(url, {"quantity": "4"})["Location"] == "/orders/grill/basket/"
    line.refresh_from_db()
    assert line.quantity == 4
    for absurd in ("51", "-1", "1.5", "١", "", "many"):
        assert client.post(url, {"quantity": absurd}).status_code == 422
    line.refresh_from_db()
    assert line.quantity == 4
    assert client.post(url, {"quantity": "0"}, **HTMX).status_code == 204
    assert not BasketLine.objects.exists()
    assert client.post(url, {"quantity": "2"}).status_code == 303, "a line that is gone stays gone"


def test_a_basket_says_at_a_line_what_was_sold_out_meanwhile_and_keeps_the_rest(client, menu):
    add(client, menu["Cola"])
    add(client, menu["Soup"], quantity="2")
    menu["Soup"].count(1)
    page = page_of(client, "/orders/grill/basket/")
    assert "Only one Soup is left." in page and "remove it to order the rest" in page and "Cola" in page
    menu["Soup"].sell_out(timezone.now() + timedelta(hours=1))
    assert "Soup is sold out." in page_of(client, "/orders/grill/basket/")


def test_two_lines_share_the_portions_that_are_left(client, menu):
    add(client, menu["Soup"], quantity="3")
    add(client, menu["Soup"], quantity="3", note="hot")
    assert "Only 2 of Soup are left." in page_of(client, "/orders/grill/basket/")


def test_a_basket_follows_the_menu_where_an_option_is_offered_no_more(client, menu):
    add(client, menu["Margherita"], "Cheese")
    choice(menu["Margherita"], "Cheese").delete()
    assert "This option isn’t offered with this dish." in page_of(client, "/orders/grill/basket/")


def test_another_browser_has_a_basket_of_its_own(client, menu):
    other = Client()
    add(client, menu["Cola"])
    line = BasketLine.objects.get()
    assert other.post(f"/orders/grill/basket/{line.pk}/", {"quantity": "0"}).status_code == 303
    add(other, menu["Soup"])
    assert other.post(f"/orders/grill/basket/{line.pk}/", {"quantity": "0"}).status_code == 303
    assert BasketLine.objects.filter(pk=line.pk).exists()
    assert "Cola" not in page_of(other, "/orders/grill/basket/")


def test_a_basket_has_room_for_so_many_lines_and_so_many_of_one(client, menu):
    add(client, menu["Cola"], quantity="50")
    refused = add(client, menu["Cola"])
    assert refused.status_code == 422 and "50 of one dish are the most." in one_line(refused.text)
    basket = Basket.objects.get()
    for number in range(49):
        basket.add(menu["Cola"], {}, 1, f"note {number}")
    assert add(client, menu["Cola"], note="one more").status_code == 422
    assert basket.lines.count() == 50


def test_an_ordered_basket_is_empty_and_has_a_new_key(client, menu, make_order):
    add(client, menu["Cola"])
    basket = Basket.objects.get()
    key = basket.key
    basket.take_out(make_order({"Cola": 1}).lines.all())
    basket.refresh_from_db()
    assert basket.key != key and not basket.lines.exists()
    assert "Nothing chosen yet" in page_of(client, "/orders/grill/basket/")


def test_only_posts_change_a_basket(client, menu):
    answer = client.get(f"/orders/grill/{menu['Cola'].pk}/add/")
    assert answer.status_code == 302 and answer["Location"] == f"/orders/grill/{menu['Cola'].pk}/"
    assert client.put(f"/orders/grill/{menu['Cola'].pk}/add/").status_code == 405
    assert not Basket.objects.exists()
    assert client.get("/orders/grill/basket/clear/").status_code == 405
