"""What the menu, the list of shops and a basket are pushed, over real sockets, and who must not be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live.outbox import publish
from tests.sockets import close_code, content_with, contents
from tracking.orders import topics
from tracking.orders.models import Basket, Dish, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_menu_follows_the_kitchen_and_a_neighbour_hears_nothing(server, grill, bar, menu):
    with server.ws("/ws/menu/grill/") as grills, server.ws("/ws/menu/bar/") as bars:
        of_grill, of_bar = contents(grills), contents(bars, seconds=1.5)
        assert "Cola" in next(of_grill)
        next(of_bar)
        menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
        change = next(of_grill)
        assert "Sold out until" in change and "Burger" not in change, "only the row that changed"
        menu["Cola"].bring_back()
        assert "/add/" in next(of_grill)
        with pytest.raises(TimeoutError):
            next(of_bar)


def test_what_was_sold_out_for_a_while_is_back_by_itself(server, grill, menu):
    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    with server.ws("/ws/menu/grill/") as socket:
        content_with(socket, "Sold out until")
        Dish.objects.filter(pk=menu["Cola"].pk).update(out_until=timezone.now() + timedelta(seconds=2))
        publish(topics.menu(grill.pk))  # so that the server knows of the new time
        content_with(socket, f"/orders/grill/{menu['Cola'].pk}/add/")


def test_a_pause_is_on_the_menu_and_on_the_list_of_shops_and_ends_by_itself(server, grill):
    with server.ws("/ws/menu/grill/") as one, server.ws("/ws/shops/") as all_of_them:
        menu_of, shops = contents(one), contents(all_of_them)
        assert "Takes no orders" not in next(menu_of) + next(shops)
        grill.pause()
        assert "Takes no orders until" in next(menu_of)
        assert "Takes no orders until" in next(shops)
        Shop.objects.filter(pk=grill.pk).update(paused_until=timezone.now() + timedelta(seconds=2))
        grill.refresh_from_db()
        grill.be_busy(10)
        while "Takes no orders" in content_with(one, "Busy"):
            pass  # the last time nothing was published


def test_every_tab_of_a_browser_sees_its_basket_change_and_others_never(server, grill, menu):
    mine = Basket.objects.begin(grill, "m" * 32)
    other = Basket.objects.begin(grill, "o" * 32)
    with (
        server.ws(f"/ws/basket/grill/{'m' * 32}/") as first,
        server.ws(f"/ws/basket/grill/{'m' * 32}/") as second,
        server.ws(f"/ws/basket/grill/{'o' * 32}/") as third,
    ):
        tabs, others = [contents(first), contents(second)], contents(third, seconds=1.5)
        for tab in tabs:
            assert "Nothing chosen yet" in next(tab)
        next(others)
        mine.add(menu["Cola"], {}, 2)
        for tab in tabs:
            assert "$4.40" in next(tab)
        menu["Cola"].count(1)
        for tab in tabs:
            assert "Only one Cola is left." in next(tab)
        with pytest.raises(TimeoutError):
            next(others)
    assert not other.lines.exists()


@pytest.mark.parametrize("path", ["menu/nowhere/", "menu/grill/999999/", "basket/grill/guess/", "basket/bar/mmmm/"])
def test_what_nobody_has_begun_has_no_socket(server, grill, bar, path):
    with server.ws(f"/ws/{path}") as socket:
        assert close_code(socket) == 4404
