"""Attendees in front of their browsers: from the list to the ticket, and what others do is on the page without a reload."""

import io
import re

import pytest
import zxingcpp
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from bookings.events.models import Question, Quota, Registration, State
from e2e.conftest import is_live, not_reloaded
from e2e.elsewhere import another_site
from e2e.look import look_at, violations
from e2e.test_widgets_elsewhere import frame_of, widget

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}


@pytest.fixture
def paid(make_event):
    event = make_event(slug="jazz", title="Jazz under the board", size=10, types={"Adult": 2500, "Child": 1000})
    Question.objects.create(event=event, text="Which drink?", kind="choice", choices="Tea\nCoffee", is_required=True)
    return event


def choose(page, event, **counts):
    page.goto(event.get_absolute_url())
    for name, count in counts.items():
        page.get_by_label(name, exact=True).fill(str(count))
    page.get_by_role("button", name="Hold these places").click()


def fill_in(page, name="Ada", email="ada@example.org"):
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)


def test_the_form_of_a_full_event_waits_for_a_place(person, make_event):
    event = make_event(slug="tiny", title="Jazz for one", size=1)
    ada, ben = person(), person(**PHONE)
    ben.goto(event.get_absolute_url())
    is_live(ben)
    places, hold = ben.get_by_label("Adult", exact=True), ben.get_by_role("button", name="Hold these places")
    full = ben.get_by_text("No place is free at the moment.")
    expect(places).to_be_visible()
    expect(full).to_be_hidden()
    choose(ada, event, Adult=1)
    expect(full).to_be_visible()
    for thing in (places, hold):
        expect(thing).to_be_hidden()
    expect(ben.get_by_label("Voucher")).to_be_visible()  # it may have reserved places
    look_at(ben)
    ada.get_by_role("button", name="Release the places").click()
    for thing in (places, hold):
        expect(thing).to_be_visible()
    expect(full).to_be_hidden()
    places.focus()
    ada.wait_for_url(f"**{event.get_absolute_url()}")
    choose(ada, event, Adult=1)
    expect(ben.locator(".event-places")).to_contain_text("None free at the moment")
    for thing in (places, hold):  # nobody takes away what somebody is at
        expect(thing).to_be_visible()
    hold.click()
    expect(ben.get_by_text("Adult: none left.")).to_be_visible()
    ben.get_by_role("link", name="Join the waitlist for this place").click()
    expect(ben.get_by_label("How many of you?")).to_have_value("1")


def test_from_the_list_to_the_ticket(person, paid):
    watcher, ada = person(), person(**PHONE)
    watcher.goto("/events/")
    is_live(watcher)
    ada.goto("/events/")
    expect(ada.locator("#event-jazz")).to_contain_text("10 places left")
    look_at(ada)
    ada.get_by_role("link", name="Jazz under the board").click()
    look_at(ada)
    choose(ada, paid, Adult=2)
    expect(watcher.locator("#event-jazz")).to_contain_text("8 places left")
    assert not_reloaded(watcher)
    expect(ada.get_by_role("timer")).to_contain_text(re.compile(r"(9:\d\d|10:00)"))
    look_at(ada)
    fill_in(ada)
    ada.get_by_role("button", name="Hold 10 minutes longer").click()
    expect(ada.get_by_text("Your places are held for 10 more minutes.")).to_be_visible()
    expect(ada.get_by_role("button", name="Hold 10 minutes longer")).to_have_count(0)
    assert ada.get_by_label("Your name").input_value() == "Ada"  # nothing that was typed is lost
    ada.get_by_role("button", name="Register and pay $50.00").click()
    expect(ada.get_by_role("alert").first).to_contain_text("You are not registered yet")
    look_at(ada)
    ada.get_by_label("Name", exact=True).last.fill("Bea")
    for box in ada.get_by_label("Which drink?").all():
        box.select_option("Tea")
    ada.get_by_role("button", name="Register and pay $50.00").click()
    look_at(ada)
    ada.get_by_role("button", name="Pay $50.00 now").click()
    ada.get_by_role("button", name="Pay $50.00").click()
    ada.wait_for_url("**/events/registration/**")
    expect(ada.get_by_text("Show your ticket at the door.")).to_be_visible()
    look_at(ada)
    ada.get_by_role("link", name="Ticket of Bea").click()
    look_at(ada)
    reads_as(ada, Registration.objects.get().tickets.last().secret)


