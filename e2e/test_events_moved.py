"""An organiser moves the whole event: open pages say so at once, and attendees get one mail, with a newer version of their calendar entry."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bookings.events import moved
from bookings.events.models import Event, Hall
from clocks import when
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from post.models import Message
from tests.events.calendars import read

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}
DESK = {"viewport": {"width": 1280, "height": 900}, "bypass_csp": True}
HOUR = timedelta(hours=1)


@pytest.fixture
def organiser(orla):
    orla.is_staff = True
    orla.save()
    return orla


def move(desk, event, starts_at, ends_at):
    """By the event's page in the admin."""
    desk.goto(f"/admin/events/event/{event.pk}/change/")
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        desk.locator(f"[name={name}]").fill(f"{moment.astimezone(event.tz):%Y-%m-%dT%H:%M}")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


def shows(page, region, event, was, now):
    """The new time, and the old one struck through."""
    expect(page.locator(region)).to_contain_text(when(now, event.tz))
    expect(page.locator(f"{region} s")).to_have_text(when(was, event.tz))


def told_after_some_quiet_minutes(event):
    """The mails that the job writes: none while the organiser goes on, then one, once."""
    before = set(Message.objects.values_list("pk", flat=True))
    last = event.changes.latest("pk").at
    moved.tell_moved(last + timedelta(minutes=event.quiet_minutes - 1))
    assert not Message.objects.exclude(pk__in=before).exists()
    for _time in range(2):
        moved.tell_moved(last + timedelta(minutes=event.quiet_minutes + 1))
    return list(Message.objects.exclude(pk__in=before).order_by("to"))


def entry_in(content):
    method, [entry] = read(bytes(content))
    return method, entry


def test_an_event_is_moved_before_the_eyes_of_those_who_come(person, signed_in, organiser, event, register):
    registration, other = register(), register(name="Bea", email="bea@example.org")
    ticket = registration.tickets.get()
    _method, first = entry_in(Message.objects.get(to="ada@example.org").attachment)
    pages = {
        ".event-registration": registration.get_absolute_url(),
        ".event-ticket": ticket.get_absolute_url(),
        ".event-about": event.get_absolute_url(),
    }
    watchers = {region: person(**PHONE) for region in pages}
    listing, desk = person(**PHONE), signed_in(organiser, **DESK)
    for region, page in watchers.items():
        page.goto(pages[region])
        is_live(page)
        expect(page.locator(region)).to_contain_text(when(event.starts_at, event.tz))
        expect(page.locator(f"{region} s")).to_have_count(0)
    listing.goto("/events/")
    is_live(listing)

    was, now = event.starts_at, event.starts_at + 3 * HOUR
    move(desk, event, was + HOUR, was + 3 * HOUR)
    move(desk, event, now, now + 2 * HOUR)  # twice, for one mail
    for region, page in watchers.items():
        shows(page, region, event, was + HOUR, now)  # what it was before the last move
    expect(watchers[".event-about"].get_by_text("This event was moved.")).to_be_visible()
    expect(listing.locator("#event-concert")).to_contain_text(f"{now.astimezone(event.tz):%H:%M}")
    assert all(not_reloaded(page) for page in (*watchers.values(), listing))
    for page in watchers.values():
        look_at(page)

    mails = told_after_some_quiet_minutes(event)
    assert [mail.to for mail in mails] == ["ada@example.org", "bea@example.org"]
    for moment in (was, now):  # as they knew it, and as it is
        assert when(moment, event.tz) in mails[0].body
    assert when(was + HOUR, event.tz) not in mails[0].body
    method, entry = entry_in(mails[0].attachment)
    assert (method, entry["UID"], entry["DTSTART"], entry["DTEND"]) == ("REQUEST", first["UID"], now, now + 2 * HOUR)
    assert int(entry["SEQUENCE"]) > int(first["SEQUENCE"])
    assert other.get_absolute_url() in mails[1].body

    phone = watchers[".event-ticket"]
    file = phone.request.get(phone.get_by_role("link", name="Add to calendar").get_attribute("href"))
    _method, same = entry_in(file.body())
    assert [same[name] for name in ("UID", "SEQUENCE", "DTSTART")] == [entry["UID"], entry["SEQUENCE"], now]


def test_another_hall_and_the_end_of_it_all_are_on_the_open_pages_too(person, event, hall, register, organiser):
    registration = register()
    ada, cy = person(**PHONE), person()
    ada.goto(registration.get_absolute_url())
    cy.goto(event.get_absolute_url())
    for page in (ada, cy):
        is_live(page)
    lounge = Hall.objects.create(slug="lounge", name="Sky Lounge", airport=hall.airport, where="Terminal 4")
    Event.objects.get(pk=event.pk).move(event.starts_at, event.ends_at, lounge, by=organiser)
    expect(ada.locator(".event-registration")).to_contain_text("Sky Lounge, Terminal 4")
    expect(cy.locator(".event-about")).to_contain_text("Sky Lounge, Terminal 4")
    assert not_reloaded(ada) and not_reloaded(cy)
    [mail] = told_after_some_quiet_minutes(event)
    assert "It was to be in Concourse Hall." in mail.body
    Event.objects.get(pk=event.pk).call_off("The lounge is flooded.", by=organiser)
    for page, region in ((ada, ".event-registration"), (cy, ".event-about")):
        expect(page.locator(region)).to_contain_text("This event is cancelled. The lounge is flooded.")
    expect(cy.locator("#choose")).to_be_hidden()
    assert not_reloaded(ada) and not_reloaded(cy)
