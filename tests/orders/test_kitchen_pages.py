"""The kitchen's screen: what stands where, what ages when, what is counted, who may look and who hears of what."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from live.models import Publish
from live.regions import find
from post.models import Message
from screens.contents import CONTENTS
from tests.cast.orders import add_line
from tests.html import one_line
from tests.races import answers_at_once
from tracking.orders.kitchen.queue import STAGES
from tracking.orders.models import Order, State, Way
from tracking.orders.wall import pickup

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cook(client, olga):
    client.force_login(olga)
    return client


def column(stage, station=None):
    query = f"?station={station}" if station else ""
    return find(f"kitchen/grill/{stage}/{query}")


def cards(stage, station=None):
    """The HTML of the cards in a column, by the order's key, in their order."""
    rows = column(stage, station).render().rows
    return {int(row.rsplit("-", 1)[1]): one_line(html) for row, html in rows.items()}


def head(station=None):
    return one_line(find(f"kitchen/grill/{f'?station={station}' if station else ''}").render().html)


def all_day(station=None):
    counts = re.findall(r'<li><b class="figure">(\d+)</b> ([^<]+)</li>', head(station))
    return {name: int(count) for count, name in counts}


def tap(client, order, verb, **fields):
    return client.post(f"/orders/grill/kitchen/{order.pk}/tap/{verb}/", fields, headers=HTMX)


def test_each_order_stands_in_the_column_of_its_stage(make_order):
    orders = {state: make_order(state=state) for state in STAGES}
    make_order(state=State.OUT, way=Way.DELIVERY)
    make_order(state=State.UNPAID, placed_at=None)
    for state in STAGES:
        assert list(cards(state)) == [orders[state].pk]


def test_the_page_shows_all_columns_and_a_bare_kitchen(cook, make_order, grill):
    empty = cook.get("/orders/grill/kitchen/")
    assert empty.status_code == 200 and "Nothing is to be made." in empty.content.decode()
    order = make_order()
    page = cook.get("/orders/grill/kitchen/").content.decode()
    assert order.reference in page and page.count('class="cards"') == 4


def test_the_bell_rings_for_what_was_paid_last_and_not_for_what_was_ordered_last(make_order):
    first, second = make_order(minutes_ago=1), make_order(minutes_ago=2)
    assert first.pk < second.pk
    newest = re.search(r'data-newest="([^"]+)"', head())
    assert datetime.fromisoformat(newest[1]) == first.placed_at


def test_each_column_can_say_that_it_is_cut(make_order):
    for stage in STAGES:
        assert 'class="fresh"' in column(stage).render().html


def test_a_screen_reader_hears_in_short_what_has_changed(make_order):
    order, other = make_order(state=State.MAKING), make_order(state=State.MAKING)
    other.call_off("The grill is broken")
    assert f'data-say="{order.reference}: Being made"' in cards(State.MAKING)[order.pk]
    assert f'data-say="{other.reference}: Cancelled"' in cards(State.MAKING)[other.pk]


def test_taps_lead_an_order_from_column_to_column(cook, make_order):
    order = make_order()
    for verb, state in [("accept", "accepted"), ("start", "making"), ("bump", "ready"), ("collect", "collected")]:
        answer = tap(cook, order, verb)
        assert answer.status_code == 200 and not answer.content.strip()
        order.refresh_from_db()
        assert order.state == state
    assert tap(cook, order, "recall", moved_to="collected").status_code == 200
    assert order.pk in cards(State.READY)


def test_a_tap_that_is_refused_says_why(cook, make_order):
    order = make_order(state=State.ACCEPTED)
    order.call_off("The grill is broken")
    answer = tap(cook, order, "start")
    assert answer.status_code == 422 and "Cancelled" in answer.content.decode()


def test_parts_are_ticked_one_by_one(cook, make_order):
    order = make_order({"Burger": 3}, State.MAKING)
    burger = order.parts.get()
    address = f"/orders/grill/kitchen/{order.pk}/parts/{burger.pk}"
    assert cook.post(f"{address}/2/", headers=HTMX).status_code == 200
    assert "2 of 3" in cards(State.MAKING)[order.pk]
    assert cook.post(f"{address}/4/", headers=HTMX).status_code == 422
    cook.post(f"{address}/3/", headers=HTMX)
    assert list(cards(State.READY)) == [order.pk]


