"""Sessions in calendars, as a reader sees them that is independent of the writer: the moment is right on both sides of a clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.events.attendees import links
from bookings.events.models import Session
from bookings.events.programme import own
from tests.events.calendars import read

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
# Nine in the morning in London, and what that is in UTC.
SUMMER = (datetime(2026, 7, 18, 9, tzinfo=LONDON), datetime(2026, 7, 18, 8, tzinfo=UTC))
WINTER = (datetime(2026, 12, 5, 9, tzinfo=LONDON), datetime(2026, 12, 5, 9, tzinfo=UTC))
# The night in which London's clock is put back: it shows half past one twice.
FIRST = (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
SECOND = (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


@pytest.fixture
def season(time_machine, make_event, hall, airports):
    """An event in London from July to December, before it has begun."""
    time_machine.move_to(datetime(2026, 7, 1, 12, tzinfo=UTC))
    hall.airport = airports["LHR"]
    hall.save()
    event = make_event(slug="season", starts_at=SUMMER[0], ends_at=WINTER[0] + 12 * HOUR)
    event.rooms.create(name="Hall A")
    return event


@pytest.fixture
def ticket(season, register):
    return register(event=season).tickets.get()


def choose(ticket, starts_at, title="First flight"):
    event = ticket.event
    session = Session.objects.plan(event, room=event.rooms.get(), title=title, starts_at=starts_at, minutes=45)
    own.choose(ticket, session)
    return session


def sessions_in(client, ticket):
    """The feed of the programme as a calendar program reads it: by title."""
    method, entries = read(client.get(f"/events/ticket/{ticket.token}/programme.ics").content)
    assert method == "PUBLISH" and len({entry["UID"] for entry in entries}) == len(entries)
    return {entry["SUMMARY"]: entry for entry in entries}


@pytest.mark.parametrize(
    ("local", "moment"), [SUMMER, FIRST, SECOND, WINTER], ids=["summer", "once", "twice", "winter"]
)
def test_a_session_begins_and_ends_at_its_moment(client, ticket, local, moment):
    choose(ticket, local)
    entry = sessions_in(client, ticket)["First flight"]
    assert (entry["DTSTART"], entry["DTEND"]) == (moment, moment + timedelta(minutes=45))


def test_one_feed_has_both_sides_of_the_clock_change(client, ticket):
    for title, (local, _moment) in {"Summer": SUMMER, "Winter": WINTER}.items():
        choose(ticket, local, title)
    found = sessions_in(client, ticket)
    assert {title: entry["DTSTART"] for title, entry in found.items()} == {"Summer": SUMMER[1], "Winter": WINTER[1]}


def test_moved_over_the_clock_change_it_is_the_same_entry_at_the_new_moment(client, ticket):
    session = choose(ticket, SUMMER[0])
    before = sessions_in(client, ticket)["First flight"]
    session.move(WINTER[0], 45, session.room)
    after = sessions_in(client, ticket)["First flight"]
    assert (after["UID"], after["DTSTART"]) == (before["UID"], WINTER[1])
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    session.call_off()
    gone = sessions_in(client, ticket)["First flight"]
    assert (gone["UID"], gone["STATUS"], gone["DTSTART"]) == (before["UID"], "CANCELLED", WINTER[1])
    assert int(gone["SEQUENCE"]) > int(after["SEQUENCE"])


def test_the_feed_of_an_account_says_the_same_moment(client, season, register, alice):
    ticket = register(event=season, user=alice).tickets.get()
    choose(ticket, SUMMER[0])
    _method, entries = read(client.get(f"/events/mine/{alice.token_for(links.FEED)}/calendar.ics").content)
    assert {entry["SUMMARY"]: entry["DTSTART"] for entry in entries}["First flight"] == SUMMER[1]
