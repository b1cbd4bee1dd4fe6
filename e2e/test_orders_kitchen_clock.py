"""What time alone changes on the pages of a shop: cards age, what is sold out comes back, a busy hour ends, the wall clears itself.

Moments are moved to a few seconds before they are over; nobody touches a page then.
"""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import not_reloaded
from e2e.kitchens import DISHES, HANDS, WALL, card, dish_row, moved, opened, references
from e2e.test_wrong_clocks import with_a_clock
from tracking.orders import topics
from tracking.orders.models import Order, State, Way

SOON = timedelta(seconds=3)


def test_a_card_turns_at_15_and_at_20_minutes_on_all_screens_by_the_servers_clock(signed_in, make_order, olga, omar):
    order, other = make_order(state=State.MAKING), make_order(state=State.PLACED)
    screens = [signed_in(olga), signed_in(omar)]
    for page, hours in zip(screens, (0, 3), strict=True):
        with_a_clock(page, hours)  # the second tablet's own clock is three hours ahead
        opened(page, "/orders/grill/kitchen/")
    for minutes, words in ((15, "Over 15 min"), (20, "Over 20 min")):
        moved(order, placed_at=timezone.now() - timedelta(minutes=minutes) + SOON)
        for page in screens:
            expect(card(page, "making", order)).to_contain_text(words)
            expect(card(page, "making", order).locator(".timer")).to_have_text(re.compile(rf"{minutes}:\d\d"))
            expect(card(page, "placed", other)).not_to_contain_text("Over")
    assert all(map(not_reloaded, screens))


def test_what_is_for_later_comes_onto_the_screen_when_it_is_time_to_begin(at_work, make_order, olga):
    wanted = timezone.now() + timedelta(minutes=40)
    order = make_order(state=State.ACCEPTED, wanted_at=wanted)
    page = at_work(olga)
    expect(page.locator(".kitchen-head .later")).to_contain_text(order.reference)
    expect(card(page, "accepted", order)).to_have_count(0)
    moved(order, due_at=timezone.now() + timedelta(minutes=order.shop.minutes + 5) + SOON)
    expect(card(page, "accepted", order)).to_contain_text("Ordered for then")
    expect(page.locator(".kitchen-head .later")).to_have_count(0)
    assert not_reloaded(page)


@HANDS
def test_sold_out_until_a_time_is_on_every_menu_at_once_and_ends_by_itself(hand, at_work, person, grill, menu, olga):
    dishes, kitchen = at_work(olga, DISHES, **hand.options), at_work(olga)
    phone = opened(person(), "/orders/grill/")
    there = phone.locator(".menu-dish").filter(has=phone.get_by_role("heading", name="Milkshake", exact=True))
    expect(there.get_by_role("button", name="Add Milkshake")).to_be_visible()
    until = f"{(timezone.now() + timedelta(hours=2)).astimezone(grill.tz):%H:%M}"
    row = dish_row(dishes, "Milkshake")
    hand.write(row.get_by_label("Milkshake is sold out until"), until)
    hand.press(row.get_by_role("button", name="Until", exact=True))
    expect(row).to_contain_text(f"Sold out until {until}")
    expect(there).to_contain_text(f"Sold out until {until}")
    expect(there.get_by_role("button")).to_have_count(0)
    expect(kitchen.locator(".kitchen-head .out")).to_contain_text(f"Milkshake until {until}")
    moved(menu["Milkshake"], topics.menu(grill.pk), out_until=timezone.now() + SOON)
    expect(there.get_by_role("button", name="Add Milkshake")).to_be_visible()
    expect(row).to_contain_text("There is some")
    expect(kitchen.locator(".kitchen-head .out")).to_have_count(0)
    assert all(map(not_reloaded, (dishes, kitchen, phone)))


@HANDS
def test_busy_moves_what_is_promised_and_ends_by_itself(hand, at_work, person, make_order, grill, olga, omar):
    order = make_order(state=State.ACCEPTED)
    one, other = at_work(olga, **hand.options), at_work(omar)
    customer = opened(person(), f"/orders/order/{order.token}/")
    phone = opened(person(), "/orders/grill/")
    promised = customer.locator(".order-when time")
    for minutes in ("10", "20"):
        before = promised.text_content()
        hand.press(one.get_by_role("button", name=f"Busy +{minutes}"))
        for screen in (one, other):
            expect(screen.locator(".lever")).to_contain_text(f"+{minutes} min until")
        expect(promised).not_to_have_text(before)
        expect(phone.locator(".menu-status")).to_contain_text(f"about {minutes} minutes longer")
    expect(customer.locator(".order-page")).to_contain_text("The shop is busy: +10 min.")
    moved(grill, topics.shop_orders(grill.pk), topics.menu(grill.pk), busy_until=timezone.now() + SOON)
    for screen in (one, other):
        expect(screen.locator(".lever")).not_to_contain_text("until")
    expect(phone.locator(".menu-status")).not_to_contain_text("longer")
    assert all(map(not_reloaded, (one, other, customer, phone)))


def test_a_pause_takes_no_orders_and_ends_by_itself(at_work, person, grill, menu, olga):
    kitchen, phone = at_work(olga), opened(person(), "/orders/grill/")
    kitchen.get_by_role("button", name="Pause 15 min").click()
    expect(kitchen.locator(".lever")).to_contain_text("No orders until")
    expect(phone.locator(".menu-status")).to_contain_text("Takes no orders until")
    moved(grill, topics.shop_orders(grill.pk), topics.menu(grill.pk), paused_until=timezone.now() + SOON)
    expect(kitchen.locator(".lever")).not_to_contain_text("until")
    expect(phone.locator(".menu-status")).not_to_contain_text("Takes no orders")
    assert not_reloaded(kitchen) and not_reloaded(phone)


def test_the_wall_shows_what_is_made_and_what_is_ready_and_clears_itself(at_work, person, make_order, olga):
    kitchen, wall = at_work(olga), opened(person(viewport={"width": 1920, "height": 1080}), WALL)
    ready, making = wall.locator(".pickup-lists > div").nth(0), wall.locator(".pickup-lists > div").nth(1)
    order, brought = make_order(name="Nora"), make_order(way=Way.DELIVERY, gate="B22")
    expect(card(kitchen, "placed", order)).to_be_visible()
    expect(wall.locator(".pickup")).not_to_contain_text(order.reference)  # nobody has taken it on
    for each in (order, brought):
        each.accept()
    expect(making).to_contain_text(order.reference)
    order.bump()
    brought.bump()
    expect(ready).to_contain_text(order.reference)
    expect(making).not_to_contain_text(order.reference)
    order.recall()
    expect(making).to_contain_text(order.reference)
    expect(ready).not_to_contain_text(order.reference)
    order.bump()
    expect(ready).to_contain_text(order.reference)
    expect(wall.locator(".pickup")).not_to_contain_text(brought.reference)  # a runner has it
    expect(wall.locator("body")).not_to_contain_text("Nora")
    moved(order, ready_at=timezone.now() - timedelta(minutes=30) + SOON)
    expect(ready).not_to_contain_text(order.reference)
    assert Order.objects.get(pk=order.pk).state == State.READY
    expect(references(kitchen, "ready")).to_have_count(2)  # it still waits at the shop
    collected = make_order(state=State.READY)
    expect(ready).to_contain_text(collected.reference)
    collected.collect()
    expect(ready).not_to_contain_text(collected.reference)
    assert not_reloaded(wall)
