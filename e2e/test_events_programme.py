"""A programme: attendees choose sessions, organisers move and cancel them, and files bring a programme in and out."""

import json
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from bookings.events.models import MovedNotice, Room, Session
from bookings.events.programme.notices import tell_moved_sessions
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from post.models import Message
from tests.events.test_frab import REAL, as_bytes, document, session

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}, "bypass_csp": True}
EDIT = "/events/talks/programme/edit/"
BEGINS = re.compile("^Begins")
MINUTE = timedelta(minutes=1)
KATHMANDU = ZoneInfo("Asia/Kathmandu")


@pytest.fixture
def talks(make_event):
    """In two days, with two rooms and three sessions."""
    event = make_event(slug="talks", title="Talks on the tarmac")
    hall, loft = (Room.objects.create(event=event, name=name) for name in ("Hall A", "The loft"))
    for title, room, minutes in (("First flight", hall, 0), ("Night shifts", loft, 20), ("Landing in fog", hall, 60)):
        starts = event.starts_at + minutes * MINUTE
        Session.objects.plan(event, room=room, title=title, starts_at=starts, minutes=45, speakers=["Amelia E."])
    return event


@pytest.fixture
def organise(signed_in, talks):
    """``organise(orla)``: her page of the programme, live."""

    def open_page(user):
        page = signed_in(user, **LAPTOP)
        page.goto(EDIT)
        is_live(page)
        return page

    return open_page


def row(page, title, region=".programme"):
    """By its title: a warning of one session may name another."""
    return page.locator(f"{region} .session").filter(has=page.locator(".session-what > :first-child", has_text=title))


def open_panel(page, title):
    row(page, title).get_by_role("link", name=title).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=title)).to_be_visible()
    return panel


def move(page, title, to):
    """Type another time, and press the button."""
    panel = open_panel(page, title) if to else page.locator("#panel")
    if to:
        panel.get_by_label(BEGINS).fill(f"{to:%Y-%m-%dT%H:%M}")
    panel.get_by_role("button", name="Move it").click()
    return panel


def clock(moment, event):
    return f"{moment.astimezone(event.tz):%H:%M}"


def calendar_at(page):
    """What a calendar program gets at the address that the page names, by UID."""
    address = page.get_by_role("link", name="this address").get_attribute("href")
    entries = Calendar.from_ical(httpx.get(address, timeout=30).content).walk("VEVENT")
    return {str(entry["SUMMARY"]): entry for entry in entries}


def test_what_an_organiser_moves_reaches_those_who_chose_it(person, organise, talks, register, orla):
    ada, cy = person(**PHONE), person(**PHONE)
    ada.goto(register(event=talks).tickets.get().get_absolute_url())
    ada.get_by_role("link", name="Your programme").click()
    for title in ("First flight", "Night shifts", "Landing in fog"):
        ada.get_by_role("button", name=f"Choose {title}").click()
        expect(ada.get_by_text(f"{title} is in your programme.")).to_be_visible()
    mine = ".own-programme"
    expect(row(ada, "First flight")).to_contain_text("In your programme")
    expect(ada.get_by_role("button", name="Choose First flight")).to_be_hidden()
    expect(row(ada, "First flight", mine)).to_contain_text("At the same time: Night shifts")
    ada.get_by_role("button", name="Remove Landing in fog").click()
    expect(row(ada, "Landing in fog", mine)).to_have_count(0)
    expect(ada.get_by_role("button", name="Choose Landing in fog")).to_be_visible()
    before = calendar_at(ada)
    assert set(before) == {"First flight", "Night shifts"}
    cy.goto("/events/talks/programme/")
    expect(cy.get_by_text("With a ticket you choose sessions here")).to_be_visible()
    is_live(ada)
    is_live(cy)

    desk = organise(orla)
    later = talks.starts_at.astimezone(talks.tz) + 90 * MINUTE
    move(desk, "First flight", to=later)
    expect(desk.locator("#panel").get_by_role("status")).to_contain_text("First flight is moved.")
    expect(desk.locator("#panel")).to_contain_text("1 attendee has chosen it.")
    for page, region in ((ada, mine), (ada, ".programme"), (cy, ".programme")):
        expect(row(page, "First flight", region).locator(".session-time b")).to_have_text(clock(later, talks))
        expect(row(page, "First flight", region)).to_contain_text("Moved")
    expect(row(ada, "Night shifts", mine)).not_to_contain_text("At the same time")
    open_panel(desk, "Night shifts").get_by_role("button", name="Cancel this session").click()
    expect(desk.locator("#panel")).to_contain_text("They get a mail about the changes once the programme is quiet.")
    for page, region in ((ada, mine), (cy, ".programme")):
        expect(row(page, "Night shifts", region).locator(".state.bad")).to_have_text("Cancelled")
    assert not_reloaded(ada) and not_reloaded(cy) and not_reloaded(desk)

    told_after_some_quiet_minutes(talks)
    after = calendar_at(ada)
    for title, entry in before.items():
        assert after[title]["UID"] == entry["UID"] and after[title]["SEQUENCE"] > entry["SEQUENCE"]
    assert after["First flight"].decoded("DTSTART") == later and after["Night shifts"]["STATUS"] == "CANCELLED"
    for page in (ada, cy, desk):
        look_at(page)
    row(cy, "First flight").get_by_role("link").click()
    is_live(cy)
    move(desk, "First flight", to=later + 10 * MINUTE)
    expect(cy.locator(".session-page header")).to_contain_text(clock(later + 10 * MINUTE, talks))
    assert not_reloaded(cy)
    look_at(cy)


