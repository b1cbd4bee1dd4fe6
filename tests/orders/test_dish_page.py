"""The page of a dish says all that is missing at once, says each thing once, and nothing of what nobody has chosen yet."""

import re

import pytest
from django.test import Client

from tests.html import one_line
from tracking.orders.models import Choice

pytestmark = pytest.mark.django_db


def post(client, dish, **fields):
    return client.post(f"/orders/grill/{dish.pk}/add/", fields)


def test_every_group_says_what_it_lacks(client, menu):
    response = post(client, menu["Burger menu"])
    assert response.status_code == 422
    assert "Main: choose one." in response.text and "Drink: choose one." in response.text
    chosen = Choice.objects.get(option__name="Burger", dish_group__dish=menu["Burger menu"])
    response = post(client, menu["Burger menu"], **{f"group-{chosen.dish_group_id}": chosen.pk})
    assert "Main: choose one." not in response.text and "Drink: choose one." in response.text


def test_a_refusal_is_said_at_the_top_and_leads_to_what_is_missing(client, menu):
    combo = menu["Burger menu"]
    page = one_line(post(client, combo).text).partition("<main")[2]
    alert = page[: page.index("</ul>")]
    assert 'role="alert" tabindex="-1" autofocus' in alert, "so the page is opened there, and it is read aloud"
    assert "Nothing is added yet: correct what is marked below." in alert
    for offered in combo.groups.all():
        assert f'<a href="#group-{offered.pk}">{offered.group.name}</a>' in alert
        assert f'<fieldset class="menu-group" id="group-{offered.pk}" aria-invalid="true"' in page
    assert '<a href="#dish-quantity">' in post(client, menu["Cola"], quantity="51").text
    assert "autofocus" not in client.get(f"/orders/grill/{combo.pk}/").text.partition("<main")[2]


def test_the_token_goes_by_post_alone(menu):
    """What the form holds is in the address that asks for the price."""
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(f"/orders/grill/{menu['Cola'].pk}/").text
    form = page[page.index('<form class="sheet menu-choose"') :].partition("</form>")[0]
    fields = re.findall(r"<input[^>]*name=\"([^\"]*)", form)
    buttons = re.findall(r'<button class="button first[^>]*name="(csrfmiddlewaretoken)" value="([^"]+)"', form)
    assert fields == ["note", "quantity"] and len(buttons) == 1
    assert post(strict, menu["Cola"]).status_code == 403
    assert post(strict, menu["Cola"], **dict(buttons)).status_code == 303


def test_nothing_is_missing_before_it_is_sent(client, menu):
    assert "choose one." not in client.get(f"/orders/grill/{menu['Burger menu'].pk}/").text


def test_what_is_wrong_is_said_once(client, menu):
    page = post(client, menu["Cola"], quantity="51").text
    assert page.count("Write a whole number from 1 to 50.") == 1
    choosing = client.get(f"/orders/grill/{menu['Cola'].pk}/?quantity=51", headers={"HX-Request": "true"}).text
    assert choosing.count("Write a whole number from 1 to 50.") == 1, "beside the button, while one chooses"


def test_a_combo_of_nothing_says_nothing_of_allergens(client, menu):
    combo = menu["Burger menu"]
    assert "All that you chose" not in client.get(f"/orders/grill/{combo.pk}/").text
    burger = Choice.objects.get(option__name="Burger", dish_group__dish=combo)
    page = client.get(f"/orders/grill/{combo.pk}/?group-{burger.dish_group_id}={burger.pk}").text
    assert "All that you chose: Contains cereals with gluten, milk" in page


def test_staff_go_from_the_menu_to_their_kitchen(client, menu, olga, bruno):
    kitchen = 'href="/orders/grill/kitchen/"'
    for path in ("/orders/grill/", f"/orders/grill/{menu['Cola'].pk}/", "/orders/grill/basket/"):
        client.logout()
        assert kitchen not in client.get(path).text
        client.force_login(bruno)
        assert kitchen not in client.get(path).text
        client.force_login(olga)
        assert kitchen in client.get(path).text.partition("<main")[2]
