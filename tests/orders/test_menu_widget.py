"""The widget of a menu in a frame, and where orders stand in the navigation."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from django.utils.translation import override

from embeds.registry import WIDGETS
from live.regions import find
from tests.html import one_line

pytestmark = pytest.mark.django_db

MENU = WIDGETS["menu"]


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever language a request before has left in this thread."""
    with override("en"):
        yield


def test_its_dishes_lead_to_their_pages_here(grill, menu):
    html = one_line(MENU.region("grill", {}).render().html)
    assert f'href="/orders/grill/{menu["Cola"].pk}/"' in html and "$2.20" in html
    assert "Open until 23:00" in html and "The kitchen closes at 22:00." in html
    assert "<form" not in html and "<button" not in html, "its frame knows no session and no basket"
    menu["Cola"].sell_out(timezone.now() + timedelta(days=2))
    assert "Sold out" in MENU.region("grill", {}).render().html


def test_it_has_a_frame_a_title_and_an_address(client, grill, menu):
    frame = client.get("/embed/menu/grill/")
    assert frame.status_code == 200 and not frame.cookies
    assert MENU.title("grill") == "Menu of Grill" and MENU.url("grill") == "/orders/grill/"
    region = MENU.region("grill", {})
    assert find(region.address).render().html == region.render().html


def test_a_shop_that_nobody_knows_has_no_widget(grill):
    with pytest.raises(Http404):
        MENU.region("nowhere", {})


def test_a_form_chooses_the_shop(grill, bar):
    form = MENU.form({"shop": "bar"})
    assert form.is_valid() and form.thing == "bar" and form.attributes == {"shop": "bar"}
    assert not MENU.form({"shop": "nowhere"}).is_valid()


# The navigation


def links(client, path):
    return one_line(client.get(path).text).split("<nav", 1)[1].split("</nav>", 1)[0]


def test_everybody_finds_the_menus_and_staff_their_kitchen(client, grill, menu, olga, charlie):
    assert 'href="/orders/" aria-current="page">Food</a>' in links(client, "/orders/grill/")
    assert "Kitchen" not in links(client, "/orders/")
    client.force_login(charlie)
    assert "Kitchen" not in links(client, "/orders/")
    client.force_login(olga)
    assert 'href="/orders/grill/kitchen/">Kitchen</a>' in links(client, "/orders/")


def test_the_front_page_has_a_door_to_the_menus(client, grill):
    page = one_line(client.get("/").text)
    assert "Food and drink" in page and 'href="/orders/"' in page
