"""The link to an order: its owner renews it, it expires, and a number alone shows nothing. What is open in a browser follows."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.kitchens import moved
from post.models import Message
from tracking.orders.models import State

LINK = re.compile(r"/orders/order/[^/\s]+/")
NO_LONGER = "You can no longer see this live."


def last_mail():
    return Message.objects.order_by("-pk").first()


def statuses(page, token):
    """What each address below a link answers: the page, its live part, and each of its buttons."""
    below = [f"/orders/order/{token}/{verb}/" for verb in ("pay", "cancel", "revoke")]
    headers = {"X-CSRFToken": page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")}
    return {
        page.request.get(f"/orders/order/{token}/").status,
        page.request.get(f"/live/order-tracking/{token}/").status,
        *(page.request.post(address, headers=headers).status for address in below),
    }


def knock(page, path):
    """Open a socket as a script on the page would; the code with which it is closed."""
    script = """path => new Promise(done => {
        const socket = new WebSocket(`ws://${location.host}${path}`);
        socket.onmessage = event => done(`said ${event.data}`);
        socket.onclose = event => done(event.code);
    })"""
    return page.evaluate(script, path)


def test_the_owner_renews_the_link_and_the_old_one_is_no_order_any_more(person, make_order):
    order = make_order(email="ada@example.org")
    owner, finder = person(), person()
    old = order.get_absolute_url()
    for page in (owner, finder):
        page.goto(old)
        is_live(page)
    owner.get_by_text("Replace this link").click()
    owner.get_by_role("button", name="Make a new link").click()
    expect(owner.get_by_text("Earlier links are worthless now.")).to_be_visible()
    is_live(owner)

    expect(finder.locator(".order-page .fresh")).to_contain_text(NO_LONGER)
    order.refresh_from_db()
    order.accept()
    expect(owner.locator(".order-bar .now")).to_contain_text("Accepted")  # the owner goes on
    expect(finder.locator(".order-bar .now")).to_contain_text("Placed")  # and the finder hears of nothing
    assert not_reloaded(finder)
    assert statuses(owner, old.split("/")[3]) == {404}
    assert finder.goto(old).status == 404
    expect(finder.locator("main")).not_to_contain_text(order.reference)

    new = LINK.search(last_mail().body)[0]
    assert new != old and owner.url.endswith(new)
    assert finder.goto(new).status == 200


def test_two_weeks_after_its_end_a_link_is_no_order_in_an_open_browser_too(person, make_order):
    order = make_order(state=State.READY)
    order.collect()
    page = person()
    assert page.goto(order.get_absolute_url()).status == 200
    is_live(page)
    token = order.token
    moved(order, ended_at=timezone.now() + timedelta(seconds=3) - settings.ORDER_LINKS_KEPT)
    expect(page.locator(".order-page .fresh")).to_contain_text(NO_LONGER, timeout=20_000)
    assert not_reloaded(page)
    assert statuses(page, token) == {404}
    assert knock(page, f"/ws/order-tracking/{token}/") == knock(page, "/ws/order-tracking/a-guess/") == 4403
    assert page.goto(order.get_absolute_url()).status == 404


def test_a_number_alone_shows_nothing(person, signed_in, make_order, alice, charlie):
    order = make_order(user=alice)
    missing = order.pk + 1000
    for page, code in ((person(), 4401), (signed_in(charlie), 4403)):
        page.goto("/orders/")
        for number in (order.pk, missing):  # an order of somebody else, and none: the answers are the same
            assert page.request.get(f"/orders/order/{number}/").status == 404
            assert page.request.get(f"/live/order-tracking/{number}/").status == 404
            assert knock(page, f"/ws/order-tracking/{number}/") == code
        page.goto(f"/orders/order/{order.pk}/")
        expect(page.locator("main")).not_to_contain_text(order.reference)


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_its_owner_and_the_shops_staff_follow_it_by_its_number(signed_in, make_order, alice, olga, who):
    order = make_order(user=alice, pin="WXYZ")
    page = signed_in(alice if who == "owner" else olga)
    page.goto("/orders/")
    listen = """path => {
        window.heard = "";
        const socket = new WebSocket(`ws://${location.host}${path}`);
        socket.onmessage = event => { window.heard += event.data; };
    }"""
    page.evaluate(listen, f"/ws/order-tracking/{order.pk}/")
    page.wait_for_function("reference => window.heard.includes(reference)", arg=order.reference)
    order.accept()
    page.wait_for_function("() => window.heard.includes('Accepted')")
    assert "WXYZ" not in page.evaluate("window.heard")
