"""One person from the search to the seat, and another from the search to the refund: on a phone, and by the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from bookings.seats.models import Booking, Coupon, State, Status
from checkout.models import Payment, Refund, RefundState
from checkout.refunding import send_due
from e2e.conftest import is_live

DAYS = 24 * 60


class Touch:
    """Taps, on a phone."""

    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

    def press(self, locator):
        locator.tap()

    def write(self, locator, text):
        locator.tap()
        locator.fill(text)


class Keyboard:
    """Tab and Enter; nothing is clicked."""

    options = {"viewport": {"width": 1280, "height": 800}}

    def press(self, locator):
        self.reach(locator)
        locator.page.keyboard.press("Enter")

    def write(self, locator, text):
        self.reach(locator)
        if locator.get_attribute("type") == "date":
            locator.fill(text)  # its parts are in an order that the browser's language decides
        else:
            locator.page.keyboard.press("ControlOrMeta+a")
            locator.page.keyboard.type(text)

    def reach(self, locator):
        expect(locator).to_be_visible()
        for _press in range(250):
            if locator.evaluate("element => element === document.activeElement"):
                return
            locator.page.keyboard.press("Tab")
        raise AssertionError(f"{locator} can't be reached by the keyboard")


def button(page, name):
    return page.get_by_role("button", name=re.compile(name)).first


def book_and_pay(hand, page, inventory, given, surname):
    """From the empty search to a confirmed booking."""
    page.goto("/fly/")
    hand.write(page.get_by_label("To", exact=True), "BOS")
    hand.write(page.get_by_label("Day"), inventory.day.isoformat())
    hand.press(button(page, "^Search$"))
    page.wait_for_url("**/fly/?**")  # keys and taps wait for nothing, as clicks do
    is_live(page)
    hand.press(button(page, "^Choose Flex"))
    page.wait_for_url("**/fly/hold/**")
    is_live(page)
    hand.write(page.get_by_label("Given names"), given)
    hand.write(page.get_by_label("Surname"), surname)
    hand.write(page.get_by_label("E-mail"), "ada@example.org")
    hand.press(button(page, "^Book for"))
    page.wait_for_url("**/fly/pay/**")
    hand.press(button(page, "^Pay "))
    page.wait_for_url("**/checkout/**")
    hand.press(button(page, "^Pay "))
    page.wait_for_url("**/fly/trips/**")
    is_live(page)
    expect(page.get_by_text("Confirmed").first).to_be_visible()
    return Booking.objects.get(travellers__given=given)


@pytest.mark.parametrize("hand", [Touch(), Keyboard()], ids=["phone", "keyboard"])
def test_booked_paid_checked_in_and_boarded(hand, person, signed_in, gina, make_inventory):
    soon = make_inventory(minutes=3 * 60, gate="B22")
    page, gate = person(**hand.options), signed_in(gina)
    booking = book_and_pay(hand, page, soon, "Ada", "Lovelace")
    assert booking.state == State.CONFIRMED and soon.ledger().sold == 1
    hand.press(page.get_by_role("link", name="Check-in and boarding passes"))
    page.wait_for_url("**/fly/check-in/**")
    is_live(page)
    hand.press(button(page, "^Check in"))
    hand.press(page.get_by_role("link", name=re.compile("^Boarding pass")).first)
    expect(page.get_by_role("img", name=re.compile("code of the boarding pass"))).to_be_visible()
    is_live(page)

    gate.goto(f"/fly/gate/{soon.pk}/")
    is_live(gate)
    field = gate.get_by_label("Boarding pass, seat, sequence or reference")
    field.fill(page.locator(".pass code").text_content())
    field.press("Enter")
    expect(gate.locator("#result")).to_contain_text("Boarded")
    expect(page.get_by_text("You went on board at")).to_be_visible()
    assert Coupon.objects.get().status == Status.BOARDED


@pytest.mark.parametrize("hand", [Touch(), Keyboard()], ids=["phone", "keyboard"])
def test_booked_paid_cancelled_and_given_back(hand, person, make_inventory):
    inventory = make_inventory(minutes=10 * DAYS)
    page = person(**hand.options)
    booking = book_and_pay(hand, page, inventory, "Grace", "Hopper")
    hand.press(page.get_by_role("link", name="Cancel the booking"))
    cancel = button(page, r"^Cancel and get \$")
    expect(cancel).to_contain_text(str(booking.price))
    hand.press(cancel)
    expect(page.get_by_text("This booking is cancelled.")).to_be_visible()
    assert inventory.ledger().free == inventory.ledger().seats
    send_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.amount) == (RefundState.SENT, booking.total)
    assert Payment.objects.get().captured_amount == 0