def test_cards_stand_by_the_time_that_they_are_due_and_no_move_changes_it(make_order):
    late, early = make_order(state=State.MAKING, minutes_ago=2), make_order(state=State.MAKING, minutes_ago=9)
    middle = make_order(state=State.ACCEPTED, minutes_ago=5)
    assert list(cards(State.MAKING)) == [early.pk, late.pk]
    middle.start()
    assert list(cards(State.MAKING)) == [early.pk, middle.pk, late.pk]
    middle.bump()
    middle.recall("ready")
    early.finish_part(early.parts.get().pk, 0)
    assert list(cards(State.MAKING)) == [early.pk, middle.pk, late.pk]


def test_a_card_turns_at_15_and_at_20_minutes_of_the_servers_clock(make_order, time_machine):
    order = make_order(state=State.MAKING)
    time_machine.move_to(order.placed_at, tick=False)
    for minutes, words in [(15, "Over 15 min"), (20, "Over 20 min")]:
        region = column(State.MAKING)
        region.render()
        turns = region.stale_at(timezone.now())
        assert turns == order.placed_at + timedelta(minutes=minutes)
        time_machine.move_to(turns - timedelta(milliseconds=1), tick=False)
        assert words not in cards(State.MAKING)[order.pk]
        time_machine.move_to(turns, tick=False)
        assert words in cards(State.MAKING)[order.pk]


def test_what_is_ordered_for_later_comes_when_it_is_time_to_begin(make_order, grill, time_machine):
    now = timezone.now()
    order = make_order(state=State.PLACED, wanted_at=now + timedelta(hours=5))
    assert order.pk in cards(State.PLACED)  # somebody has to accept it
    order.accept()
    region = column(State.ACCEPTED)
    region.render()
    assert not cards(State.ACCEPTED) and order.reference in head() and not all_day()
    time_machine.move_to(region.stale_at(timezone.now()))
    assert list(cards(State.ACCEPTED)) == [order.pk] and all_day() == {"Burger": 1}
    assert "Over" not in cards(State.ACCEPTED)[order.pk]  # its age counts from now on


def test_a_station_gets_only_what_it_makes(make_order, grill):
    kitchen, drinks = grill.stations.all()
    both, food = make_order({"Burger": 1, "Cola": 2}, State.MAKING), make_order({"Burger": 1}, State.MAKING)
    assert list(cards(State.MAKING, kitchen.pk)) == [both.pk, food.pk]
    (card,) = cards(State.MAKING, drinks.pk).values()
    assert "Cola" in card and "Burger" not in card
    assert all_day(drinks.pk) == {"Cola": 2}
    both.bump(drinks.pk)
    assert not cards(State.MAKING, drinks.pk) and list(cards(State.READY, drinks.pk)) == [both.pk]
    assert list(cards(State.MAKING)) == [both.pk, food.pk]


def test_what_one_station_does_is_no_news_for_another(make_order, grill):
    kitchen = grill.stations.first()
    order = make_order({"Burger": 1, "Cola": 2}, State.MAKING)
    before = column(State.MAKING, kitchen.pk).render().version
    order.finish_part(order.parts.get(name="Cola").pk, 1)
    assert column(State.MAKING, kitchen.pk).render().version == before


def test_a_combo_goes_to_two_stations(make_order, grill):
    kitchen, drinks = grill.stations.all()
    order = make_order({"Burger menu": 1}, State.MAKING)
    assert "Cola" in cards(State.MAKING, drinks.pk)[order.pk]
    assert "Burger" in cards(State.MAKING, kitchen.pk)[order.pk]


# A cancellation reaches the kitchen (faults 1 to 3)


def test_a_cancelled_order_stays_in_its_place_until_somebody_has_seen_it(cook, make_order, assert_published):
    first, order, last = (make_order(state=State.ACCEPTED, minutes_ago=minutes) for minutes in (9, 6, 3))
    with assert_published(f"shop-orders-{order.shop_id}"):
        order.cancel()
    assert list(cards(State.ACCEPTED)) == [first.pk, order.pk, last.pk]
    card = cards(State.ACCEPTED)[order.pk]
    assert "Cancelled" in card and "<s>" in card and "Start" not in card
    assert tap(cook, order, "acknowledge").status_code == 200
    assert list(cards(State.ACCEPTED)) == [first.pk, last.pk]


