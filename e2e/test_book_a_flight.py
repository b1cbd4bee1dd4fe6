"""From an offer to a booked flight: two browsers race for a seat, a price changes in a half-filled form, keyboard, phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.seats.models import Booking, State
from bookings.seats.models.fares import Tariff
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at, sideways

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def dearer(fares):
    """``dearer()``: from now on each flight costs 50 dollars more."""

    def raise_price():
        tariff = Tariff.objects.get(cabin="economy")
        rule = tariff.rule()
        tariff.revise(rule._replace(fixed=rule.fixed + 5_000))

    return raise_price


def map_url(booking):
    return f"/fly/hold/{booking.token}/seats/0/"


def seat(page, code):
    return page.locator(f'.map-row button[value="{code}"]')


def fill_in(page, *names):
    for number, name in enumerate(names):
        given, surname = name.split()
        page.locator(f"#id_given-{number}").fill(given)
        page.locator(f"#id_surname-{number}").fill(surname)
    page.get_by_label("E-mail").fill("ana@example.org")


def test_from_the_search_to_the_hold_and_at_another_price(person, inventory):
    page = person(bypass_csp=True)
    flight = inventory.flight
    page.goto(f"/fly/?from=JFK&to=BOS&day={inventory.day}")
    is_live(page)
    choose = page.locator("button[name=choice]").nth(1)
    flights, family, _total = choose.get_attribute("value").split("/")
    choose.evaluate("(button, value) => (button.value = value)", f"{flights}/{family}/1")
    choose.click()
    expect(page.get_by_role("heading", name="The price has changed")).to_be_visible()
    assert not Booking.objects.exists()
    look_at(page)
    page.get_by_role("button", name="Go on at").click()
    page.wait_for_url("**/fly/hold/**")
    expect(page.locator(".trip-held")).to_contain_text(flight.designator)
    assert Booking.objects.get().state == State.HELD


def test_two_browsers_race_for_one_seat_and_both_understand(person, hold_seats):
    ana, ben = hold_seats(), hold_seats()
    hers, his = person(), person()
    hers.goto(map_url(ana))
    his.goto(map_url(ben))
    is_live(hers)
    is_live(his)
    seat(hers, "20A").click()
    expect(hers.locator("#seat-answer")).to_contain_text("Adult 1 has seat 20A")
    expect(seat(hers, "20A")).to_have_class("cell seat is-held is-mine is-chosen")
    expect(seat(his, "20A")).to_contain_text("held, may free at")  # pushed
    seat(his, "20A").click()
    expect(his.locator("#seat-answer")).to_contain_text("Seat 20A has just been taken")
    his.locator("#seat-answer").get_by_role("button", name="21A").click()
    expect(his.locator("#seat-answer")).to_contain_text("Adult 1 has seat 21A")
    expect(seat(hers, "21A")).to_contain_text("held, may free at")
    assert not_reloaded(hers) and not_reloaded(his)


def test_a_price_changes_while_the_form_is_half_filled(person, hold_seats, dearer):
    held = hold_seats()
    page = person()
    page.goto(f"/fly/hold/{held.token}/")
    is_live(page)
    page.get_by_label("Given names").fill("Ana")
    page.get_by_label("Surname").press_sequentially("Orti")
    Booking.objects.filter(pk=held.pk).update(price_until=timezone.now() - timedelta(seconds=1))
    held.extend()
    dearer()
    expect(page.locator(".price-held")).to_contain_text("Accept the new price of")
    page.keyboard.type("z")  # the cursor is where it was
    expect(page.get_by_label("Surname")).to_have_value("Ortiz")
    expect(page.get_by_label("Given names")).to_have_value("Ana")
    page.get_by_label("E-mail").fill("ana@example.org")
    assert not_reloaded(page)
    page.get_by_role("button", name="Accept the new price").click()
    page.wait_for_url("**/fly/pay/**")
    booking = Booking.objects.get()
    assert booking.state == State.BOOKED and booking.total > held.total
    assert sum(booking.lines.values_list("amount", flat=True)) == booking.total


def test_an_old_price_is_refused_with_both_and_nothing_typed_is_lost(person, hold_seats, dearer):
    held = hold_seats(adults=2)
    page = person(java_script_enabled=False)
    page.goto(f"/fly/hold/{held.token}/")
    fill_in(page, "Ana Ortiz", "Ben Ortiz")
    Booking.objects.filter(pk=held.pk).update(price_until=timezone.now())
    dearer()
    page.get_by_role("button", name="Book for").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing is booked yet")
    expect(page.locator("#id_surname-1")).to_have_value("Ortiz")
    page.get_by_role("button", name="Accept the new price").click()
    page.wait_for_url("**/fly/pay/**")
    assert Booking.objects.get().state == State.BOOKED


def test_with_the_keyboard_alone(person, hold_seats):
    held = hold_seats(adults=2)
    page = person()
    page.goto(f"/fly/hold/{held.token}/")
    is_live(page)
    page.get_by_role("button", name="Choose seats on").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/seats/0/")
    is_live(page)
    own = page.locator(".seat.is-chosen")
    own.focus()
    row = int(own.get_attribute("value")[:-1])
    for _row in range(16 - row):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.value") == "16A"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#seat-answer")).to_contain_text("Adult 1 has seat 16C")
    assert page.evaluate("document.activeElement.value") == "16C"  # focus stays on the seat
    radio = page.get_by_role("radio", name="Adult 2")
    radio.focus()
    page.keyboard.press("Space")
    seat(page, "16C").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#seat-answer")).to_contain_text("Adult 2 has seat 16A")
    page.get_by_role("link", name="Back to the passengers").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hold/*/")
    fill_in(page, "Ana Ortiz", "Ben Ortiz")
    page.get_by_label("E-mail").press("Enter")  # as in any form
    page.wait_for_url("**/fly/pay/**")
    booking = Booking.objects.get()
    assert [coupon.seat for coupon in booking.coupons().order_by("traveller__position")] == ["16C", "16A"]


def test_a_family_is_kept_together_or_told(person, hold_seats):
    held = hold_seats(adults=1, children=1)
    page = person()
    page.goto(map_url(held))
    is_live(page)
    expect(page.locator(".my-seats")).to_contain_text("Child 2 sits beside Adult 1")
    seat(page, "20A").click()
    answer = page.locator("#seat-answer")
    expect(answer).to_contain_text("no adult would sit beside Child 2")
    answer.get_by_role("button", name="Move all of you").click()
    expect(answer).to_contain_text("Adult 1 has seat 20")
    expect(page.locator(".my-seats")).to_contain_text("Child 2 sits beside Adult 1")


def test_a_family_hears_before_paying_that_no_adult_would_sit_beside_its_child(person, inventory, hold_seats):
    """Only seats apart are left, until somebody else gives up the one beside."""
    inventory.block(inventory.free("economy") - {"15A", "15C", "18A"}, "crew")
    stranger = hold_seats(family="flex")
    own = stranger.coupons().get()
    stranger.move({own.pk: "15A"})
    page, other = person(), person()
    page.goto(f"/fly/?from=JFK&to=BOS&day={inventory.day}&adults=1&children=1")
    page.get_by_role("button", name="Choose Flex").click()
    page.wait_for_url("**/fly/hold/**")
    is_live(page)
    expect(page.locator(".trip-held .state.warn")).to_contain_text("Child 2 sits beside no adult of yours")
    page.get_by_role("button", name="Choose seats on").click()
    page.wait_for_url("**/seats/0/")
    is_live(page)
    other.goto(f"/fly/hold/{stranger.token}/")
    other.get_by_role("button", name="Release the seats").click()
    expect(seat(page, "15A")).to_contain_text("free")
    adult = page.locator(".sitters li").filter(has_text="Adult 1").locator(".seat-code").inner_text()
    page.get_by_role("radio", name="Child 2" if adult == "15C" else "Adult 1").check()
    seat(page, "15A").click()
    expect(page.locator(".my-seats")).to_contain_text("Child 2 sits beside Adult 1")
    assert not_reloaded(page)


def test_the_last_seats_go_to_one_and_the_other_is_offered_what_is_left(person, inventory, make_inventory, hold_seats):
    later = make_inventory(number="1020", minutes=10 * 24 * 60 + 120)
    inventory.block(sorted(inventory.free("economy"))[1:], "crew")
    quick, slow = person(), person(java_script_enabled=False)  # without scripts, its page stays as it was
    for page in (quick, slow):
        page.goto(f"/fly/?from=JFK&to=BOS&day={inventory.day}")
    chosen = [
        page.locator(f"#itinerary-{inventory.pk}").get_by_role("button", name="Choose Flex") for page in (quick, slow)
    ]
    chosen[0].click()
    quick.wait_for_url("**/fly/hold/**")
    chosen[1].click()
    expect(slow.get_by_role("heading", name="Nothing is held yet")).to_be_visible()
    expect(slow.get_by_role("alert")).to_contain_text("seat")
    slow.get_by_role("link", name="Other flights of that day").click()
    expect(slow.locator(f"#itinerary-{inventory.pk}")).to_have_count(0)
    slow.locator(f"#itinerary-{later.pk}").get_by_role("button", name="Choose Flex").click()
    slow.wait_for_url("**/fly/hold/**")
    assert [each.ledger().held for each in (inventory, later)] == [1, 1]


def test_exit_rows_are_agreed_to_a_list_does_the_same_and_a_hold_is_extended_once(person, hold_seats):
    held = hold_seats(adults=2, family="flex")
    page, other = person(), person()
    for each, booking in ((page, held), (other, hold_seats())):
        each.goto(map_url(booking))
        is_live(each)
    legend = page.get_by_role("region", name="What the signs mean")
    expect(legend).to_contain_text("for adults who can and will help in an emergency")
    seat(page, "12A").click()
    answer = page.locator("#seat-answer")
    expect(seat(other, "12A")).to_contain_text("free")  # nobody has agreed yet
    answer.get_by_role("button", name="I can and will help: take this seat").click()
    expect(answer).to_contain_text("Adult 1 has seat 12A")
    expect(seat(other, "12A")).to_contain_text("held, may free at")

    page.get_by_text("Choose from a list instead").click()
    page.get_by_role("combobox", name="Adult 1").select_option("20A")
    page.get_by_role("combobox", name="Adult 2").select_option("20C")
    page.get_by_role("button", name="Take these seats").click()
    for code in ("20A", "20C"):
        expect(seat(other, code)).to_contain_text("held, may free at")
    expect(seat(other, "12A")).to_contain_text("free")
    is_live(page)
    page.get_by_role("radio", name="Adult 1").check()
    seat(page, "20C").click()  # the two exchange their seats
    expect(answer).to_contain_text("Adult 1 has seat 20C. Adult 2 has seat 20A.")

    page.get_by_role("link", name="Back to the passengers").click()
    is_live(page)
    page.get_by_label("Surname").first.fill("Ortiz")
    page.get_by_role("button", name="Hold 10 minutes longer").click()
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"\b1[5-9]:[0-5]\d"))
    expect(page.get_by_label("Surname").first).to_have_value("Ortiz")
    expect(page.get_by_role("button", name="Hold 10 minutes longer")).to_have_count(0)
    assert not_reloaded(other)


def test_released_seats_are_free_for_others_at_once(person, hold_seats):
    ana, ben = hold_seats(), hold_seats()
    his, hers = person(), person()
    code = ana.coupons().get().seat
    his.goto(map_url(ben))
    is_live(his)
    hers.goto(f"/fly/hold/{ana.token}/")
    hers.get_by_role("button", name="Release the seats").click()
    hers.wait_for_url("**/fly/?**")
    expect(seat(his, code)).to_contain_text("free")
    seat(his, code).click()
    expect(his.locator("#seat-answer")).to_contain_text(f"has seat {code}")


def test_on_a_phone_seats_are_large_enough_and_the_traveller_stays_in_sight(person, hold_seats, make_inventory):
    held = hold_seats(adults=2, on=[make_inventory(layout="a320", number="3")])
    page = person(viewport=PHONE, has_touch=True)
    page.goto(map_url(held))
    is_live(page)
    assert sideways(page) <= 0
    box = seat(page, "20A").bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    seat(page, "25F").scroll_into_view_if_needed()
    expect(page.get_by_role("radio", name="Adult 1")).to_be_in_viewport()
    seat(page, "25F").tap()
    expect(page.locator("#seat-answer")).to_contain_text("Adult 1 has seat 25F")
    expect(page.locator("#seat-answer")).to_be_in_viewport()


def test_ten_abreast_fit_on_a_phone_with_what_each_seat_costs(person, hold_seats, make_inventory):
    held = hold_seats(on=[make_inventory(layout="777-200", number="3")])
    page = person(viewport=PHONE, has_touch=True)
    page.goto(map_url(held))
    is_live(page)
    for code in ("32A", "32D", "32K"):
        box = seat(page, code).bounding_box()
        assert box["width"] >= 34 and box["height"] >= 48
    fee = seat(page, "32A").locator(".fee")
    expect(fee).to_be_visible()
    assert fee.bounding_box()["width"] <= seat(page, "32A").bounding_box()["width"]
    assert sideways(page) <= 0


@pytest.mark.parametrize("layout", ["a320", "777-200"])
def test_the_pages_look_right(person, hold_seats, make_inventory, layout):
    held = hold_seats(adults=2, children=1, infants_lap=1, on=[make_inventory(layout=layout, number="3")])
    page = person(bypass_csp=True)
    page.goto(f"/fly/hold/{held.token}/")
    look_at(page)
    page.goto(map_url(held))
    look_at(page)
