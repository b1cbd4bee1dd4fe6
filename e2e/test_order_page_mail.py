"""The mails that say an order was received and is ready: a link in each leads to its page, on another device too."""

import re

from playwright.sync_api import expect

from e2e.conftest import is_live
from post.models import Message
from tracking.orders.models import Order

LINK = re.compile(r"https?://\S+(/orders/order/[^/\s]+/)")


def link_in(message):
    """The path of the link in a mail's plain text. The HTML has the same."""
    path = LINK.search(message.body)[1]
    assert path in message.html
    return path


def mails_of(order):
    return Message.objects.filter(to="ada@example.org").order_by("pk")


def order_a_cola(page):
    page.goto("/orders/grill/")
    is_live(page)
    page.get_by_role("button", name="Add Cola").click()
    page.locator("#basket").get_by_role("link", name=re.compile("^Order")).click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_role("button", name="Order and pay $2.20").click()
    page.wait_for_url("**/checkout/**")
    assert not Message.objects.exists()  # nobody has paid yet
    page.get_by_role("button", name="Pay $2.20").click()
    page.wait_for_url("**/orders/order/**")
    return Order.objects.get()


def test_received_and_ready_are_mailed_and_their_links_lead_to_the_page(person, signed_in, olga, grill, menu):
    ada, kitchen = person(), signed_in(olga)
    order = order_a_cola(ada)
    received = mails_of(order).get()
    assert received.subject == f"Grill: we have your order {order.reference}"
    for words in ("Hello Ada,", "Grill has your order ($2.20).", "1 × Cola", "Terminal 5, near gate B22"):
        assert words in received.body
    phone = person(viewport={"width": 390, "height": 844})
    phone.goto(link_in(received))
    is_live(phone)
    expect(phone.locator(".order-bar .now")).to_contain_text("Placed")

    kitchen.goto("/orders/grill/kitchen/")
    is_live(kitchen)
    for stage, button in (("placed", "Accept"), ("accepted", "Start"), ("making", "All ready")):
        kitchen.locator(f"#card-{stage}-{order.pk}").get_by_role("button", name=button, exact=True).click()
    expect(phone.locator(".order-bar .now")).to_contain_text("Ready")
    subjects = [message.subject for message in mails_of(order)]
    assert subjects == [received.subject, f"Grill: your order {order.reference} is ready"]
    laptop = person()
    laptop.goto(link_in(mails_of(order).last()))
    expect(laptop.locator(".order-page")).to_contain_text("It is ready. Collect it here: Terminal 5, near gate B22.")
    kitchen.locator(f"#card-ready-{order.pk}").get_by_role("button", name="Collected", exact=True).click()
    for page in (phone, laptop):
        expect(page.locator(".order-page")).to_contain_text("Enjoy your meal.")
    assert mails_of(order).count() == 2  # who has it needs no mail
