"""One acts, the others see, and nobody reloads."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded

BOARD = "/flights/JFK/departures/"
DESK = "/flights/JFK/desk/"
# A mark is there for a moment only: this remembers it.
REMEMBER_MARK = """id => {
  window.wasMarked = false;
  const row = document.getElementById(id);
  new MutationObserver(() => { window.wasMarked ||= row.classList.contains("changed"); }).observe(row, { attributes: true });
}"""


def open_panel(page, flight):
    page.locator(f"#desk-{flight.pk}").get_by_role("link", name=re.compile("Change")).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=flight.designator)).to_be_visible()
    return panel


def delay_by(panel, minutes):
    panel.locator("form.verb").filter(has_text="Or later by").get_by_role("button", name=f"+{minutes} min").click()


def clock(flight, minutes=0):
    return (flight.off_block_scheduled + timedelta(minutes=minutes)).astimezone(flight.origin.tz).strftime("%H:%M")


def test_a_delay_set_at_the_desk_shows_everywhere(person, signed_in, bob, flight):
    """On the board, the flight's page, the disruptions and the front page of people who only look."""
    desk = signed_in(bob)
    desk.goto(DESK)
    is_live(desk)
    lookers = {}
    for name, address in {
        "board": BOARD,
        "flight": f"/flights/{flight.pk}/",
        "disruptions": "/flights/disruptions/",
        "front": "/",
    }.items():
        lookers[name] = person()
        lookers[name].goto(address)
        is_live(lookers[name])
    lookers["board"].evaluate(REMEMBER_MARK, f"departure-{flight.pk}")
    panel = open_panel(desk, flight)
    delay_by(panel, 60)
    for page in lookers.values():
        expect(page.get_by_text("Delayed 1 h").first).to_be_visible()
        expect(page.get_by_text(clock(flight, 60)).first).to_be_visible()
    assert all(not_reloaded(page) for page in lookers.values())
    row = lookers["board"].locator(f"#departure-{flight.pk}")
    expect(row.locator("s")).to_have_text(clock(flight))
    lookers["board"].wait_for_function("wasMarked")
    expect(row).not_to_have_class(re.compile("changed"))
    expect(lookers["board"].locator("#said")).to_contain_text(flight.designator)


def test_two_agents_see_each_other_and_the_second_is_asked_again(signed_in, bob, ana, flight):
    first, second = signed_in(bob), signed_in(ana)
    for page in (first, second):
        page.goto(DESK)
        is_live(page)
    panels = [open_panel(page, flight) for page in (first, second)]
    gate = panels[0].locator("form.verb").filter(has_text="Gate").first
    gate.get_by_label("Gate").fill("B22")
    gate.get_by_role("button").click()
    expect(panels[0].get_by_text("Done")).to_be_visible()
    expect(second.locator(f"#desk-{flight.pk}")).to_contain_text("B22")
    expect(panels[1].locator(".live")).to_contain_text("B22")  # the state beside ana's half-done form

    delay_by(panels[1], 30)
    expect(panels[1].get_by_role("alert")).to_contain_text("B22")
    expect(panels[1].get_by_role("alert")).to_contain_text("Bob")
    flight.refresh_from_db()
    assert flight.off_block_estimated is None, "nothing was done before she was asked"
    delay_by(panels[1], 30)
    expect(first.locator(f"#desk-{flight.pk}")).to_contain_text("Delayed 30 min")


def test_a_flights_day_at_the_desk_two_clicks_a_step(signed_in, bob, flight, person):
    desk, traveller = signed_in(bob), person()
    desk.goto(DESK)
    traveller.goto(f"/flights/{flight.pk}/")
    is_live(traveller)
    panel = open_panel(desk, flight)
    steps = [
        ("Board", "Boarding"),
        ("Final call", "Final call"),
        ("Close gate", "Gate closed"),
        ("Departed now", "In the air"),
        ("Landed now", "Landed"),
        ("At the gate now", "Arrived"),
    ]
    for button, seen in steps:
        panel.get_by_role("button", name=button, exact=True).click()
        expect(panel.locator(".notice.good")).to_contain_text(button)  # the panel of before is gone
        expect(traveller.locator(".live").first).to_contain_text(seen)
        expect(panel.locator(".live")).to_contain_text(seen)
    assert not_reloaded(traveller)


def test_without_scripts_every_step_is_there_too(signed_in, bob, person, flight):
    looker = person(java_script_enabled=False)
    looker.goto(BOARD)
    expect(looker.locator(f"#departure-{flight.pk}")).to_contain_text("Boston")
    desk = signed_in(bob, java_script_enabled=False)
    desk.goto(DESK)
    desk.locator(f"#desk-{flight.pk}").get_by_role("link", name=re.compile("Change")).click()
    delay_by(desk.locator("main"), 60)
    expect(desk.get_by_text("Done")).to_be_visible()
    looker.reload()
    expect(looker.locator(f"#departure-{flight.pk}")).to_contain_text("Delayed 1 h")


def test_somebody_without_the_role_has_no_desk(signed_in, person, charlie, flight):
    page = signed_in(charlie)
    assert page.goto(DESK).status == 404
    anonymous = person()
    anonymous.goto(DESK)
    expect(anonymous).to_have_url(re.compile("/accounts/login/"))


def test_a_traveller_finds_a_flight_by_any_of_its_numbers(person, flight, make_flight):
    from tracking.flights.models import Codeshare

    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    make_flight(number="9", destination="SFO", airline="UA")
    page = person()
    page.goto(BOARD)
    page.get_by_label("Flight, city or airline").fill("aa7623")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("B6 1010")
    page.get_by_role("link", name="Boston").click()
    expect(page.get_by_text("AA 7623").first).to_be_visible()


def test_who_finds_a_flight_from_the_front_page_follows_it(person, flight, make_flight):
    make_flight(number="9", origin="LHR", destination="BOS", airline="UA")
    page = person()
    page.goto("/")
    page.get_by_label("Find your flight").fill("boston")
    page.keyboard.press("Enter")
    page.wait_for_url("**/flights/?q=boston**")
    is_live(page)
    expect(page.locator("tbody tr")).to_have_count(2)
    flight.delay(flight.off_block_scheduled + timedelta(minutes=85), "93")
    expect(page.locator("tbody tr", has_text="B6 1010")).to_contain_text("Delayed 1 h 25")
    page.get_by_label("Flight, city or airline").fill("b6 1010")
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(re.compile(f"/flights/{flight.pk}/$"))
    is_live(page)