def test_a_cancelled_order_stays_where_a_station_had_it(make_order, grill):
    """The bar has made its part, and has the order among the ready ones."""
    drinks = grill.stations.last()
    order = make_order({"Burger": 1, "Cola": 2}, State.MAKING)
    order.bump(drinks.pk)
    assert list(cards(State.READY, drinks.pk)) == [order.pk]
    order.call_off("The grill is broken")
    assert list(cards(State.READY, drinks.pk)) == [order.pk] and not cards(State.MAKING, drinks.pk)
    assert list(cards(State.MAKING)) == [order.pk]


def test_a_preorder_of_yesterday_that_is_cancelled_is_seen_too(make_order, time_machine):
    now = timezone.now()
    order = make_order(state=State.ACCEPTED, minutes_ago=20 * 60, wanted_at=now + timedelta(hours=3), accepted_at=now)
    assert not cards(State.ACCEPTED)
    order.cancel()
    assert "Cancelled" in cards(State.ACCEPTED)[order.pk]


def test_what_the_kitchen_never_saw_is_not_shown_as_cancelled(make_order):
    order = make_order(state=State.UNPAID, placed_at=None)
    order.cancel()
    assert not any(cards(stage) for stage in STAGES)


def test_a_void_line_is_struck_through_and_counts_no_more(cook, make_order):
    order = make_order({"Burger": 2, "Cola": 3}, State.MAKING)
    make_order({"Cola": 1}, State.PLACED)
    assert all_day() == {"Burger": 2, "Cola": 4}
    order.void_line(order.lines.get(name="Cola").pk, "No cola left")
    assert all_day() == {"Burger": 2, "Cola": 1}
    card = cards(State.MAKING)[order.pk]
    assert "<s><b" in card and "Taken off" in card
    tap(cook, order, "acknowledge")
    assert "Cola" not in cards(State.MAKING)[order.pk]


def test_all_that_a_station_makes_is_void_stays_in_its_place_there_until_it_is_seen(cook, make_order, grill):
    drinks = grill.stations.last()
    order = make_order({"Burger": 2, "Cola": 3}, State.MAKING)
    order.void_line(order.lines.get(name="Cola").pk, "No cola left")
    assert "Taken off" in cards(State.MAKING, drinks.pk)[order.pk] and not cards(State.READY, drinks.pk)
    tap(cook, order, "acknowledge")
    assert not any(cards(stage, drinks.pk) for stage in STAGES)
    assert 'data-open="0"' in head(drinks.pk)


def test_a_cancelled_order_shows_no_line_again_that_was_seen_to_be_void(cook, make_order):
    order = make_order({"Burger": 2, "Cola": 3}, State.MAKING)
    order.void_line(order.lines.get(name="Cola").pk, "No cola left")
    tap(cook, order, "acknowledge")
    order.call_off("The grill is broken")
    assert "Burger" in cards(State.MAKING)[order.pk] and "Cola" not in cards(State.MAKING)[order.pk]


def test_all_day_counts_what_is_still_to_be_made(make_order):
    order, other = make_order({"Burger": 3}, State.MAKING), make_order({"Burger": 2}, State.ACCEPTED)
    order.finish_part(order.parts.get().pk, 2)
    assert all_day() == {"Burger": 3}
    other.call_off("The grill is broken")
    assert all_day() == {"Burger": 1}
    order.bump()
    assert all_day() == {}
    order.recall("ready")
    assert all_day() == {"Burger": 1}


def test_a_payment_makes_no_work_for_the_kitchen(make_order):
    """Fault 6: the bill is one thing, and what is made another."""
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING, is_paid=True)
    before = [column(State.MAKING).render().version, all_day(), order.parts.count()]
    order.void_line(order.lines.get(name="Cola").pk, "No cola left")
    order.acknowledge()
    assert order.parts.filter(line__is_void=False).count() == 1
    assert before[1] == {"Burger": 1, "Cola": 1} and all_day() == {"Burger": 1}


def test_sent_twice_within_a_second_it_is_one_card_and_one_row_of_history(cook, make_order):
    order = make_order()
    assert [tap(cook, order, "accept").status_code for _time in range(2)] == [200, 200]
    assert list(cards(State.ACCEPTED)) == [order.pk]
    assert order.changes.filter(verb="accept", field="state").count() == 1


