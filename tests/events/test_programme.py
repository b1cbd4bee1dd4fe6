"""The programme: seen by all, chosen by holders of tickets, changed by organisers, and what is told of moved sessions."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core import mail as outbox_mail
from django.utils import timezone
from icalendar import Calendar

from bookings.events.models import MovedNotice, Session
from bookings.events.programme import notices, own
from bookings.events.programme.notices import tell_boarding, tell_moved_sessions
from live.regions import find
from post.models import Message
from tests.events.test_frab import as_bytes, document, session
from verbs.refusals import Changed

HTMX = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def talk(event):
    room = event.rooms.create(name="Hall A")
    event.rooms.create(name="Hall B", position=1)
    return Session.objects.plan(
        event, room=room, title="First <b>flight</b>", starts_at=event.starts_at, speakers=["Amelia"]
    )


@pytest.fixture
def ticket(register):
    return register().tickets.get()


@pytest.fixture
def desk(client, orla):
    client.force_login(orla)
    return client


@pytest.fixture
def holder(client, ticket):
    """A browser in which the link of the ticket was opened."""
    assert client.get(ticket.get_absolute_url()).status_code == 200
    return client


def other_room(event):
    return event.rooms.get(name="Hall B")


def test_everybody_sees_it_and_words_are_inert(client, event, talk):
    page = client.get("/events/concert/programme/").content.decode()
    assert "First &lt;b&gt;flight" in page and "<b>flight" not in page and "Amelia" in page
    assert client.get(f"/events/concert/programme/{talk.pk}/").status_code == 200
    assert find("event-programme/concert/").public


def test_a_draft_is_for_its_organisers(client, make_event, orla):
    make_event(slug="draft", state="draft")
    for address in ("programme/", "schedule.json", "schedule.xml"):
        assert client.get(f"/events/draft/{address}").status_code == 404
    client.force_login(orla)
    assert client.get("/events/draft/programme/edit/").status_code == 200


def test_a_holder_chooses_and_leaves(holder, event, talk, ticket):
    address = f"/events/concert/programme/{talk.pk}/choose/"
    for _twice in range(2):
        assert holder.post(address).status_code == 303
    assert [each.title for each in own.chosen(ticket)] == [talk.title]
    assert "Your programme" in holder.get("/events/concert/programme/").content.decode()
    holder.post(f"/events/concert/programme/{talk.pk}/leave/")
    assert own.chosen(ticket) == []


def test_without_a_ticket_nothing_is_chosen(client, event, talk, ticket):
    client.post(f"/events/concert/programme/{talk.pk}/choose/")
    assert not talk.favourites.exists()


def test_a_session_of_another_event_is_not_chosen(holder, make_event, talk):
    make_event(slug="talks")
    assert holder.post(f"/events/talks/programme/{talk.pk}/choose/").status_code == 404


def test_moving_is_seen_at_once_and_told_once_it_is_quiet(event, talk, ticket, assert_published, time_machine):
    """indico 3997: the page at once, one mail with old and new after some quiet minutes."""
    own.choose(ticket, talk)
    begins = timezone.now()
    with assert_published(f"event-programme-{event.pk}"):
        talk.move(talk.starts_at + 30 * MINUTE, 45, talk.room)
    for _edit in range(100):
        talk.move(talk.starts_at + MINUTE, 45, other_room(event))
    assert tell_moved_sessions(begins + 4 * MINUTE) == 0
    time_machine.move_to(begins + 6 * MINUTE)
    assert tell_moved_sessions(timezone.now()) == 1
    words = Message.objects.latest("pk").body
    assert "Hall A" in words and "Hall B" in words and "First <b>flight</b>" in words
    assert tell_moved_sessions(timezone.now()) == 0 and not MovedNotice.objects.exists()


def test_however_much_was_moved_each_ticket_gets_one_mail(event, talk, register, monkeypatch):
    """A round takes all notices of a ticket."""
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    others = [
        Session.objects.plan(event, room=talk.room, title=f"Talk {number}", starts_at=event.starts_at)
        for number in range(2)
    ]
    tickets = list(register(3).tickets.all())
    for ticket in tickets:
        for each in (talk, *others):
            own.choose(ticket, each)
    for each in (talk, *others):
        each.call_off()
    before, later = Message.objects.count(), timezone.now() + 6 * MINUTE
    assert [tell_moved_sessions(later) for _round in range(3)] == [2, 1, 0]
    mails = list(Message.objects.order_by("pk")[before:])
    assert [mail.body.count("now: cancelled") for mail in mails] == [3, 3, 3]


def test_moved_again_while_the_mail_is_written_it_is_told_later(event, talk, ticket):
    own.choose(ticket, talk)
    talk.call_off()
    read = list(MovedNotice.objects.select_related("session__room", "session__event", "ticket__registration"))
    talk.reinstate()
    talk.move(talk.starts_at + 30 * MINUTE, 45, other_room(event))
    count = Message.objects.count()
    notices.tell(read)
    assert Message.objects.count() == count and MovedNotice.objects.count() == 1
    tell_moved_sessions(timezone.now() + 6 * MINUTE)
    body = Message.objects.latest("pk").body
    assert Message.objects.count() == count + 1 and "Hall B" in body and "cancelled" not in body


def test_moved_back_nobody_is_told(event, talk, ticket):
    own.choose(ticket, talk)
    count = Message.objects.count()
    starts = talk.starts_at
    talk.move(starts + 30 * MINUTE, 45, talk.room)
    talk.move(starts, 45, talk.room)
    tell_moved_sessions(timezone.now() + 6 * MINUTE)
    assert Message.objects.count() == count


def test_a_cancelled_session_is_told_and_struck(event, talk, ticket):
    own.choose(ticket, talk)
    talk.call_off()
    tell_moved_sessions(timezone.now() + 6 * MINUTE)
    assert "now: cancelled" in Message.objects.latest("pk").body
    assert "<s>" in find("event-programme/concert/").render().html


def test_who_has_not_chosen_it_is_not_told(event, talk, ticket):
    count = Message.objects.count()
    talk.move(talk.starts_at + 30 * MINUTE, 45, talk.room)
    tell_moved_sessions(timezone.now() + 6 * MINUTE)
    assert Message.objects.count() == count


def test_other_words_are_no_news(event, talk, ticket):
    own.choose(ticket, talk)
    talk.edit(title="Second flight")
    talk.refresh_from_db()
    assert talk.calendar_sequence == 0 and not MovedNotice.objects.exists()


def test_two_organisers_at_one_session(desk, event, talk, oscar):
    seen = talk.revision
    talk.call_off(by=oscar)
    answer = desk.post(f"/events/concert/programme/edit/{talk.pk}/edit/", {"seen": seen, "title": "Mine"}, headers=HTMX)
    assert answer.status_code == 409 and "Oscar" in answer.content.decode()
    with pytest.raises(Changed):
        talk.edit(title="Mine", seen=seen)


def test_an_organiser_adds_moves_and_cancels(desk, event, talk):
    room = event.rooms.first()
    local = event.starts_at.astimezone(event.tz)
    fields = {
        "key": uuid4(),
        "title": "Night flight",
        "starts_at": f"{local:%Y-%m-%dT%H:%M}",
        "starts_at_zone": "",
        "minutes": 30,
        "room": room.pk,
    }
    for _twice in range(2):
        answer = desk.post("/events/concert/programme/edit/add/", fields, headers=HTMX)
        assert answer.status_code == 200, answer.content.decode()
    assert Session.objects.filter(title="Night flight", starts_at=event.starts_at).count() == 1
    moved = {"seen": talk.revision, "starts_at": f"{local:%Y-%m-%dT}23:30", "minutes": 30, "room": room.pk}
    assert desk.post(f"/events/concert/programme/edit/{talk.pk}/move/", moved, headers=HTMX).status_code == 200
    talk.refresh_from_db()
    assert f"{talk.starts_at.astimezone(event.tz):%H:%M}" == "23:30"


def test_a_room_of_a_name_is_added_once(desk, event, talk):
    address = "/events/concert/programme/edit/room/"
    assert desk.post(address, {"name": "Hall C"}, headers=HTMX).status_code == 200
    answer = desk.post(address, {"name": "Hall C"}, headers=HTMX)
    assert answer.status_code == 422 and "There is a room of this name already." in answer.content.decode()
    assert event.rooms.filter(name="Hall C").count() == 1


@pytest.mark.parametrize(
    "typed", ["", "nonsense", "2027-03-14T02:30", "0001-01-01T00:00", "2026-13-40T00:00", "9" * 400]
)
def test_times_that_do_not_exist_are_refused(desk, event, talk, typed):
    """indico 1329: also the half past two of the night in spring, with its two neighbours."""
    fields = {"seen": talk.revision, "starts_at": typed, "minutes": 30, "room": talk.room_id}
    answer = desk.post(f"/events/concert/programme/edit/{talk.pk}/move/", fields, headers=HTMX)
    assert answer.status_code == 422
    if typed.startswith("2027"):
        words = answer.content.decode()
        assert "01:30" in words and "03:30" in words


def test_a_time_that_is_there_twice_is_asked_for(desk, event, talk):
    fields = {"seen": talk.revision, "starts_at": "2027-11-07T01:30", "minutes": 30, "room": talk.room_id}
    address = f"/events/concert/programme/edit/{talk.pk}/move/"
    answer = desk.post(address, fields, headers=HTMX)
    assert (
        answer.status_code == 422 and "EDT" in answer.content.decode() and "Which of the two" in answer.content.decode()
    )
    assert desk.post(address, {**fields, "starts_at_zone": "EST"}, headers=HTMX).status_code == 200
    talk.refresh_from_db()
    assert talk.starts_at == datetime.fromisoformat("2027-11-07T01:30:00-05:00")


def test_over_midnight_and_a_clock_change_the_local_time_stays(event, talk):
    """indico 2735."""
    local = datetime(2027, 3, 14, 0, 30, tzinfo=event.tz)
    talk.move(local, 45, talk.room)
    [day] = find("event-programme/concert/").context()["days"]
    assert day.rows[0].begins == "00:30" and day.day.isoformat() == "2027-03-13"


def test_a_file_shows_first_what_it_would_do(desk, event, talk):
    data = as_bytes(document(session(1)))
    upload = BytesIO(data)
    upload.name = "schedule.json"
    answer = desk.post("/events/concert/programme/edit/import/", {"file": upload})
    words = answer.content.decode()
    assert "Import it" in words and "First &lt;b&gt;flight" in words
    assert event.sessions.filter(state="planned").count() == 1
    assert (
        desk.post("/events/concert/programme/edit/import/", {"text": data.decode(), "sure": "yes"}).status_code == 303
    )
    assert event.sessions.get(state="planned").guid == session(1)["guid"]
    talk.refresh_from_db()
    assert talk.state == "cancelled"


def test_a_file_of_a_large_conference_goes_in(desk, event):
    """Its second form has all of it as text: quotes and line ends must not make it longer than what is let in."""
    times = [f"{19 + number // 60}:{number % 60:02}" for number in range(200)]
    sessions = [
        session(number, description='"' * 4_700, start=time, date=f"2026-11-20T{time}:00-05:00")
        for number, time in enumerate(times, start=1)
    ]
    upload = BytesIO(as_bytes(document(*sessions)))
    assert 1_900_000 < len(upload.getvalue()) < 2_097_152
    first = desk.post("/events/concert/programme/edit/import/", {"file": upload})
    text = first.context["text"]
    answer = desk.post("/events/concert/programme/edit/import/", {"text": text, "sure": "yes"})
    assert answer.status_code == 303 and event.sessions.count() == 200


@pytest.mark.parametrize("data", [b"", b"{", b"<x/>"])
def test_a_wrong_file_changes_nothing(desk, event, talk, data):
    upload = BytesIO(data)
    upload.name = "schedule.json"
    answer = desk.post("/events/concert/programme/edit/import/", {"file": upload})
    assert answer.status_code == 422 and "Nothing was imported." in answer.content.decode()


@pytest.mark.parametrize("address", ["edit/", "edit/{pk}/"])
def test_editing_is_for_organisers(client, event, talk, address, dora, charlie):
    for somebody in (dora, charlie):
        client.force_login(somebody)
        assert client.get(f"/events/concert/programme/{address}".format(pk=talk.pk)).status_code == 404
    assert not find("event-programme-edit/concert/").allows(charlie)


def test_a_calendar_keeps_its_uid(client, event, talk, ticket):
    """euroscipy 97, angus 51: the moment is right in another parser, the UID is the same for ever."""
    own.choose(ticket, talk)
    address = f"/events/ticket/{ticket.token}/programme.ics"
    [before] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    talk.move(talk.starts_at + 30 * MINUTE, 45, talk.room)
    [after] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert before["UID"] == after["UID"] and after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.decoded("DTSTART") == talk.starts_at
    talk.call_off()
    [gone] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert gone["STATUS"] == "CANCELLED" and gone["UID"] == before["UID"]


def test_a_ticket_that_ends_takes_its_sessions_out_of_the_calendar(client, event, talk, ticket):
    own.choose(ticket, talk)
    address = f"/events/ticket/{ticket.token}/programme.ics"
    [before] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    event.call_off("Fog")
    [gone] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert gone["STATUS"] == "CANCELLED" and gone["SEQUENCE"] > before["SEQUENCE"]


def test_a_calendar_of_all_that_an_account_has(client, event, talk, make_event, register, alice, bob):
    mine, other = register(2, user=alice), register(user=alice, event=make_event(slug="jazz", title="Jazz"))
    register(user=bob)
    for one in mine.tickets.all():
        own.choose(one, talk)
    client.force_login(alice)
    page = client.get("/events/mine/").content.decode()
    [address] = re.findall(r'href="webcal://testserver(/[^"]+)"', page)
    client.logout()

    def entries():
        found = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        return {str(entry["UID"]): str(entry["STATUS"]) for entry in found}

    names = [f"{one.reference.lower()}-1" for one in (mine, other)]
    uids = [f"{name}@airside.events" for name in (*names, f"{talk.guid}-{names[0]}")]
    assert entries() == dict.fromkeys(uids, "CONFIRMED"), "the second ticket is another guest's"
    mine.cancel()
    assert entries() == {uids[0]: "CANCELLED", uids[1]: "CONFIRMED", uids[2]: "CANCELLED"}
    alice.set_password("another")
    alice.save()
    assert client.get(address).status_code == 404


def test_the_flight_boards_before_a_session_ends(event, talk, ticket, make_flight):
    own.choose(ticket, talk)
    minutes = (event.starts_at + 50 * MINUTE - timezone.now()) // MINUTE
    ticket.registration.change(flight=make_flight(minutes=minutes))
    html = find(f"event-own/{ticket.token}/").render().html
    assert "before this ends" in html


def test_who_linked_a_flight_is_told_once(event, ticket, make_flight, time_machine):
    time_machine.move_to(event.starts_at - 60 * MINUTE)
    flight = make_flight(minutes=60 + 90)
    ticket.registration.change(flight=flight)
    count = Message.objects.count()
    tell_boarding(timezone.now())
    tell_boarding(timezone.now())
    assert Message.objects.count() == count + 1
    assert flight.designator in Message.objects.latest("pk").subject


def test_more_flights_are_not_more_queries(event, talk, register, make_flight, time_machine, django_assert_num_queries):
    time_machine.move_to(event.starts_at - 60 * MINUTE)
    flight = make_flight(minutes=60 * 10)  # it leaves time: only looking is counted
    for number in range(4):
        registration = register(2, email=f"{number}@example.org")
        registration.change(flight=flight)
        own.choose(registration.tickets.first(), talk)
    with django_assert_num_queries(3):  # registrations, tickets, chosen sessions
        assert tell_boarding(timezone.now()) == 4


def test_a_flight_that_leaves_time_tells_nobody(event, ticket, make_flight, time_machine):
    time_machine.move_to(event.starts_at - 60 * MINUTE)
    ticket.registration.change(flight=make_flight(minutes=60 * 10))
    count = Message.objects.count()
    tell_boarding(timezone.now())
    assert Message.objects.count() == count and not outbox_mail.outbox