def reads_as(page, secret):
    """A scanner reads the code on the screen, and the one on paper."""
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        picture = Image.open(io.BytesIO(page.locator(".event-qr").screenshot()))
        [found] = zxingcpp.read_barcodes(picture)
        assert found.text == secret
    page.emulate_media(media="screen")


def test_a_push_keeps_what_is_typed(person, paid, hold_places):
    ada = person()
    ada.goto(paid.get_absolute_url())
    is_live(ada)
    ada.get_by_label("Child", exact=True).fill("3")
    ada.get_by_label("Voucher (optional)").press_sequentially("FRI")
    hold_places({"Adult": 4}, event=paid)
    expect(ada.locator(".event-places")).to_contain_text("6 places left")
    ada.keyboard.type("ENDS")
    assert ada.get_by_label("Child", exact=True).input_value() == "3"
    assert ada.get_by_label("Voucher (optional)").input_value() == "FRIENDS"
    assert not_reloaded(ada)


def test_sold_out_in_three_ways_while_one_looks(person, make_event, hold_places):
    event = make_event(slug="small", size=1, types={"Adult": 1000})
    ada = person(**PHONE)
    ada.goto(event.get_absolute_url())
    is_live(ada)
    places = ada.locator(".event-places")
    held = hold_places(1, event=event)
    expect(places).to_contain_text("None free at the moment")
    expect(places).to_contain_text("come back here within minutes")
    held.book("Cy", "cy@example.org")
    expect(places).to_contain_text("All taken, not all final")
    held.confirm()
    expect(places).to_contain_text("A place comes back only if somebody cancels.")
    expect(places.get_by_role("link", name="Join the waitlist for Adult")).to_be_visible()
    assert not_reloaded(ada)
    look_at(ada)


def test_some_ran_out_the_rest_is_held_and_ones_own_is_not_sold_out(person, make_event):
    event = make_event(slug="family", size=10, types={"Adult": 0, "Child": 0})
    event.types.get(name="Child").quotas.add(Quota.objects.create(event=event, name="Children", size=1))
    ada, cy = person(**PHONE), person()
    choose(ada, event, Adult=2, Child=3)
    expect(ada.get_by_role("alert")).to_contain_text("Child: 1 is left of the 3 that you wanted.")
    look_at(ada)
    ada.get_by_role("button", name="Hold the 3 places that are left").click()
    expect(ada.get_by_text("These places are held for you.")).to_be_visible()
    ada.goto(event.get_absolute_url())
    expect(ada.get_by_text("3 places are held for you until")).to_be_visible()
    expect(ada.locator(".event-types li").last).to_contain_text("1 place left")
    cy.goto(event.get_absolute_url())
    expect(cy.locator(".event-types li").last).to_contain_text("None free at the moment")
    ada.get_by_role("link", name="Continue").click()
    expect(ada.get_by_text("These places are held for you.")).to_be_visible()


def test_waiting_for_approval_and_approved_without_a_reload(person, event):
    event.types.update(needs_approval=True)
    ada = person(**PHONE)
    choose(ada, event, Adult=1)
    fill_in(ada)
    ada.get_by_role("button", name="Ask for these places").click()
    expect(ada.locator(".event-registration")).to_contain_text("The organiser decides on your registration.")
    is_live(ada)
    look_at(ada)
    ada.evaluate("window.sameDocument = true")
    Registration.objects.get().approve()
    expect(ada.get_by_role("link", name="Ticket of Ada")).to_be_visible()
    assert not_reloaded(ada)


def test_what_one_does_with_a_registration(person, make_event, register):
    event = make_event(slug="jazz", title="Jazz", types={"Adult": 2500})
    registration = register(3, event=event, is_paid=True)
    ada, door = person(**PHONE), person(**PHONE)
    ada.goto(registration.get_absolute_url())
    ada.get_by_role("link", name="Change names and answers").click()
    ada.get_by_label("Name", exact=True).nth(1).fill("Bea")
    look_at(ada)
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Your changes are saved.")).to_be_visible()
    door.goto(registration.tickets.last().get_absolute_url())
    is_live(door)
    ada.locator("summary", has_text="Cancel one ticket").click()
    expect(ada.get_by_text("You get $25.00 back.").first).to_be_visible()
    look_at(ada)
    ada.get_by_role("button", name=re.compile("Cancel the ticket of Ada")).last.click()
    expect(ada.get_by_text("Given back of it")).to_be_visible()
    expect(door.get_by_text("This ticket is cancelled. It lets nobody in.")).to_be_visible()
    assert not_reloaded(door)
    ada.locator("summary", has_text="Replace this link").click()
    ada.get_by_role("button", name="Make a new link").click()
    expect(ada.get_by_text("Earlier links are worthless now.")).to_be_visible()
    ada.locator("summary", has_text="Cancel the registration").click()
    expect(ada.get_by_text("You get $50.00 back.")).to_be_visible()
    ada.get_by_role("button", name="Yes, cancel it").click()
    expect(ada.locator(".event-registration .state").first).to_have_text("Cancelled")
    expect(ada.get_by_role("link", name="Change names and answers")).not_to_be_visible()