# Sold out, and busy


def test_what_comes_with_others_only_can_run_out_too(cook, menu, grill):
    group = grill.option_groups.create(name="Desserts")
    cake = grill.dishes.create(name="Cake", price=0, is_listed=False)
    grill.dishes.create(name="Of last year", price=300, is_listed=False)
    rows = lambda: {row.name for row in find("kitchen-dishes/grill/").rows()}  # noqa: E731
    assert "Cake" not in rows()
    group.options.create(name="Cake", dish=cake)
    assert "Cake" in rows() and "Of last year" not in rows()
    cook.post(f"/orders/grill/kitchen/dishes/{cake.pk}/sell-out/", {"how": "60"}, headers=HTMX)
    assert "Cake" in head()


def test_sold_out_until_a_time_and_back(cook, menu, assert_published, grill):
    burger = menu["Burger"]
    address = f"/orders/grill/kitchen/dishes/{burger.pk}"
    with assert_published(f"menu-{grill.pk}"):
        assert cook.post(f"{address}/sell-out/", {"how": "30"}, headers=HTMX).status_code == 200
    burger.refresh_from_db()
    assert timedelta(minutes=29) < burger.out_until - timezone.now() <= timedelta(minutes=30)
    assert "Sold out until" in cook.get("/orders/grill/kitchen/dishes/").content.decode()
    assert "Burger" in head()
    cook.post(f"{address}/bring-back/", headers=HTMX)
    burger.refresh_from_db()
    assert not burger.is_out(timezone.now())


@pytest.mark.parametrize("fields", [{}, {"how": "999"}, {"how": "time"}, {"how": "time", "time": "25:00"}])
def test_sold_out_until_no_time_is_refused(cook, menu, fields):
    address = f"/orders/grill/kitchen/dishes/{menu['Burger'].pk}/sell-out/"
    assert cook.post(address, fields, headers=HTMX).status_code == 422
    menu["Burger"].refresh_from_db()
    assert menu["Burger"].out_until is None


def test_the_lever_from_the_kitchen(cook, grill):
    for lever, words in [("10", "+10 min"), ("20", "+20 min"), ("pause", "No orders until")]:
        assert cook.post(f"/orders/grill/kitchen/busy/{lever}/", headers=HTMX).status_code == 200
        assert words in head()
    cook.post("/orders/grill/kitchen/busy/resume/", headers=HTMX)
    assert "until" not in head()
    assert cook.post("/orders/grill/kitchen/busy/500/", headers=HTMX).status_code == 404


# The order's panel


@pytest.mark.parametrize(
    ("clock", "said", "next_clock"),
    [
        ("21:59", "", "22:00"),
        ("22:00", "The kitchen is closed.", "23:00"),
        ("23:00", "Closed until Wed 3 March, 06:00", None),
        ("05:00", "Closed until 06:00", "06:00"),
        ("06:00", "", "22:00"),
    ],
)
def test_a_kitchen_is_told_that_it_is_closed(grill, time_machine, clock, said, next_clock):
    time_machine.move_to(datetime.fromisoformat(f"2027-03-02T{clock}:00").replace(tzinfo=grill.tz), tick=False)
    region = find("kitchen/grill/")
    assert region.context()["shut"] == said and said in head()
    if next_clock:
        assert f"{region.stale_at(timezone.now()).astimezone(grill.tz):%H:%M}" == next_clock


def test_a_refusal_needs_its_reason_and_the_panel_keeps_what_was_typed(cook, make_order):
    order = make_order()
    address = f"/orders/grill/kitchen/{order.pk}"
    assert "Refuse it" in cook.get(f"{address}/").content.decode()
    empty = cook.post(f"{address}/refuse/", {"seen": order.revision, "reason": " "}, headers=HTMX)
    assert empty.status_code == 422
    stale = cook.post(f"{address}/refuse/", {"seen": order.revision - 1, "reason": "We close"}, headers=HTMX)
    assert stale.status_code == 409 and "We close" in stale.content.decode()
    done = cook.post(f"{address}/refuse/", {"seen": order.revision, "reason": "We close"}, headers=HTMX)
    order.refresh_from_db()
    assert done.status_code == 200 and (order.state, order.reason) == (State.REFUSED, "We close")


