"""The widgets of orders in a page of another site, as strict as sites get: they follow live what the kitchen does."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.elsewhere import another_site
from e2e.test_widgets_elsewhere import frame_of, widget
from embeds.models import Embed


@pytest.fixture
def elsewhere(server):
    """Another site. Its policy has had nothing to stop."""
    with another_site(server.url) as site:
        yield site
        assert site.reports == []


def test_a_menu_elsewhere_says_what_is_sold_out_and_whether_it_takes_orders(person, elsewhere, grill, menu):
    reader = person()
    link = f'<a href="{elsewhere.ours}/orders/grill/">Menu</a>'
    reader.goto(elsewhere.put("/", f'<airside-menu shop="grill">{link}</airside-menu>'))
    frame = frame_of(reader, "menu")
    frame.evaluate("window.same = true")
    inside = widget(reader, "menu")
    cola = inside.locator(f"#dish-{menu['Cola'].pk}")
    expect(cola).to_contain_text("$2.20")
    expect(inside.locator("header")).to_contain_text("Open until 23:00")
    menu["Cola"].sell_out(timezone.now() + timedelta(hours=1))
    expect(cola).to_contain_text("Sold out until")
    menu["Cola"].bring_back()
    expect(cola).not_to_contain_text("Sold out")
    grill.pause()
    expect(inside.locator("header")).to_contain_text("Takes no orders until")
    assert frame.evaluate("window.same")
    with reader.context.expect_page() as opened:
        cola.get_by_role("link", name="Cola").click()
    expect(opened.value.get_by_role("heading", name="Cola")).to_be_visible()


def test_an_order_elsewhere_follows_the_kitchen_and_names_nobody(person, elsewhere, make_order, alice):
    order = make_order({"Burger": 1}, user=alice, name="Nora")
    embed = Embed.objects.make(alice, widget="order", thing=str(order.pk), name="Hotel", sites=elsewhere.url)
    reader = person()
    reader.goto(elsewhere.put("/", f'<airside-order key="{embed.token}"></airside-order>'))
    frame = frame_of(reader, "order")
    frame.evaluate("window.same = true")
    inside = widget(reader, "order")
    for move, words in ((order.accept, "Accepted"), (order.start, "Being made"), (order.bump, "Ready")):
        move()
        expect(inside.locator(".order-bar .now")).to_contain_text(words)
    text = frame.evaluate("document.body.textContent")
    assert order.reference in text and "Nora" not in text and "Burger" not in text
    order.collect()
    expect(inside.locator(".states")).to_contain_text("Collected")
    assert frame.evaluate("window.same")
    embed.revoke()
    expect(inside.get_by_role("heading")).to_have_text("This widget was withdrawn")