def in_kathmandu(begins):
    """Its clock is 15 minutes off all full hours; the day is named where it is another one than at the venue."""
    there = begins.astimezone(KATHMANDU)
    day = f"{there:%a},? " if there.date() != begins.date() else ""
    return re.compile(f"^{day}{there:%H:%M}–{there + 45 * MINUTE:%H:%M} your time$")


def test_the_readers_own_time_stands_beside_the_venues(person, talks):
    evening, morning = (datetime.combine(talks.day, time(hour), talks.tz) for hour in (20, 6))
    talk, early = talks.sessions.get(title="First flight"), talks.sessions.get(title="Landing in fog")
    talk.move(evening, 45, talk.room)
    early.move(morning, 45, early.room)
    far, near = person(**PHONE, timezone_id=str(KATHMANDU)), person(**PHONE, timezone_id=str(talks.tz))
    for page in (far, near):
        page.goto("/events/talks/programme/")
        is_live(page)
        expect(row(page, "First flight").locator(".session-time b")).to_have_text("20:00")
    own = row(far, "First flight").locator(".own-time")
    expect(own).to_have_text(in_kathmandu(evening))
    expect(row(far, "Landing in fog").locator(".own-time")).to_have_text(in_kathmandu(morning))

    later = evening + 10 * MINUTE
    talk.move(later, 45, talk.room)
    talks.sessions.get(title="Night shifts").call_off()
    for page in (far, near):
        expect(row(page, "First flight").locator(".session-time b")).to_have_text("20:10")
        expect(row(page, "Night shifts").locator(".state.bad")).to_be_visible()
    expect(own).to_have_text(in_kathmandu(later))
    expect(row(far, "Night shifts").locator(".own-time")).to_have_count(0)
    assert near.locator(".own-time:visible").count() == 0
    assert not_reloaded(far) and not_reloaded(near)
    look_at(far)
    for page in (far, near):
        row(page, "First flight").get_by_role("link").click()
        is_live(page)
    expect(far.locator(".session-page .own-time")).to_have_text(in_kathmandu(later))
    expect(near.locator(".session-page .own-time")).to_be_hidden()
    look_at(far)


def told_after_some_quiet_minutes(event):
    """One mail of both changes. Its link brings another device to the same programme."""
    count = Message.objects.count()
    now, last = timezone.now(), MovedNotice.objects.latest("changed_at").changed_at
    assert tell_moved_sessions(last + (event.quiet_minutes - 1) * MINUTE) == 0 and Message.objects.count() == count
    MovedNotice.objects.update(changed_at=now - (event.quiet_minutes + 1) * MINUTE)
    tell_moved_sessions(now)
    tell_moved_sessions(now)
    assert Message.objects.count() == count + 1 and not MovedNotice.objects.exists()
    words = Message.objects.latest("pk").body
    assert "First flight" in words and "Night shifts" in words and "now: cancelled" in words


def test_the_link_of_the_mail_opens_ones_own_programme(person, talks, register):
    ticket = register(event=talks).tickets.get()
    talk = talks.sessions.get(title="First flight")
    ticket.favourites.create(session=talk)
    talk.call_off()
    tell_moved_sessions(timezone.now() + 10 * MINUTE)
    [link] = re.findall(r"https?://[^/]+(/\S+)", Message.objects.latest("pk").body)
    page = person(**PHONE)
    page.goto(link)
    expect(row(page, "First flight", ".own-programme")).to_contain_text("Cancelled")