def test_without_scripts_a_move_leads_back_to_the_order(cook, make_order):
    order = make_order()
    answer = cook.post(f"/orders/grill/kitchen/{order.pk}/accept/", {"seen": order.revision})
    assert answer.status_code == 303 and answer["Location"] == f"/orders/grill/kitchen/{order.pk}/"
    assert "Accepted" in cook.get(answer["Location"]).content.decode()


# Who may look, and do


PAGES = ["", "dishes/", "{pk}/", "{pk}/slip/"]
POSTS = [
    "busy/10/",
    "dishes/{dish}/sell-out/",
    "{pk}/tap/accept/",
    "{pk}/accept/",
    "{pk}/parts/{part}/1/",
    "{pk}/slip/",
]


@pytest.mark.parametrize("path", [*PAGES, "../runners/"])
def test_the_kitchen_is_for_those_who_work_there(client, bruno, make_order, path):
    order = make_order()
    address = f"/orders/grill/kitchen/{path.format(pk=order.pk)}".replace("kitchen/../", "")
    assert client.get(address).status_code == 302
    client.force_login(bruno)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_nobody_else_moves_anything(client, bruno, alice, make_order, menu, path):
    order = make_order()
    values = {"pk": order.pk, "dish": menu["Burger"].pk, "part": order.parts.get().pk}
    for user in (bruno, alice):
        client.force_login(user)
        assert client.post(f"/orders/grill/kitchen/{path.format(**values)}").status_code == 404
    assert Order.objects.get().revision == order.revision


def test_an_order_of_another_shop_is_not_found_in_ones_own_kitchen(client, bruno, bar, make_order):
    order = make_order()
    client.force_login(bruno)
    assert client.get(f"/orders/bar/kitchen/{order.pk}/").status_code == 404
    assert client.post(f"/orders/bar/kitchen/{order.pk}/tap/accept/").status_code == 404


def test_what_is_not_paid_yet_is_not_found(cook, make_order):
    order = make_order(state=State.UNPAID, placed_at=None)
    assert cook.get(f"/orders/grill/kitchen/{order.pk}/").status_code == 404
    assert tap(cook, order, "accept").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["kitchen/grill/", "kitchen/grill/placed/", "kitchen-dishes/grill/", "runners/grill/", "kitchen-order/grill/{pk}/"],
)
def test_the_regions_are_for_staff_too(client, alice, bruno, olga, make_order, path):
    address = "/live/" + path.format(pk=make_order().pk)
    for user in (alice, bruno):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(olga)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["?station=x", "?station=999999999", "?station=x%00", "?station=²"])
def test_a_station_that_there_is_not(cook, menu, path):
    assert cook.get(f"/orders/grill/kitchen/{path}").status_code == 404


@pytest.mark.parametrize("path", ["collected/", "nonsense/"])
def test_a_column_that_there_is_not(cook, menu, path):
    assert cook.get(f"/live/kitchen/grill/{path}").status_code == 404


def test_what_customers_write_is_text(make_order):
    order = make_order(note="<script>alert(1)</script>", name="<b>N</b>")
    card = cards(State.PLACED)[order.pk]
    assert "<script>" not in card and "<b>N</b>" not in card and "&lt;script&gt;" in card


# Runners


def runs():
    return {int(row.rsplit("-", 1)[1]): one_line(html) for row, html in find("runners/grill/").render().rows.items()}


def test_runners_see_what_is_ready_where_to_and_by_when(make_order):
    second = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="WXYZ")
    first = make_order(state=State.READY, minutes_ago=3, way=Way.DELIVERY, gate="B24")
    make_order(state=State.READY)
    make_order(state=State.MAKING, way=Way.DELIVERY, gate="B26")
    assert list(runs()) == [first.pk, second.pk]
    assert "B22" in runs()[second.pk] and "WXYZ" not in runs()[second.pk]


def test_a_runner_takes_it_and_hands_it_over_for_the_pin(cook, make_order):
    order = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="0427")
    assert tap(cook, order, "send_out").status_code == 200
    assert "PIN" in runs()[order.pk]
    wrong = tap(cook, order, "deliver", pin="1111")
    assert wrong.status_code == 422 and "4 more tries" in wrong.content.decode()
    done = tap(cook, order, "deliver", pin="0427")
    assert done.status_code == 200 and f"Handed over: {order.reference}." in done.text
    assert not runs() and Order.objects.get().state == State.DELIVERED


