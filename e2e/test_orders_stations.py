"""Several people at one order: cooks at two stations and at the screen of all orders, by touch and by keyboard."""

import re

from django.db.models import F
from playwright.sync_api import expect

from e2e.conftest import not_reloaded
from e2e.kitchens import HANDS, KITCHEN, LAPTOP, TABLET, button, card, opened, references, see
from tracking.orders.models import Order, Part, State


def screen_of(station):
    return f"{KITCHEN}?station={station.pk}"


def all_day(page):
    """What is still to be made, as the screen counts it."""
    return page.locator(".all-day li")


@HANDS
def test_each_station_ticks_off_its_own_and_the_last_one_makes_it_ready(hand, at_work, make_order, grill, olga, omar):
    kitchen, drinks = grill.stations.all()
    grill_screen, bar_screen, everything = (
        at_work(olga, screen_of(kitchen), **hand.options),
        at_work(omar, screen_of(drinks), **hand.options),
        at_work(olga, **hand.options),
    )
    order = make_order({"Burger": 2, "Cola": 3}, State.MAKING)
    expect(card(bar_screen, "making", order)).not_to_contain_text("Burger")
    expect(all_day(bar_screen)).to_have_text(["3 Cola"])
    expect(all_day(everything)).to_have_text(["3 Cola", "2 Burger"])

    hand.press(button(bar_screen, "making", order, "One more Cola is ready"))
    for page in (bar_screen, everything):
        expect(card(page, "making", order)).to_contain_text("1 of 3")
    expect(all_day(everything)).to_have_text(["2 Burger", "2 Cola"])
    hand.press(button(bar_screen, "making", order, "All ready"))
    expect(card(bar_screen, "ready", order)).to_be_visible()  # that station has done its part
    expect(card(everything, "making", order).locator(".done")).to_contain_text("Cola")
    expect(all_day(everything)).to_have_text(["2 Burger"])
    hand.press(button(bar_screen, "ready", order, "3 Cola"))  # one was wrong: none is ready
    expect(card(bar_screen, "making", order)).to_be_visible()
    hand.press(button(bar_screen, "making", order, "All ready"))

    hand.press(grill_screen.locator(f"#card-making-{order.pk}").get_by_role("button", name=re.compile("2 Burger")))
    for page in (grill_screen, bar_screen, everything):
        expect(card(page, "ready", order)).to_be_visible()
        expect(all_day(page)).to_have_count(0)
    hand.press(button(everything, "ready", order, "Recall"))
    for page in (grill_screen, everything):
        expect(card(page, "making", order)).to_be_visible()
    expect(card(bar_screen, "ready", order)).to_be_visible()  # what was poured stays poured
    expect(all_day(everything)).to_have_text(["2 Burger"])
    assert all(map(not_reloaded, (grill_screen, bar_screen, everything)))


def test_what_is_left_out_is_struck_through_at_its_station_and_counts_no_more(at_work, make_order, grill, olga, omar):
    kitchen, drinks = grill.stations.all()
    everything, bar_screen, grill_screen = (
        at_work(olga),
        at_work(omar, screen_of(drinks)),
        at_work(olga, screen_of(kitchen)),
    )
    order = make_order({"Burger": 1, "Cola": 2}, State.MAKING)
    card(everything, "making", order).get_by_role("link", name=order.reference).click()
    panel = everything.locator("#panel")
    panel.get_by_text("A dish can’t be made").click()
    panel.get_by_label("Dish").select_option(label="2 × Cola")
    form = panel.locator("form").filter(has=everything.get_by_label("Dish"))
    form.get_by_label("Why").fill("The tap is broken")
    form.get_by_role("button", name="Take it off").click()
    for page in (everything, bar_screen):
        expect(card(page, "making", order).locator("s")).to_contain_text("Cola")
        expect(card(page, "making", order)).to_contain_text("Taken off")
        expect(all_day(page).filter(has_text="Cola")).to_have_count(0)
    expect(card(grill_screen, "making", order)).not_to_contain_text("Cola")
    bar_screen.reload()
    expect(card(bar_screen, "making", order).locator("s")).to_contain_text("Cola")
    see(bar_screen, "making", order)
    expect(card(bar_screen, "making", order)).to_have_count(0)  # nothing of it is poured any more
    expect(card(everything, "making", order)).not_to_contain_text("Cola")


@HANDS
def test_a_customer_cancels_and_every_screen_shows_it_until_somebody_has_seen_it(
    hand, at_work, person, make_order, grill, olga, omar
):
    kitchen, drinks = grill.stations.all()
    first, order, last = (make_order({"Burger": 1, "Cola": 1}, State.ACCEPTED, minutes) for minutes in (9, 6, 3))
    screens = [at_work(olga, **hand.options), at_work(omar, screen_of(kitchen)), at_work(omar, screen_of(drinks))]
    customer = opened(person(), f"/orders/order/{order.token}/")
    customer.get_by_text("Cancel the order").click()
    customer.get_by_role("button", name="Yes, cancel it").click()
    for page in screens:
        expect(card(page, "accepted", order)).to_contain_text("Cancelled")
        expect(card(page, "accepted", order).locator(".parts s").first).to_be_visible()
        expect(button(page, "accepted", order, "Start")).to_have_count(0)
        expect(references(page, "accepted")).to_have_text([each.reference for each in (first, order, last)])
    assert all(map(not_reloaded, screens))
    screens[1].reload()
    expect(card(screens[1], "accepted", order)).to_contain_text("Cancelled")
    see(screens[0], "accepted", order)
    for page in screens:
        expect(references(page, "accepted")).to_have_text([first.reference, last.reference])


def test_five_hands_at_the_same_moment_do_everything_once_and_nobody_is_scolded(at_work, make_order, olga, omar):
    orders = [make_order({"Burger": 2}, State.PLACED, minutes) for minutes in (9, 7, 5, 3, 1)]
    screens = [at_work(who, **options) for who in (olga, omar) for options in (LAPTOP, TABLET)]
    screens.append(at_work(olga))
    for stage, verb in (("placed", "accept"), ("accepted", "start"), ("making", "bump")):
        for order in orders:
            for page in screens:  # none of them waits for what has become of the others' taps
                page.evaluate(
                    "id => document.getElementById(id)?.querySelector('[data-main]').click()",
                    f"card-{stage}-{order.pk}",
                )
        for page in screens:
            expect(page.locator(f".column.is-{stage} .card")).to_have_count(0)
        for order in orders:
            assert order.changes.filter(verb=verb, field="state").count() == 1
    for page in screens:
        expect(references(page, "ready")).to_have_text([order.reference for order in orders])
        expect(page.locator("#kitchen-said .notice")).to_have_count(0)
    assert set(Order.objects.values_list("state", flat=True)) == {State.READY}
    assert not Part.objects.exclude(ready=F("quantity")).exists()
