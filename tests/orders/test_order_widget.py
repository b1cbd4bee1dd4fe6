"""An order on another site: by a key that its owner made, and it names nobody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from embeds.models import Embed
from embeds.registry import WIDGETS
from tests.orders.ordering import wanted

pytestmark = pytest.mark.django_db

ORDER = WIDGETS["order"]


def test_its_frame_shows_how_far_it_is_and_not_who_ordered_what(client, make_order, alice):
    order = make_order({"Burger": 1}, user=alice, name="Nora", pin="WXYZ")
    embed = Embed.objects.make(alice, widget="order", thing=str(order.pk), name="Blog", sites="https://example.com")
    page = client.get(f"/embed/k/{embed.token}/")
    assert page.status_code == 200 and not page.cookies
    assert order.reference in page.text and "Placed" in page.text and "Grill" in page.text
    for secret in ("Nora", "Burger", "WXYZ", order.token):
        assert secret not in page.text


def test_nobody_sees_it_without_a_key(client, make_order, alice):
    order = make_order(user=alice)
    for address in (f"/embed/order/{order.pk}/", "/embed/order/nothing/"):
        assert client.get(address).status_code == 404


def test_only_its_owner_may_show_it(make_order, alice, charlie, olga):
    order = make_order(user=alice)
    assert ORDER.may(alice, str(order.pk))
    for who in (charlie, olga, AnonymousUser()):
        assert not ORDER.may(who, str(order.pk))
    assert not ORDER.may(alice, "999999") and not ORDER.may(alice, "١")
    with pytest.raises(Http404):
        ORDER.region("9" * 30, {})
    assert ORDER.url(str(order.pk)) == "/orders/mine/" and "Grill" in ORDER.title(str(order.pk))


def test_its_form_offers_ones_own_open_orders(make_order, order_food, menu, alice, charlie):
    mine, done = make_order(user=alice), make_order(user=alice)
    done.refuse("The oven is cold")
    make_order(user=charlie), order_food(wanted(menu["Cola"]), user=alice)
    form = ORDER.form({"order": mine.pk}, user=alice)
    assert list(form.fields["order"].queryset) == [mine] and form.is_valid() and form.thing == str(mine.pk)
    assert not ORDER.form({"order": done.pk}, user=alice).is_valid()