def test_the_pin_is_on_no_page_of_the_shop(cook, make_order):
    order = make_order(state=State.OUT, way=Way.DELIVERY, gate="B22", pin="WXYZ", phone="")
    order.deliver("WXYZ")
    for path in ("kitchen/", f"kitchen/{order.pk}/", f"kitchen/{order.pk}/slip/", "runners/", "wall/"):
        assert "WXYZ" not in cook.get(f"/orders/grill/{path}").content.decode()


# Slips (fault 7)


def test_a_slip_is_printed_once_and_says_reprint_from_then_on(cook, olga, make_order):
    order = make_order({"Burger": 1, "Cola": 1}, State.ACCEPTED)
    address = f"/orders/grill/kitchen/{order.pk}/slip/"
    assert "REPRINT" not in cook.get(address).content.decode()
    first = cook.post(address).content.decode()
    assert "data-print" in first and "REPRINT" not in first
    assert "REPRINT" in cook.get(address).content.decode()  # on the tablet beside it too
    assert "REPRINT" in cook.post(address).content.decode()


def test_a_slip_has_the_time_of_the_card_and_says_what_is_cancelled(cook, make_order):
    order = make_order({"Burger": 1}, State.MAKING, way=Way.DELIVERY, gate="B22")
    address = f"/orders/grill/kitchen/{order.pk}/slip/"
    by = (order.latest - order.walk).astimezone(order.shop.tz)
    assert f"by {by:%H:%M}" in cook.get(address).text and f"by {by:%H:%M}" in cards(State.MAKING)[order.pk]
    assert "CANCELLED" not in cook.get(address).text
    order.call_off("The grill is broken")
    assert "CANCELLED" in cook.get(address).text


def test_each_station_has_a_slip_of_its_own(cook, make_order, grill):
    kitchen, drinks = grill.stations.all()
    order = make_order({"Burger": 1, "Cola": 1}, State.ACCEPTED)
    address = f"/orders/grill/kitchen/{order.pk}/slip/?station="
    food = cook.post(f"{address}{kitchen.pk}").content.decode()
    assert "Burger" in food and "Cola" not in food
    assert "REPRINT" not in cook.post(f"{address}{drinks.pk}").content.decode()
    assert "REPRINT" in cook.post(f"{address}{kitchen.pk}").content.decode()


