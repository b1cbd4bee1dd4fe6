"""A kitchen at work: two cooks at two screens, a runner at a third, and the chime."""

import re
from datetime import timedelta

from django.db import transaction
from playwright.sync_api import expect

from e2e.clocks import let_pass, stop_clock, watch_clock
from e2e.conftest import is_live, not_reloaded
from e2e.kitchens import (
    DISHES,
    HANDS,
    KITCHEN,
    LAPTOP,
    RUNNERS,
    UNTIL_STILL,
    WALL,
    button,
    card,
    press,
    references,
    see,
)
from e2e.look import look_at
from tests.waiting import until
from tracking.orders.estimating import Span
from tracking.orders.models import Cause, Order, State, Way


def test_two_cooks_see_each_move_and_a_cancellation_until_one_has_seen_it(at_work, person, make_order, olga, omar):
    one, other, wall = at_work(olga), at_work(omar), person()
    wall.goto(WALL)
    is_live(wall)
    order = make_order({"Burger": 2, "Cola": 1})
    expect(card(one, "placed", order)).to_be_visible()
    press(other, "placed", order, "Accept")
    for page in (one, other):
        expect(card(page, "accepted", order)).to_be_visible()
        expect(card(page, "placed", order)).to_have_count(0)
    expect(wall.get_by_text(order.reference)).to_be_visible()
    press(one, "accepted", order, "1 Cola")
    expect(card(other, "making", order).locator(".done")).to_contain_text("Cola")
    press(other, "making", order, "All ready")
    press(one, "ready", order, "Recall")
    expect(card(other, "making", order).locator(".done")).to_contain_text("Cola")

    Order.objects.get().call_off("The grill is broken")
    for page in (one, other):
        expect(card(page, "making", order)).to_contain_text("Cancelled")
        expect(card(page, "making", order).locator("s").first).to_be_visible()
    expect(wall.get_by_text(order.reference)).to_have_count(0)
    see(one, "making", order)
    expect(card(other, "making", order)).to_have_count(0)
    assert not_reloaded(one) and not_reloaded(other) and not_reloaded(wall)


@HANDS
def test_a_recalled_card_stands_where_it_stood(hand, at_work, make_order, olga, omar):
    """From ready, and from the hand of who has collected it; with what was made of it before."""
    orders = [make_order({"Burger": 1, "Cola": 1}, State.MAKING, minutes) for minutes in (9, 6, 3)]
    page, other = at_work(olga, **hand.options), at_work(omar)
    names, order = [each.reference for each in orders], orders[1]
    expect(references(page, "making")).to_have_text(names)
    hand.press(button(page, "making", order, "1 Cola"))
    hand.press(button(page, "making", order, "All ready"))
    expect(references(page, "making")).to_have_text([names[0], names[2]])
    hand.press(button(page, "ready", order, "Collected"))
    hand.press(page.get_by_role("button", name=f"Recall {order.reference}"))
    hand.press(button(page, "ready", order, "Recall"))
    for screen in (page, other):
        expect(references(screen, "making")).to_have_text(names)
        expect(card(screen, "making", order).locator(".done")).to_contain_text("Cola")
        expect(card(screen, "making", order).locator(".done")).to_have_count(1)


def test_what_is_tapped_at_one_card_goes_up_in_that_order(at_work, make_order, olga):
    """Also where the first takes long on its way: nothing of it is lost when the order comes back."""
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING)
    page = at_work(olga)
    held = []
    page.route("**/parts/**", lambda route: held.append(route))
    with page.expect_request("**/parts/**"):
        press(page, "making", order, "1 Cola")
    with page.expect_response("**/tap/bump/"):
        press(page, "making", order, "All ready")
        page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")
        held[0].continue_()
    press(page, "ready", order, "Recall")
    expect(card(page, "making", order).locator(".done")).to_contain_text("Cola")
    expect(card(page, "making", order).locator(".done")).to_have_count(1)


def test_an_impatient_finger_moves_one_order_once(at_work, make_order, olga):
    first, second = make_order(minutes_ago=5), make_order(minutes_ago=3)
    page = at_work(olga)
    card(page, "placed", first).get_by_role("button", name="Accept").dblclick()
    expect(card(page, "accepted", first)).to_be_visible()
    assert first.changes.filter(verb="accept", field="state").count() == 1
    assert Order.objects.get(pk=second.pk).state == State.PLACED


