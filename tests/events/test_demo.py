"""The events that the demo opens: what they hold together, and what follows when they are over."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import xmlschema
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from bookings.events.demo import concert, conference, talks
from bookings.events.demo.programmes import FOLDER, moved
from bookings.events.demo.setup import events as set_up_events
from bookings.events.models import Capacity, Event, Left, Registration, Scan, Session, Ticket, WaitlistEntry
from bookings.events.programme import frab
from bookings.events.stage.regions import StageScreen
from checkout.models import Payment
from demo.parts import Demo
from screens.models import Screen
from tests.events.test_frab import REAL, at_hand

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def opened(airports, settings, monkeypatch):
    """The events with few people; the Demo that they were set up in."""
    settings.DEMO = True
    monkeypatch.setattr(concert, "SEATS", 7)
    monkeypatch.setattr(concert, "SUPPERS", 2)
    monkeypatch.setattr(conference, "WHOLE", 3)
    monkeypatch.setattr(conference, "PER_DAY", (1, 1, 0))
    monkeypatch.setattr(talks, "SOLD_MAIN", 12)
    monkeypatch.setattr(talks, "SOLD_WORKSHOP", 3)
    return set_up()


def set_up():
    parts = Demo()
    set_up_events(parts)
    return parts


def test_three_events_and_those_who_work_there(opened):
    adds_up_and_was_paid()
    concert_is_sold_out_and_a_group_waits(concert.concert(timezone.now()))
    talks_are_on(talks.talks(timezone.now()))
    conference_has_what_conferences_can_have(conference.conference(timezone.now()))
    names = [account.email.partition("@")[0] for account in opened.accounts]
    assert names == ["organiser", "moderator", "door", "attendee"]


def adds_up_and_was_paid():
    call_command("check_places")
    assert Event.objects.count() == 3
    for event in Event.objects.all():
        for row in (event, event.hall, *event.quotas.all(), *event.types.all(), *event.questions.all()):
            row.full_clean()
        tickets = Ticket.objects.valid().filter(event=event)
        assert Payment.objects.filter(description__startswith=event.title).aggregate(sum=Sum("amount"))["sum"] == (
            tickets.aggregate(sum=Sum("price"))["sum"] or None
        )
    for registration in Registration.objects.all():
        assert registration.email.endswith(".example")


def concert_is_sold_out_and_a_group_waits(event):
    seat, supper = event.types.all()
    capacity = Capacity.read(event, timezone.now())
    assert {capacity.left(seat.pk), capacity.left(supper.pk)} == {Left.GONE}
    assert list(event.waitlist.waiting().values_list("size", flat=True)) == [1, 4, 1, 1, 2]
    assert event.waitlist.waiting()[2].user.email == "attendee@airside.example"
    single = event.registrations.filter(tickets__type=seat).first()
    single.cancel_ticket(single.live_tickets.filter(type=seat).first())
    assert WaitlistEntry.objects.offered().get().size == 1


def talks_are_on(event):
    assert event.is_on_sale() and event.starts_at < timezone.now() < event.ends_at
    assert event.sessions.filter(starts_at__lte=timezone.now(), room__name="Main stage").exists()
    assert set(event.asked.values_list("state", flat=True)) == {"waiting", "shown", "answered"}
    assert event.asked.get(pinned_at__isnull=False).votes.exists()
    assert event.polls.get().state == "open" and event.polls.get().votes.exists()
    assert Scan.objects.filter(let_in=True).count() == Ticket.objects.filter(is_inside=True).count() > 5
    assert not Scan.objects.filter(scanned_at__gt=timezone.now()).exists()
    assert Registration.objects.get(event=event, user__email="attendee@airside.example").is_live
    assert Screen.objects.get(slug="stage").shown_now.settings == {"event": event.slug}
    region = StageScreen(query={"languages": "en"}, language="en", slug=event.slug)
    assert event.asked.get(pinned_at__isnull=False).text in region.render().html


def conference_has_what_conferences_can_have(event):
    capacity = Capacity.read(event, timezone.now())
    whole = event.types.get(name="All three days")
    assert whole.quotas.count() == 3 and capacity.public_left(whole.pk) > 20
    assert event.registrations.filter(state="pending").count() == conference.ASKING
    assert sorted(event.vouchers.values_list("code", "uses", "reserves")) == [
        ("EARLYBIRD", 2, False),
        ("SPEAKER", 1, True),
    ]
    assert {question.kind for question in event.questions.all()} == {"choice", "yes", "text"}
    days = {session.starts_at.astimezone(NEW_YORK).date() for session in event.sessions.all()}
    assert sorted(days) == [event.day + timedelta(days=number) for number in range(3)]
    assert frab.compare(event, frab.read(frab.as_xml(event))).warnings == []


def test_what_is_there_stays_and_what_is_over_is_followed(opened, time_machine):
    models = (Event, Registration, Ticket, Session, WaitlistEntry, Scan, Screen)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    set_up()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    first = talks.talks(timezone.now())
    time_machine.move_to(first.ends_at - timedelta(minutes=5))
    set_up()
    second = talks.talks(timezone.now())
    assert second != first and second.slug != first.slug
    assert Screen.objects.get(slug="stage").shown_now.settings == {"event": second.slug}
    time_machine.move_to(first.ends_at + timedelta(days=20))
    set_up()
    assert concert.concert(timezone.now()) and conference.conference(timezone.now())
    assert Event.objects.count() >= 6


def test_it_is_for_demo_mode_only(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("demo_visitors")


# The programmes that ship with it


@pytest.mark.parametrize("name", ["layover-talks", "gate-to-gate"])
@at_hand
def test_a_programme_obeys_the_xsd(name):
    xmlschema.XMLSchema(str(REAL / "frab-schedule.xsd")).validate((FOLDER / f"{name}.xml").read_text())


@pytest.mark.parametrize("to", ["2027-03-13T23:30:00-05:00", "2026-10-31T20:00:00-04:00", "2027-06-01T00:05:00-04:00"])
def test_the_talks_follow_each_other_at_any_time(to):
    """Also in the nights in which the clock changes."""
    begins = datetime.fromisoformat(to).astimezone(NEW_YORK)
    document = moved(frab.read((FOLDER / "layover-talks.xml").read_bytes()), begins)
    assert frab.read(json.dumps(document).encode()) == document
    [day] = document["schedule"]["conference"]["days"]
    starts = [datetime.fromisoformat(session["date"]) for session in day["rooms"]["Main stage"]]
    assert starts == [datetime.fromisoformat(to) + number * timedelta(minutes=30) for number in range(20)]
    assert day["date"] == begins.date().isoformat()