def test_two_organisers_at_one_programme(organise, talks, orla, oscar):
    first, second = organise(orla), organise(oscar)
    panel = open_panel(second, "First flight")
    local = talks.starts_at.astimezone(talks.tz)
    panel.get_by_label(BEGINS).fill(f"{local + 20 * MINUTE:%Y-%m-%dT%H:%M}")
    move(first, "First flight", to=local + 10 * MINUTE)
    expect(row(second, "First flight").locator(".session-time b")).to_have_text(clock(local + 10 * MINUTE, talks))
    expect(panel.locator(".live").first).to_contain_text(clock(local + 10 * MINUTE, talks))  # above what is typed

    panel.get_by_role("button", name="Move it").click()
    expect(panel.get_by_role("alert")).to_contain_text("Since you looked:")
    expect(panel.get_by_role("alert")).to_contain_text("Orla")
    expect(panel.get_by_label(BEGINS)).to_have_value(f"{local + 20 * MINUTE:%Y-%m-%dT%H:%M}")
    assert talks.sessions.get(title="First flight").starts_at == local + 10 * MINUTE
    look_at(second)
    panel.get_by_role("button", name="Move it").click()
    expect(row(first, "First flight").locator(".session-time b")).to_have_text(clock(local + 20 * MINUTE, talks))
    assert not_reloaded(first) and not_reloaded(second)


def upload(page, data, name="schedule.json"):
    page.goto(EDIT)
    choose = page.get_by_label("A frab programme, JSON or XML")
    choose.set_input_files([{"name": name, "mimeType": "application/octet-stream", "buffer": data}])
    page.get_by_role("button", name="Show what it would change").click()


def exported(page, suffix):
    """What a conference app reads."""
    answer = page.request.get(f"/events/talks/schedule.{suffix}")
    assert answer.ok
    return answer.body()


def written():
    late = session(2, room="Hall B", title="Über <b>Nacht</b>", date="2026-11-21T01:30:00-05:00", start="01:30")
    return as_bytes(document(session(1, description='Two\nlines, "quoted"'), late))


def real():
    """Real programmes, where the collection is at hand."""
    return [file.read_bytes() for file in sorted(REAL.glob("frab-*.json")) if "invalid" not in file.name]


def test_a_file_goes_in_and_comes_out_equal(organise, person, talks, orla):
    desk, cy = organise(orla), person(**PHONE)
    cy.goto("/events/talks/programme/")
    is_live(cy)
    for data in (written(), *real()):
        upload(desk, data)
        expect(desk.locator(".facts")).to_contain_text("Not in the file: will be cancelled")
        desk.get_by_role("button", name="Import it").click()
        expect(desk.get_by_text("Imported:").first).to_be_visible()
        assert json.loads(exported(desk, "json")) == json.loads(data)
        title = Session.objects.in_order().filter(event=talks, state="planned").first().title
        expect(row(cy, title).first).to_be_visible()
        xml = exported(desk, "xml")
        upload(desk, xml, "schedule.xml")
        expect(desk.locator(".facts dd").first).to_have_text("0")  # nothing is new
        desk.get_by_role("button", name="Import it").click()
        assert exported(desk, "xml") == xml
    expect(row(cy, "First flight").locator(".state.bad").first).to_have_text("Cancelled")
    assert not_reloaded(cy)
    upload(desk, written())
    look_at(desk)


def test_a_broken_file_says_where_and_nothing_of_it_goes_in(organise, talks, orla):
    desk = organise(orla)
    before = list(talks.sessions.values())
    upload(desk, as_bytes(document(session(1), session(2, start="18:00"), session(3, title=""))))
    told = desk.get_by_role("alert")
    expect(told).to_contain_text("Nothing was imported.")
    expect(told).to_contain_text("Day 1, Hall A, session 2: start is 18:00, but date says")
    expect(told).to_contain_text("Day 1, Hall A, session 3: title is missing.")
    look_at(desk)
    upload(desk, b"<schedule>\n<conference>\n</schedule>", "schedule.xml")
    expect(told).to_contain_text("line 3, column 2")
    assert list(talks.sessions.values()) == before