def test_no_finger_meets_a_button_that_has_just_moved(at_work, make_order, olga):
    """The card above takes less room, as dishes were taken off it. Fingers come down where the buttons of the other one were."""
    above = make_order({"Burger": 1, "Cola": 1, "Soup": 1, "Margherita": 1}, State.MAKING, minutes_ago=5)
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING, minutes_ago=3)
    page = at_work(olga)
    page.evaluate(TAP_ONCE_THEY_HAVE_MOVED, f"#card-making-{order.pk} button")
    with transaction.atomic():  # so that the screen hears of all at once
        for line in above.lines.all()[1:]:
            above.void_line(line.pk, "Sold out")
    until(lambda: page.evaluate("window.taps.length"), why="no button has moved")
    assert not any(page.evaluate("window.taps"))
    press(page, "making", order, "1 Burger")  # it is an ordinary button
    expect(card(page, "making", order).locator(".done")).to_contain_text("Burger")


TAP_ONCE_THEY_HAVE_MOVED = """(buttons) => {
    window.taps = [];
    const places = () => [...document.querySelectorAll(buttons)].map((button) => button.getBoundingClientRect());
    const before = places();
    document.addEventListener("htmx:after:swap", () => {
        if (window.taps.length || Math.abs(places()[0].top - before[0].top) <= before[0].height) return;
        for (const {left, top} of before) {
            const [clientX, clientY] = [left + 9, top + 9];
            const button = document.elementFromPoint(clientX, clientY)?.closest("button, a");
            const tap = new MouseEvent("click", {bubbles: true, cancelable: true, detail: 1, clientX, clientY});
            if (button) window.taps.push(button.dispatchEvent(tap));
        }
    });
}"""


