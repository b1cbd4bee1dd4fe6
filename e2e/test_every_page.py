"""Every page, on a phone, a laptop and a wall, light and dark: axe finds nothing, nothing overflows, nothing breaks the policy."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import is_live
from e2e.look import look_at

PUBLIC = [
    "/",
    "/flights/JFK/departures/",
    "/flights/JFK/departures/?q=nothing-like-it",
    "/flights/JFK/arrivals/",
    "/flights/{pk}/",
    "/flights/?q=9999",
    "/flights/?q=JFK",
    "/flights/?q=nothing-like-it",
    "/flights/disruptions/",
]
PUBLIC += ["/connection/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/no/such/page/"]
DESK = [
    "/flights/JFK/desk/",
    "/flights/{pk}/desk/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/logout/",
]


@pytest.fixture
def day(make_flight):
    """A board with a bit of everything: late, called off, diverted, boarding, with a new gate, with a long name."""
    from datetime import timedelta

    from tracking.flights.models import Airport

    Airport.objects.filter(pk="SFO").update(city="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch")
    late, off, boarding, away, coming = (make_flight(number=str(n), minutes=20 + 10 * n) for n in range(1, 6))
    long = make_flight(number="9999W", destination="SFO", airline="UA", minutes=35)
    late.assign_gate("B7")
    late.assign_gate("B12")
    late.delay(late.off_block_scheduled + timedelta(minutes=85), "93")
    off.cancel("71")
    boarding.assign_gate("B22")
    boarding.board()
    boarding.final_call()
    away.depart()
    away.divert(Airport.objects.get(pk="LHR"))
    coming.open_check_in("14–18")
    make_flight(number="77", origin="LHR", destination="JFK", minutes=-60)
    long.delay(long.off_block_scheduled + timedelta(minutes=700), "81")
    return late


def test_public_pages(person, day):
    look_at_each(person(bypass_csp=True), PUBLIC, day)


def test_pages_of_the_desk(signed_in_by_form, bob, day):
    """After the form: who has just given the password is not asked for it again on the pages of the account."""
    look_at_each(signed_in_by_form(bob, bypass_csp=True), DESK, day)


def look_at_each(page, addresses, flight):
    for address in addresses:
        page.goto(address.format(pk=flight.pk))
        look_at(page)


def test_no_page_breaks_its_own_policy(signed_in_by_form, person, bob, day):
    """The console complains of what a content security policy stops, and ``person`` fails on that."""
    page, agent = person(), signed_in_by_form(bob)
    bob.is_staff = bob.is_superuser = True
    bob.save()
    for address in [*PUBLIC, "/api/docs"]:
        page.goto(address.format(pk=day.pk))
        page.wait_for_load_state("networkidle") if address == "/api/docs" else None
    for address in [
        *DESK,
        "/admin/",
        "/admin/flights/flight/",
        f"/admin/flights/flight/{day.pk}/change/",
        "/admin/accounts/user/add/",
    ]:
        assert "script-src 'self';" in agent.goto(address.format(pk=day.pk)).headers["content-security-policy"] + ";"


def test_the_desk_by_keyboard_alone(signed_in, bob, flight):
    page = signed_in(bob)
    page.goto("/flights/JFK/desk/")
    is_live(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    change = page.locator(f"#desk-{flight.pk} a")
    for _ in range(12):
        page.keyboard.press("Tab")
        if change.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    button = page.locator("#panel").get_by_role("button", name="Board", exact=True)
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(f"#desk-{flight.pk}")).to_contain_text("Boarding")
