"""Mail to attendees, what programs find in it, and calendar files that follow what changes."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings.events import lapsing, moved
from bookings.events.calendar import entry_of
from bookings.events.models import Hall, Registration
from post.calendars import calendar_file
from post.models import Message
from tests.cast.events import pay_for
from tests.events.calendars import read

pytestmark = pytest.mark.django_db


def mails(to="ada@example.org"):
    """The subjects of the mails to somebody, in their order."""
    return [message.subject for message in Message.objects.filter(to=to).order_by("pk")]


def last(to="ada@example.org"):
    return Message.objects.filter(to=to).latest("pk")


def ticket_file(client, ticket):
    ticket = type(ticket).objects.get(pk=ticket.pk)
    answer = client.get(f"{ticket.get_absolute_url()}calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return read(answer.content)


class TestWhichMail:
    def test_free_of_charge(self, register):
        registration = register(2)
        assert mails() == ["Concert: you are registered"]
        body = last().body
        assert all(ticket.get_absolute_url() in body for ticket in registration.tickets.all())
        assert registration.get_absolute_url() in body

    def test_a_hold_writes_nothing(self, hold_places):
        hold_places(2).release()
        assert not Message.objects.exists()

    def test_to_be_paid_and_paid(self, make_event, register):
        registration = register(event=make_event(slug="paid", types={"Adult": 2000}))
        assert "your places are kept until" in mails()[0]
        assert "$20.00" in last().body
        pay_for(registration)
        assert mails()[1:] == ["Concert: you are registered"]

    def test_not_paid(self, make_event, register):
        register(event=make_event(slug="paid", types={"Adult": 2000}))
        with time_machine.travel(timezone.now() + timedelta(minutes=31)):
            lapsing.lapse_expired(timezone.now())
        assert mails()[1:] == ["Concert: your places are free again"]

    def test_approval(self, make_event, register):
        event = make_event(slug="closed")
        event.types.update(needs_approval=True)
        yes, no = register(event=event), register(event=event, email="bea@example.org")
        assert mails() == ["Concert: we have your registration"]
        yes.approve()
        no.decline("Too many.")
        assert mails()[1:] == ["Concert: you are registered"]
        assert mails("bea@example.org")[1:] == ["Concert: your registration was declined"]
        assert "Reason: Too many." in last("bea@example.org").body

    def test_cancelled_with_what_comes_back(self, make_event, register):
        registration = register(event=make_event(slug="paid", types={"Adult": 2000}), is_paid=True)
        registration.cancel()
        assert mails()[-1] == "Concert: your registration is cancelled"
        assert "You get $20.00 back." in last().body

    def test_the_event_is_cancelled(self, event, register):
        register()
        event.call_off("The hall is flooded.")
        lapsing.end_cancelled(timezone.now())
        assert "The hall is flooded." in last().body
        assert read(bytes(last().attachment))[0] == "CANCEL"

    def test_others_of_a_group_get_their_own_ticket_and_no_other(self, hold_places):
        registration = hold_places(2)
        first, second = registration.tickets.all()
        registration.book(
            "Ada", "ada@example.org", names={first.pk: "Ada", second.pk: "Bea"}, emails={second.pk: "bea@example.org"}
        )
        body = last("bea@example.org").body
        second.refresh_from_db()
        assert second.get_absolute_url() in body
        assert registration.get_absolute_url() not in body
        assert first.get_absolute_url() not in body
        registration.cancel_ticket(second)
        assert mails("bea@example.org")[-1] == "Concert: your ticket is cancelled"

    def test_an_address_that_is_added_later_gets_its_ticket_once(self, register):
        registration = register(3)
        _first, second, third = registration.tickets.all()
        registration.change(emails={third.pk: "cyd@example.org"})
        count = len(mails())
        registration.change(names={second.pk: "Bea"}, emails={second.pk: "bea@example.org"})
        second.refresh_from_db()
        assert second.get_absolute_url() in last("bea@example.org").body
        registration.change(
            names={second.pk: "Bea"}, emails={second.pk: "bea@example.org"}, phone="123", name="Augusta"
        )
        assert len(mails("bea@example.org")) == len(mails("cyd@example.org")) == 1 and len(mails()) == count

    def test_nobody_gets_a_ticket_that_is_not_paid(self, make_event, register):
        registration = register(2, event=make_event(slug="paid", types={"Adult": 2000}))
        registration.change(emails={registration.tickets.last().pk: "bea@example.org"})
        assert not mails("bea@example.org")
        pay_for(registration)
        assert len(mails("bea@example.org")) == 1


class TestMoved:
    """Indico 3997: learnt by accident; and a hundred edits must not be a hundred mails."""

    def test_one_mail_with_old_and_new_once_the_organiser_is_quiet(self, event, register):
        register()
        Registration.objects.update(booked_at=timezone.now() - timedelta(hours=1))
        was = event.starts_at
        for hours in (1, 2, 3):
            event.move(was + timedelta(hours=hours), was + timedelta(hours=hours + 2))
        assert moved.tell_moved(timezone.now()) == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            for _round in range(2):
                moved.tell_moved(timezone.now())
        assert len(mails()) == 2
        body = last().body
        for moment in (was, was + timedelta(hours=3)):
            assert f"{moment.astimezone(event.tz):%H:%M}" in body
        assert f"{was + timedelta(hours=2):%H:%M} " not in body

    def test_moved_and_back_is_no_mail(self, event, register):
        register()
        Registration.objects.update(booked_at=timezone.now() - timedelta(hours=1))
        was, ends = event.starts_at, event.ends_at
        event.move(was + timedelta(hours=1), ends + timedelta(hours=1))
        event.move(was, ends)
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            moved.tell_moved(timezone.now())
        assert len(mails()) == 1

    def test_who_registered_afterwards_knows(self, event, register):
        event.move(event.starts_at + timedelta(hours=1), event.ends_at + timedelta(hours=1))
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            register()
            moved.tell_moved(timezone.now())
        assert mails() == ["Concert: you are registered"]

    def test_another_hall(self, event, hall, register):
        register()
        Registration.objects.update(booked_at=timezone.now() - timedelta(hours=1))
        other = Hall.objects.create(slug="lounge", name="Lounge", airport=hall.airport, where="Terminal 4")
        event.move(event.starts_at, event.ends_at, other)
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            moved.tell_moved(timezone.now())
        assert "It was to be in Concourse Hall." in last().body


class TestCalendarFiles:
    def test_nine_o_clock_in_london_in_july(self, client, make_event, hall, airports, register):
        """pretalx 2081, EMF 2289: an hour or two off."""
        hall.airport = airports["LHR"]
        hall.save()
        london = ZoneInfo("Europe/London")
        begins = datetime(2027, 7, 18, 9, tzinfo=london)
        event = make_event(slug="london", starts_at=begins, ends_at=begins + timedelta(hours=1))
        ticket = register(event=event).tickets.get()
        _method, [found] = read(calendar_file(entry_of(ticket)))
        assert found["DTSTART"] == datetime(2027, 7, 18, 8, tzinfo=UTC)

    def test_the_uid_stays_and_only_time_place_and_status_count(self, client, event, register):
        """angus-events, HiEvents: a new UID at each download made duplicates."""
        registration = register()
        ticket = registration.tickets.get()
        _method, [first] = ticket_file(client, ticket)
        registration.change(names={ticket.pk: "Augusta Ada"}, phone="123")
        event.title = "Another name"
        event.save()
        registration.renew_link()
        method, [same] = ticket_file(client, ticket)
        assert (same["UID"], same["SEQUENCE"], method) == (first["UID"], first["SEQUENCE"], "PUBLISH")
        assert "ATTENDEE" not in same  # RFC 5546, 3.2.1
        event.move(event.starts_at + timedelta(hours=1), event.ends_at + timedelta(hours=1))
        _method, [later] = ticket_file(client, ticket)
        assert later["UID"] == first["UID"]
        assert int(later["SEQUENCE"]) == int(first["SEQUENCE"]) + 1
        assert later["DTSTART"] == first["DTSTART"] + timedelta(hours=1)
        registration.cancel()
        method, [gone] = ticket_file(client, ticket)
        assert (method, gone["STATUS"], gone["UID"]) == ("CANCEL", "CANCELLED", first["UID"])
        assert int(gone["SEQUENCE"]) > int(later["SEQUENCE"])

    def test_mails_are_invitations(self, register):
        registration = register()
        message = last()
        assert message.attachment_type == "text/calendar; method=REQUEST"
        method, [found] = read(bytes(message.attachment))
        assert method == "REQUEST"
        assert found["ATTENDEE"] == "mailto:ada@example.org"
        assert found["ORGANIZER"].startswith("mailto:")
        registration.cancel()
        assert last().attachment_type == "text/calendar; method=CANCEL"
        method, [gone] = read(bytes(last().attachment))
        assert (method, gone["UID"], gone["ATTENDEE"]) == ("CANCEL", found["UID"], found["ATTENDEE"])

    def test_a_transfer_takes_it_out_of_one_calendar_and_into_another(self, register):
        registration = register()
        _method, [first] = read(bytes(last().attachment))
        registration.transfer("Bea", "bea@example.org")
        method, [gone] = read(bytes(last().attachment))
        assert (method, gone["UID"]) == ("CANCEL", first["UID"])
        assert "URL" not in gone
        assert read(bytes(last("bea@example.org").attachment))[0] == "REQUEST"


def test_programs_find_each_ticket_in_the_mail(register):
    registration = register(2)
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", last().html, re.DOTALL)[1])
    assert [one["@type"] for one in data] == ["EventReservation"] * 2
    assert [one["ticketToken"] for one in data] == [f"qrCode:{ticket.secret}" for ticket in registration.tickets.all()]
    assert {one["reservationStatus"] for one in data} == {"https://schema.org/ReservationConfirmed"}
    registration.cancel()
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", last().html, re.DOTALL)[1])
    assert {one["reservationStatus"] for one in data} == {"https://schema.org/ReservationCancelled"}
    assert "ticketToken" not in data[0]