def test_by_keyboard_alone(at_work, make_order, olga):
    first, second = make_order(minutes_ago=5), make_order(minutes_ago=3)
    ready = make_order(state=State.READY)
    page = at_work(olga)
    page.keyboard.press("ArrowDown")
    expect(card(page, "placed", first)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(card(page, "placed", second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(card(page, "accepted", first)).to_be_visible()
    expect(card(page, "placed", second)).to_be_focused()  # the next one has come into its place
    page.keyboard.press("ArrowRight")
    expect(card(page, "accepted", first)).to_be_focused()
    page.keyboard.press("ArrowRight")  # over the empty column
    expect(card(page, "ready", ready)).to_be_focused()
    page.keyboard.press("r")
    expect(card(page, "making", ready)).to_be_visible()


def test_the_chime_says_that_it_is_silent_then_rings_and_rings_again(signed_in, menu, make_order, olga):
    """Fault 26. The clock of the page goes on second by second."""
    page = signed_in(olga, **LAPTOP)
    watch_clock(page)
    page.goto(KITCHEN)
    is_live(page)
    silent = page.get_by_role("button", name=re.compile("silent"))
    expect(silent).to_be_visible()
    silent.click()
    expect(silent).to_be_hidden()
    kitchen = page.locator("[data-kitchen]")
    expect(kitchen).to_have_attribute("data-sound", "loud")
    stop_clock(page)

    def chimes():
        return int(kitchen.get_attribute("data-chimes") or 0)

    def bell():
        return page.locator("[data-bell]").get_attribute("data-unaccepted")

    def pass_until(condition):
        def so():
            let_pass(page, 1)
            return condition()

        until(so, seconds=40)

    order = make_order()
    pass_until(lambda: bell() == "1")
    let_pass(page, 1)
    assert chimes() == 1
    let_pass(page, 62)
    assert chimes() == 2
    order.accept()
    pass_until(lambda: bell() == "0")
    let_pass(page, 62)
    assert chimes() == 2


def test_of_two_tabs_one_chimes(at_work, make_order, olga):
    one = at_work(olga)
    one.get_by_role("button", name=re.compile("silent")).click()
    expect(one.locator("[data-kitchen]")).to_have_attribute("data-sound", "loud")
    two = one.context.new_page()
    two.goto(KITCHEN)
    is_live(two)
    two.get_by_role("button", name=re.compile("silent")).click()
    expect(two.locator("[data-kitchen]")).to_have_attribute("data-sound", "quiet")
    one.close()
    expect(two.locator("[data-kitchen]")).to_have_attribute("data-sound", "loud")


def test_a_new_release_does_not_silence_a_kitchen_at_work(at_work, make_order, olga):
    order = make_order(state=State.MAKING)
    page = at_work(olga)
    ask = "document.dispatchEvent(new CustomEvent('airside:release', {cancelable: true, detail: {release: 'x'}}))"
    assert page.evaluate(ask) is False
    order.bump()
    expect(page.locator("[data-bell]")).to_have_attribute("data-open", "0")
    assert page.evaluate(ask) is True


def test_sold_out_and_busy_reach_the_other_screen(at_work, olga, omar):
    one, other = at_work(olga, DISHES), at_work(omar)
    row = one.locator("tr", has_text="Margherita")
    row.get_by_role("button", name="30 min").click()
    expect(row).to_contain_text("Sold out until")
    expect(other.locator(".kitchen-head .out")).to_contain_text("Margherita")
    row.get_by_role("button", name="There is some again").click()
    expect(other.locator(".kitchen-head .out")).to_have_count(0)
    other.get_by_role("button", name="Pause 15 min").click()
    expect(other.locator(".lever")).to_contain_text("No orders until")
    other.get_by_role("button", name="As usual").press("Enter")  # a finger that comes so soon meant another button
    expect(other.locator(".lever")).not_to_contain_text("until")


def test_a_refusal_from_the_panel(at_work, make_order, olga):
    order = make_order()
    page = at_work(olga)
    card(page, "placed", order).get_by_role("link", name="Refuse …").click()
    panel = page.locator("#panel")
    panel.get_by_role("textbox", name="Why: the customer reads it").fill("The grill is broken")
    panel.get_by_role("button", name="Refuse it").click()
    expect(panel).to_contain_text("Refused")
    expect(card(page, "placed", order)).to_have_count(0)
    panel.get_by_role("link", name="Close").click()
    expect(panel).to_be_empty()


def test_an_impatient_finger_does_one_move_in_the_panel(at_work, make_order, olga):
    order = make_order(state=State.MAKING, way=Way.DELIVERY, gate="B22")
    page = at_work(olga)
    card(page, "making", order).get_by_role("link", name=order.reference).click()
    ready = page.locator("#panel").get_by_role("button", name="All ready")
    expect(ready).to_be_visible()
    page.evaluate(UNTIL_STILL)
    place = ready.bounding_box()
    ready.click()
    expect(page.locator("#panel").get_by_role("button", name="On its way")).to_be_visible()
    page.mouse.click(place["x"] + 9, place["y"] + 9)
    page.evaluate(UNTIL_STILL)
    assert Order.objects.get().state == State.READY


def test_a_runner_types_the_pin_while_the_list_moves(at_work, make_order, olga):
    order = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="0427")
    page = at_work(olga, RUNNERS)
    page.get_by_role("button", name="I take it").click()
    field = page.get_by_label("PIN that the customer says")
    field.press_sequentially("04")
    make_order(state=State.READY, minutes_ago=9, way=Way.DELIVERY, gate="B24")
    order.refresh_from_db()
    later = order.latest + timedelta(minutes=5)
    order.expect(Span(later, later), Cause.FLIGHT)  # the row itself changes too
    expect(page.locator(".run")).to_have_count(2)
    expect(field).to_have_value("04")
    expect(field).to_be_focused()
    field.press_sequentially("99")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("alert")).to_contain_text("4 more tries")
    expect(field).to_be_focused()
    page.keyboard.type("0427")  # over the wrong one
    expect(field).to_have_value("0427")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator(f"#run-{order.pk}")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_text(f"Handed over: {order.reference}.")


def test_a_slip_goes_to_the_printer_and_says_reprint_the_second_time(signed_in, make_order, olga):
    order = make_order(state=State.ACCEPTED)
    page = signed_in(olga)
    page.goto(f"{KITCHEN}{order.pk}/slip/")
    page.add_init_script("window.print = () => (window.printed = true)")
    page.get_by_role("button", name="Print").click()
    until(lambda: page.evaluate("window.printed === true"))
    expect(page.get_by_text("REPRINT")).to_have_count(0)
    page.get_by_role("button", name="Print it again").click()
    expect(page.get_by_text("REPRINT")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print it again")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()


def test_the_heads_of_all_columns_stay_on_the_screen(at_work, make_order, olga):
    """Those of short columns too: what is new is counted there."""
    for minutes in range(12):
        make_order({"Burger": 1, "Cola": 1}, State.MAKING, minutes)
    page = at_work(olga)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    make_order()
    new = page.locator(".column.is-placed h2")
    expect(new.locator(".figure")).to_have_text("1")
    for head in page.locator(".column h2").all():
        expect(head).to_be_in_viewport(ratio=1)


def test_how_it_looks(signed_in, make_order, olga):
    for state in (State.PLACED, State.ACCEPTED, State.MAKING, State.READY):
        make_order({"Burger": 2, "Cola": 1}, state, minutes_ago=17, note="No onions")
        make_order({"Soup": 1}, state, minutes_ago=21, way=Way.DELIVERY, gate="B22")
    make_order(state=State.OUT, way=Way.DELIVERY, gate="B24", phone="+1 555 0100")
    make_order(state=State.ACCEPTED).call_off("Sold out")
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING)
    order.void_line(order.lines.first().pk, "Sold out")
    page = signed_in(olga, bypass_csp=True)
    for path in (
        KITCHEN,
        DISHES,
        f"{KITCHEN}{order.pk}/",
        f"{KITCHEN}{order.pk}/slip/",
        RUNNERS,
        WALL,
    ):
        page.goto(path)
        look_at(page)
