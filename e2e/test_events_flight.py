"""A session that knows the flight: what the flight desk does is on the attendee's open pages, and one mail tells of it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.events.models import Room, Session
from bookings.events.programme.notices import tell_boarding
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from e2e.test_desk_and_board import delay_by, open_panel
from e2e.test_events_programme import row
from post.models import Message

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}
MINE = ".own-programme"
HOUR = 60


@pytest.fixture
def talks(make_event):
    """In one hour, until three hours from now, with a session at its beginning and one until its end."""
    event = make_event(slug="talks", title="Talks on the tarmac", hours_ahead=1)
    hall = Room.objects.create(event=event, name="Hall A")
    for title, minutes in (("First flight", 0), ("Landing in fog", 75)):
        starts = event.starts_at + timedelta(minutes=minutes)
        Session.objects.plan(event, room=hall, title=title, starts_at=starts, minutes=45)
    return event


def boarding_mails():
    """Those that are written when the job runs twice."""
    for _time in range(2):
        tell_boarding(timezone.now())
    return list(Message.objects.filter(subject__contains="boards before").order_by("pk"))


def test_the_flight_boards_before_the_event_ends(person, signed_in, bob, talks, register, make_flight):
    """She links it while it is late enough; then it is on time after all, and then late again."""
    flight = make_flight(minutes=2 * HOUR + 80, gate="B22")
    flight.delay(flight.off_block_scheduled + timedelta(minutes=HOUR))
    boards = flight.off_block_scheduled - timedelta(minutes=30)  # ten minutes before the end
    registration = register(event=talks)
    ada, mine, desk = person(**PHONE), person(**PHONE), signed_in(bob)
    ada.goto(registration.get_absolute_url())
    ada.locator("summary", has_text="Link your flight").click()
    ada.get_by_label("Your flight").fill("B6 9999")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("We know no such flight that leaves")).to_be_visible()
    ada.get_by_label("Your flight").fill("b6 1010")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("We tell you when boarding comes before the end.")).to_be_visible()
    expect(ada.locator(".event-registration .facts")).to_contain_text("B6 1010")
    is_live(ada)
    mine.goto(registration.tickets.get().get_absolute_url())
    mine.get_by_role("link", name="Your programme").click()
    for title in ("First flight", "Landing in fog"):
        mine.get_by_role("button", name=f"Choose {title}").click()
        expect(mine.get_by_text(f"{title} is in your programme.")).to_be_visible()
    is_live(mine)
    first, last = (row(mine, title, MINE) for title in ("First flight", "Landing in fog"))
    warning = f"Boarding starts at {boards.astimezone(talks.tz):%H:%M}, before this ends."
    on_registration = ada.locator(".event-registration").get_by_text(
        f"Boarding of B6 1010 starts at {boards.astimezone(talks.tz):%H:%M}, before the event ends."
    )
    expect(last).to_be_visible()
    expect(last).not_to_contain_text("Boarding")
    expect(on_registration).to_have_count(0)
    assert boarding_mails() == []

    desk.goto("/flights/JFK/desk/")
    is_live(desk)
    panel = open_panel(desk, flight)
    panel.get_by_role("button", name="Withdraw the delay").click()
    expect(last).to_contain_text(warning)
    expect(on_registration).to_be_visible()
    expect(first).not_to_contain_text("Boarding")
    [mail] = boarding_mails()
    assert (mail.to, mail.subject) == ("ada@example.org", "B6 1010 boards before “Talks on the tarmac” ends")
    assert f"boarding of B6 1010 starts at {boards.astimezone(talks.tz):%H:%M}" in mail.body
    assert "It boards at gate B22." in mail.body and registration.get_absolute_url() in mail.body
    for page in (ada, mine):
        look_at(page)

    panel.get_by_role("button", name="Board", exact=True).click()
    expect(panel.locator(".notice.good")).to_contain_text("Board")
    assert boarding_mails() == [mail], "nothing about it is new"
    delay_by(panel, 60)
    expect(last).not_to_contain_text("Boarding")
    expect(on_registration).to_have_count(0)
    assert boarding_mails() == [mail]
    assert not_reloaded(ada) and not_reloaded(mine) and not_reloaded(desk)


def test_with_nothing_chosen_the_end_of_the_event_counts_and_unlinked_nobody_is_told(
    person, talks, register, make_flight
):
    flight = make_flight(minutes=2 * HOUR)
    registration = register(event=talks)
    ada = person(**PHONE)
    ada.goto(registration.get_absolute_url())
    for typed, said in (("B6 1010", "We tell you when boarding"), ("", "No flight is linked any more.")):
        ada.locator("summary", has_text="Link your flight").click()
        ada.get_by_label("Your flight").fill(typed)
        ada.get_by_role("button", name="Save").click()
        expect(ada.get_by_text(said)).to_be_visible()
        boarding = ada.locator(".event-registration").get_by_text("before the event ends")
        expect(boarding).to_have_count(1 if typed else 0)
        assert len(boarding_mails()) == 1
    flight.delay(flight.off_block_scheduled + timedelta(minutes=15))
    assert len(boarding_mails()) == 1