def test_what_is_added_later_is_printed_alone_and_for_its_own_station(cook, make_order, menu, grill):
    """Fault 5: a drink that is added prints no food again."""
    kitchen, drinks = grill.stations.all()
    order = make_order({"Burger": 1}, State.ACCEPTED)
    address = f"/orders/grill/kitchen/{order.pk}/slip/"
    cook.post(address)
    add_line(order, menu, 1, "Cola", 2)
    added = cook.post(address).content.decode()
    assert "Cola" in added and "Burger" not in added and "REPRINT" not in added
    assert "REPRINT" in cook.get(f"{address}?station={kitchen.pk}").content.decode()
    assert "REPRINT" in cook.get(f"{address}?station={drinks.pk}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_print_at_the_same_moment_one_has_reprint_on_it(olga, make_order):
    order = make_order(state=State.ACCEPTED)

    def print_it():
        browser = Client()
        browser.force_login(olga)
        return "REPRINT" in browser.post(f"/orders/grill/kitchen/{order.pk}/slip/").content.decode()

    assert sorted(answers_at_once(print_it, print_it)) == [False, True]


def test_mail_that_does_not_arrive_is_seen_in_the_kitchen(cook, make_order, assert_published):
    """Fault 28: the screen is what a kitchen goes by, and staff see which customer was not told."""
    order, other = make_order(email="nora@example.org", state=State.MAKING), make_order(state=State.MAKING)
    order.bump()
    other.bump()
    message = Message.objects.about(order).get()
    assert not any("did not reach" in card for card in cards(State.READY).values())
    with assert_published(f"shop-orders-{order.shop_id}"):
        message.refused("550 no such mailbox", timezone.now())
    assert ["did not reach" in card for card in cards(State.READY).values()] == [True, False]
    assert "nora@example.org" in cook.get(f"/orders/grill/kitchen/{order.pk}/").content.decode()


def test_mail_that_waits_is_told_to_those_who_work_in_the_kitchen(cook, make_order):
    order = make_order(email="nora@example.org", state=State.MAKING)
    order.bump()
    assert "waiting to be sent" not in cook.get("/orders/grill/kitchen/").content.decode()
    Message.objects.update(made_at=timezone.now() - timedelta(minutes=5))
    assert "waiting to be sent" in cook.get("/orders/grill/kitchen/").content.decode()


# The pickup screen


def wall():
    return one_line(find("pickup/grill/").render().html)


def test_the_wall_shows_what_is_made_and_what_is_ready_and_names_nobody(client, make_order):
    making, ready = make_order(state=State.MAKING), make_order(state=State.READY)
    placed = make_order(state=State.PLACED)
    brought = make_order(state=State.READY, way=Way.DELIVERY, gate="B22")
    page = one_line(client.get("/orders/grill/wall/").content.decode())
    assert page.index(ready.reference) < page.index(making.reference)
    assert placed.reference not in page and brought.reference not in page
    assert "Nora" not in page and "nora@" not in page


def test_the_wall_shows_what_is_ready_however_much_is_made(make_order, monkeypatch):
    monkeypatch.setattr(pickup, "MOST", 2)
    for minutes in range(9, 3, -1):
        make_order(state=State.MAKING, minutes_ago=minutes)
    ready = make_order(state=State.READY, minutes_ago=1)
    shown = find("pickup/grill/").context()
    assert [one.reference for one in shown["ready"]] == [ready.reference] and len(shown["making"]) == 1


def test_the_wall_clears_itself(make_order, time_machine):
    order = make_order(state=State.MAKING)
    order.bump()
    region = find("pickup/grill/")
    assert order.reference in region.render().html
    gone_at = region.stale_at(timezone.now())
    time_machine.move_to(gone_at - timedelta(seconds=1))
    assert order.reference in wall()
    time_machine.move_to(gone_at)
    assert order.reference not in wall()


def test_what_is_collected_leaves_the_wall_and_what_is_recalled_comes_back(make_order):
    order = make_order(state=State.READY)
    order.collect()
    assert order.reference not in wall()
    order.recall("collected")
    assert order.reference in wall()


def test_a_screen_shows_it_in_each_of_its_languages(make_order):
    order = make_order(state=State.READY)
    content = CONTENTS["pickup"]
    html = content.region({"shop": "grill"}, ["en", "de"]).render().html
    assert order.reference in html and '<span lang="en">Ready</span><span lang="de">' in html
    assert content.phone_url({"shop": "grill"}) == "/orders/grill/wall/"
    assert content.form({"shop": "grill"}).is_valid() and not content.form({"shop": "none"}).is_valid()


def test_the_wall_of_a_shop_that_there_is_not(client, db):
    assert client.get("/orders/none/wall/").status_code == 404
    assert client.get("/live/pickup/none/").status_code == 404


# Silence: who must not hear of it


def published_by(move):
    newest = Publish.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    move()
    return set(Publish.objects.filter(pk__gt=newest).values_list("topic", flat=True))


def test_a_move_is_news_for_the_columns_that_it_leaves_and_comes_to(make_order):
    order = make_order({"Burger": 2}, State.ACCEPTED)
    hears = {stage: set(column(stage).topics()) for stage in STAGES}
    published = published_by(order.start)
    assert [stage for stage in STAGES if published & hears[stage]] == [State.ACCEPTED, State.MAKING]
    published = published_by(lambda: order.finish_part(order.parts.get().pk, 1))
    assert [stage for stage in STAGES if published & hears[stage]] == [State.MAKING]


def test_a_cancellation_is_news_for_every_column(make_order):
    order = make_order(state=State.MAKING)
    published = published_by(lambda: order.call_off("The grill is broken"))
    assert all(published & set(column(stage).topics()) for stage in STAGES)


def test_the_kitchen_of_another_shop_hears_nothing(make_order, bar):
    order = make_order(state=State.MAKING)
    published = published_by(order.bump)
    for path in ("kitchen/bar/", "kitchen/bar/making/", "kitchen/bar/ready/", "runners/bar/", "pickup/bar/"):
        assert not published & set(find(path).topics())
