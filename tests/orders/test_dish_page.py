"""The page of a dish says all that is missing at once, says each thing once, and nothing of what nobody has chosen yet."""

import pytest

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
