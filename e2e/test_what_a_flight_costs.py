"""One price from the strip of days to the bill: who pays later, who presses twice, and what comes back to the last cent."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from bookings.seats.models import Booking, State
from checkout.models import Payment, Refund
from e2e.conftest import is_live
from live.outbox import publish

PHONE = {"viewport": {"width": 390, "height": 844}}
DAYS = 24 * 60
AMOUNT = re.compile(r"\$([\d,]+\.\d\d)")


def cents(text):
    """The one amount in a text, in cents."""
    (amount,) = AMOUNT.findall(text)
    return int(amount.replace(",", "").replace(".", ""))


def column(locator):
    return [cents(text) for text in locator.all_text_contents()]


def move_on(booking, **fields):
    """As if it was later: ``price_until`` or ``free_until`` is over."""
    with transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(**fields)
        publish(*booking.topics())


def fill_in(page, *names):
    for number, (given, surname) in enumerate(name.split() for name in names):
        page.locator(f"#id_given-{number}").fill(given)
        page.locator(f"#id_surname-{number}").fill(surname)
    page.get_by_label("E-mail").fill("ada@example.org")


def press_again(button):
    """The answer to the first press is lost on the way; the person presses the button once more."""
    press_in_vain(button)
    button.click()


def press_in_vain(button):
    """The server does it, and its answer is lost on the way."""
    page = button.page

    def lose(route):
        if route.request.method != "POST":
            return route.fallback()
        assert route.fetch(max_redirects=0).status in (302, 303)
        return route.abort("aborted")

    page.route("**/*", lose)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        button.click(no_wait_after=True)
    page.unroute("**/*", lose)


def pay_at_the_bank(page):
    press_again(page.get_by_role("button", name=re.compile("^Pay ")))
    page.wait_for_url("**/fly/trips/**")
    is_live(page)
    expect(page.locator(".trip-booked .states").first).to_contain_text("Confirmed")


@pytest.fixture
def cheaper_next_day(make_inventory, inventory):
    """The flight of the next day is cheaper, and on other days there is none."""
    return make_inventory(number="1020", minutes=11 * DAYS, miles=20)


def test_the_price_of_the_strip_is_what_is_paid_however_often_one_presses(person, inventory, cheaper_next_day):
    page = person(**PHONE)
    page.goto(f"/fly/?from=JFK&to=BOS&day={inventory.day}&adults=2&order=price")
    strip = page.get_by_role("navigation", name="Lowest price for all travellers, by day").get_by_role("listitem")
    expect(strip).to_have_count(7)
    assert [bool(AMOUNT.search(text)) for text in strip.all_text_contents()] == [False] * 3 + [True] * 2 + [False] * 2
    today, lowest = column(strip.filter(has=page.locator("b")))
    assert lowest < today
    strip.nth(4).get_by_role("link").click()
    expect(page.locator("[aria-current=date]")).to_contain_text(AMOUNT)
    assert f"day={cheaper_next_day.day}" in page.url and "adults=2" in page.url and "order=price" in page.url
    friend = person()
    friend.goto(page.url)  # all that was asked for is in the address
    expect(friend.locator(".result")).to_have_count(1)
    expect(friend.get_by_text("2 travellers, Economy")).to_be_visible()

    is_live(page)
    fares = page.locator(".result .fare")
    assert [fares.nth(place).locator("h4").inner_text() for place in range(3)] == ["Basic", "Standard", "Flex"]
    basic = fares.first
    assert cents(basic.locator(".price b").inner_text()) == lowest == min(column(page.locator(".fare .price b")))
    terms = basic.locator(".terms li").all_text_contents()
    press_again(basic.get_by_role("button"))
    page.wait_for_url("**/fly/hold/**")
    is_live(page)
    held = page.url
    assert cents(page.locator(".price-held .total strong").inner_text()) == lowest
    assert sum(column(page.locator(".price-held tbody td.figure.what"))) == lowest
    expect(page.locator(".price-held")).to_contain_text(re.compile(r"This price is guaranteed until \d\d:\d\d"))
    assert page.locator(".price-held .terms li").all_text_contents() == terms
    fill_in(page, "Ada Lovelace", "Bea Lovelace")
    press_in_vain(page.get_by_role("button", name=re.compile("^Book for")))
    expect(page.get_by_text("This is booked.")).to_be_visible()  # the open page hears of it
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/fly/pay/**")
    press_again(page.get_by_role("button", name=re.compile("^Pay ")))
    page.wait_for_url("**/checkout/**")
    bank = page.url
    pay_at_the_bank(page)

    booking = Booking.objects.get()
    assert Payment.objects.get().captured_amount * 100 == booking.total == lowest
    for address in (held, bank, bank + "done/"):  # back, and back again
        page.goto(address)
        page.wait_for_url(f"**{booking.get_absolute_url()}")
    assert (
        cents(page.locator(".bill .sum b").last.inner_text()) == sum(column(page.locator(".bill .lines td"))) == lowest
    )
    assert page.locator(".terms-of li").all_text_contents()[1:] == terms
    assert re.fullmatch("[A-HJ-NP-Z2-9]{6}", page.locator(".trip-booked header b").inner_text())
    assert inventory.ledger().sold == 0 and cheaper_next_day.ledger().sold == 2


def test_held_now_and_paid_later_by_two_times_that_are_shown(person, inventory, hold_seats, dearer):
    held = hold_seats()
    page = person(**PHONE)
    page.goto(f"/fly/hold/{held.token}/")
    is_live(page)
    fill_in(page, "Ada Lovelace")
    page.get_by_label("Pay within 24 hours").check()
    page.get_by_role("button", name=re.compile("^Book for")).click()
    page.wait_for_url("**/fly/pay/**")
    expect(page.get_by_text("This price stands until")).to_contain_text("then the seats are free for others")
    page.get_by_role("link", name="Back to the booking").click()
    is_live(page)
    price_until, pay_until = page.locator(".deadlines dd").all_text_contents()
    assert price_until != pay_until

    dearer()
    booking = Booking.objects.get()
    expect(page.locator(".bill .sum")).to_contain_text(str(held.price))  # frozen, whatever it costs by now
    move_on(booking, price_until=timezone.now())
    expect(page.locator(".deadlines")).to_contain_text("asked again when you pay")
    page.get_by_role("link", name=re.compile("^Pay ")).click()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    changed = page.get_by_role("alert")
    expect(changed).to_contain_text("Nothing is paid yet")
    expect(changed.locator("s")).to_have_text(str(held.price))
    new = cents(changed.locator("strong").inner_text())
    page.get_by_role("button", name=re.compile("^Accept .* and pay")).click()
    page.wait_for_url("**/checkout/**")
    page.get_by_label("It is refused").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_text("It was not paid. Nothing was charged.")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name=re.compile("^Pay ")).click()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/checkout/**")
    pay_at_the_bank(page)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and booking.total == booking.charged == new > held.total


def test_what_comes_back_is_told_line_by_line_and_adds_up_to_the_last_cent(person, inventory, book_flight, dearer):
    booking = book_flight("Ada Lovelace", "Bea Lovelace")
    page, other = person(), person()
    page.goto(f"/fly/pay/{booking.token}/")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/checkout/**")
    pay_at_the_bank(page)
    for each in (page, other):
        each.goto(booking.get_absolute_url())
        is_live(each)
    dearer()  # what is paid stays as it was
    page.get_by_role("link", name="Cancel the booking").click()
    expect(page.get_by_role("button", name=re.compile("^Cancel and get"))).to_contain_text(str(booking.price))
    move_on(booking, free_until=timezone.now())
    page.get_by_role("button", name=re.compile("^Cancel and get")).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is cancelled yet")

    page.get_by_label("Ada Lovelace").uncheck()
    page.get_by_role("button", name="Show what comes back").click()
    expect(page.locator(".back tbody th").first).to_contain_text("Bea Lovelace")
    charged, kept, back = (column(page.locator(f".back tbody td:nth-of-type({place})")) for place in (1, 2, 3))
    assert [left + given for left, given in zip(kept, back, strict=True)] == charged
    total = cents(page.locator("p.sum").inner_text())
    assert sum(charged) * 2 == booking.total and sum(back) == total and sum(kept) > 0
    page.get_by_role("button", name=re.compile("^Cancel and get")).click()
    expect(other.locator(".bill caption s")).to_have_text("Bea Lovelace")  # in the other open page too
    assert sum(column(other.locator(".bill .lines td .sub"))) == total
    assert Refund.objects.get().amount == sum(booking.lines.values_list("refunded", flat=True)) == total
    assert inventory.ledger().sold == 1