def test_transferred_to_somebody_else(person, register):
    registration = register()
    ada = person()
    ada.goto(registration.get_absolute_url())
    ada.locator("summary", has_text="Somebody else will come instead").click()
    ada.get_by_label("Their name").fill("Bea")
    ada.get_by_label("Their e-mail").fill("bea@example.org")
    ada.get_by_role("button", name="Transfer the registration").click()
    expect(ada.get_by_text("We have sent Bea the tickets.")).to_be_visible()


def test_the_event_is_called_off_while_one_looks(person, event, register):
    registration = register()
    ada, cy = person(), person()
    ada.goto(registration.get_absolute_url())
    cy.goto("/events/")
    is_live(ada)
    is_live(cy)
    event.call_off("The hall is flooded.")
    expect(ada.locator(".event-registration")).to_contain_text("This event is cancelled. The hall is flooded.")
    expect(cy.locator("#event-concert")).to_contain_text("Cancelled")
    assert not_reloaded(ada) and not_reloaded(cy)


def test_the_calendar_and_my_registrations(signed_in, event, register):
    ada = User.objects.create_user("ada@example.org", first_name="Ada")
    registration = register(user=ada)
    page = signed_in(ada, **PHONE)
    page.goto(f"/events/calendar/?month={event.day:%Y-%m}")
    expect(page.locator(".event-month")).to_contain_text("9 places left")
    look_at(page)
    page.goto("/events/mine/")
    expect(page.locator(".event-list")).to_contain_text("Confirmed")
    look_at(page)
    registration.cancel()
    expect(page.get_by_text("You are registered for no event")).to_be_visible()


def test_without_javascript(person, paid):
    ada = person(java_script_enabled=False)
    ada.goto("/events/")
    ada.get_by_role("link", name="Jazz under the board").click()
    ada.wait_for_url(f"**{paid.get_absolute_url()}")
    choose(ada, paid, Adult=1)
    expect(ada.get_by_role("timer")).to_contain_text("until")
    fill_in(ada)
    ada.get_by_label("Which drink?").select_option("Tea")
    ada.get_by_role("button", name="Register and pay $25.00").click()
    ada.get_by_role("button", name="Pay $25.00 now").click()
    ada.get_by_role("button", name="Pay $25.00").click()
    ada.wait_for_url("**/events/registration/**")
    assert Registration.objects.get().state == State.CONFIRMED
    ada.get_by_role("link", name="Ticket of Ada").click()
    expect(ada.locator(".event-qr svg")).to_be_visible()


def test_the_widget_in_a_page_of_another_site(person, server, make_event, hold_places):
    """As strict as sites get; its policy has had nothing to stop."""
    event = make_event(
        slug="duo", title="Concert for two pianos and an unreasonable number of jackdaws", types={"Adult": 1200}
    )
    reader = person(viewport={"width": 390, "height": 844}, bypass_csp=True)
    with another_site(server.url) as elsewhere:
        link = f'<a href="{server.url}{event.get_absolute_url()}">Concert</a>'
        reader.goto(elsewhere.put("/", f'<airside-event event="duo">{link}</airside-event>'))
        frame, inside = frame_of(reader, "event"), widget(reader, "event")
        frame.evaluate("window.same = true")
        expect(inside.locator(".event-places")).to_contain_text("10 places left")
        held = hold_places(10, event=event)
        expect(inside.locator(".event-places")).to_contain_text("None free at the moment")
        held.release()
        expect(inside.locator(".event-places")).to_contain_text("10 places left")
        frame.evaluate(AXE_SCRIPT)
        assert violations(frame, {}) == []
        assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        with reader.context.expect_page() as opened:
            inside.get_by_role("link", name=re.compile("Register|Concert")).first.click()
        expect(opened.value.get_by_role("button", name="Hold these places")).to_be_visible()
        event.call_off("The jackdaws are ill.")
        expect(inside.locator(".event-places")).to_contain_text("Cancelled")
        assert frame.evaluate("window.same") and elsewhere.reports == []
