"""A group on the waitlist of a sold-out event gets its places by itself, as they are freed one by one; nobody reloads."""

import re

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from bookings.events.models import Registration, WaitlistEntry
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from e2e.test_events_attendees import reads_as

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}


@pytest.fixture
def sold_out(make_event, register):
    """Three places, each with a registration of its own: ``event.holders``."""
    event = make_event(size=3, slug="last-concert", title="Last concert")
    event.holders = [register(1, name=f"Holder {number}", event=event) for number in range(3)]
    return event


def join(page, name, size=1):
    """From the page of the event to one's own page on the waitlist, by the link that is mailed."""
    page.goto("/events/last-concert/")
    page.get_by_role("link", name=re.compile("Join the waitlist")).first.click()
    expect(page.get_by_text("An offer is kept for you for 30 minutes, day and night.")).to_be_visible()
    if page.viewport_size["width"] < 400:
        look_at(page)
    page.get_by_label("How many of you?").fill(str(size))
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Join the waitlist").click()
    expect(page.get_by_text(f"We have written to {name.lower()}@example.org.")).to_be_visible()
    page.goto(WaitlistEntry.objects.get(name=name).get_absolute_url())  # the link of that mail
    is_live(page)
    return page


def cancel(registration):
    Registration.objects.get(pk=registration.pk).cancel()


def test_a_group_gets_its_places_as_they_come(person, sold_out):
    gina = join(person(), "Gina", 3)
    sam = join(person(), "Sam")
    expect(gina.get_by_text("3 of you; nobody before you in line.")).to_be_visible()
    expect(sam.get_by_text("One of you; 1 before you in line.")).to_be_visible()
    public = person()
    public.goto("/events/last-concert/")
    is_live(public)

    cancel(sold_out.holders[0])
    expect(gina.get_by_text("3 of you; 1 place is being gathered for you until")).to_be_visible()
    expect(sam.get_by_text("gathered for a group that joined before you")).to_be_visible()
    expect(public.get_by_text("Sold out, waitlist open").first).to_be_visible()
    cancel(sold_out.holders[1])
    expect(gina.get_by_text("3 of you; 2 places are being gathered for you until")).to_be_visible()
    cancel(sold_out.holders[2])
    expect(gina.get_by_text("3 places for you")).to_be_visible()
    expect(gina.locator("[data-until]")).to_have_text(re.compile(r"^(29|30):\d\d$"))
    assert not_reloaded(gina) and not_reloaded(sam) and not_reloaded(public)

    gina.get_by_role("link", name="Take these 3 places").click()
    gina.wait_for_url("**/events/held/**")
    entry = WaitlistEntry.objects.get(name="Gina")
    assert gina.url.endswith(f"/events/held/{entry.offer.token}/")
    to_the_ticket(gina, entry.offer)
    expect(sam.get_by_text("nobody before you in line")).to_be_visible()
    gina.goto(entry.get_absolute_url())
    gina.wait_for_url("**/events/registration/**")


def to_the_ticket(page, offer):
    """From the offer, while its time runs, to the code that the door scans and the entry in the calendar."""
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"(29|30):\d\d"))
    expect(page.get_by_label("Your name")).to_have_value("Gina")
    for number, box in enumerate(page.get_by_label("Name", exact=True).all(), start=1):
        box.fill(f"Guest {number}")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/events/registration/**")
    page.get_by_role("link", name=re.compile("^Ticket of")).last.click()
    ticket = offer.tickets.last()
    reads_as(page, ticket.secret)
    file = page.request.get(page.get_by_role("link", name="Add to calendar").get_attribute("href"))
    [entry] = Calendar.from_ical(file.body()).walk("VEVENT")
    assert entry.decoded("DTSTART") == offer.event.starts_at and entry["STATUS"] == "CONFIRMED"
    assert ticket.get_absolute_url() in entry["URL"]


def test_who_declines_passes_it_on_before_the_eyes_of_the_next(person, sold_out):
    ann, ben = join(person(), "Ann"), join(person(), "Ben")
    cancel(sold_out.holders[0])
    expect(ann.get_by_text("A place for you")).to_be_visible()
    expect(ben.get_by_text("A place for you")).to_have_count(0)
    ann.get_by_role("button", name=re.compile("Decline")).click()
    expect(ann.get_by_text("You are not on the waitlist any more.")).to_be_visible()
    expect(ben.get_by_text("A place for you")).to_be_visible()
    assert not_reloaded(ben)


def test_a_group_says_that_it_would_take_fewer(person, sold_out):
    gina = join(person(**PHONE), "Gina", 3)
    cancel(sold_out.holders[0])
    cancel(sold_out.holders[1])
    expect(gina.get_by_text("2 places are being gathered")).to_be_visible()
    look_at(gina)
    gina.get_by_label("We’d also take").select_option("2 places")
    gina.get_by_role("button", name="Save").click()
    expect(gina.get_by_text("2 places for you")).to_be_visible()
    look_at(gina)
