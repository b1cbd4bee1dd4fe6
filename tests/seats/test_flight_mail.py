"""The mail of a booking: what it says, and what calendars and programs read in it."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.seats.models import Booking
from bookings.seats.models.following import QUIET, follow_flights
from post.models import Message
from post.sending import mail_of


def last():
    return Message.objects.latest("pk")


def events():
    return Calendar.from_ical(bytes(last().attachment)).walk("VEVENT")


def data_of(message):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', message.html, re.S)[1])


@pytest.fixture
def connecting(make_inventory):
    """New York to San Francisco, and on to London."""
    return make_inventory(number="11", destination="SFO", minutes=3000), make_inventory(
        number="12", origin="SFO", destination="LHR", minutes=3200
    )


def test_what_is_not_paid_says_until_when(book_flight):
    booking = book_flight(later=True)
    assert last().subject.startswith("Pay by ") and last().to == "ada@example.org"
    assert str(booking.price) in last().body and booking.get_absolute_url() in last().body
    assert not last().html and last().attachment is None  # nothing for programs to keep: it may still expire


def test_what_is_paid_has_tickets_seats_and_a_calendar_file(fly, connecting):
    booking = fly("Ada Lovelace", on=connecting)
    message = last()
    assert message.subject.startswith("Confirmed: New York to London")
    assert booking.travellers.get().ticket in message.body
    first, second = events()
    assert first["dtstart"].params["TZID"] == "America/New_York"
    assert first["dtend"].params["TZID"] == second["dtstart"].params["TZID"] == "America/Los_Angeles"
    assert second["dtend"].params["TZID"] == "Europe/London"
    assert first["uid"] != second["uid"] and booking.reference.lower() in first["uid"]


def test_programs_read_a_reservation_for_each_traveller_and_flight(fly, connecting):
    booking = fly("Ada Lovelace", "Bea O'Brien-Smith", on=connecting)
    found = data_of(last())
    assert len(found) == 4
    one = found[0]
    assert one["@type"] == "FlightReservation" and one["reservationNumber"] == booking.reference
    assert one["reservationStatus"] == "https://schema.org/ReservationConfirmed"
    assert one["reservationFor"]["flightNumber"] == "11"
    assert one["reservationFor"]["airline"]["iataCode"] == "B6"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-05:00", one["reservationFor"]["departureTime"])
    assert one["reservationFor"]["arrivalTime"].endswith("-08:00")
    assert {each["underName"]["name"] for each in found} == {"Ada Lovelace", "Bea O'Brien-Smith"}
    assert all(each["airplaneSeat"] and each["ticketNumber"] for each in found)


def test_nothing_that_somebody_types_ends_the_script(fly):
    fly("</script><script>alert(1) Lovelace")
    assert last().html.count("<script") == 1 and "</script><script>alert" not in last().html
    assert data_of(last())[0]["underName"]["name"].startswith("</script>")


def test_it_is_sent_as_text_and_as_html(fly):
    fly()
    mail = mail_of(last())
    assert [kind for _content, kind in mail.alternatives] == ["text/html"] and len(mail.attachments) == 1


def test_a_moved_flight_keeps_its_uid_and_counts_up(fly, inventory):
    fly()
    (before,) = events()
    inventory.flight.delay(inventory.flight.off_block_scheduled + timedelta(hours=1))
    follow_flights(timezone.now() + QUIET)
    (after,) = events()
    assert after["uid"] == before["uid"] and after["sequence"] > before["sequence"]
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(hours=1)


def test_a_cancellation_takes_the_event_away_and_says_what_comes_back(fly):
    booking = fly()
    (before,) = events()
    booking.cancel()
    assert last().attachment_type == "text/calendar; method=CANCEL"
    (after,) = events()
    assert after["uid"] == before["uid"] and after["status"] == "CANCELLED" and after["transp"] == "TRANSPARENT"
    assert after["sequence"] > before["sequence"]
    assert f"{booking.price} is paid back" in last().body
    assert data_of(last())[0]["reservationStatus"] == "https://schema.org/ReservationCancelled"


def test_fewer_flights_cancel_the_event_of_the_one_that_is_gone(fly, make_inventory, connecting, bob):
    booking = fly(on=connecting)
    direct = make_inventory(number="5", destination="LHR", minutes=3100)
    booking.rebook_onto([direct.pk], by=bob)
    kept, gone = events()
    assert kept.get("status") == "CONFIRMED" and gone["status"] == "CANCELLED" and gone["uid"] != kept["uid"]
    assert last().subject.startswith("New flights")


def test_it_is_in_the_language_of_the_customer(fly, client):
    booking = fly()
    Booking.objects.filter(pk=booking.pk).update(language="de")
    booking.refresh_from_db()
    booking.cancel()
    assert last().language == "de"


def test_a_new_link_is_sent_and_the_former_one_is_worth_nothing(fly, client):
    booking = fly()
    former = booking.token
    booking.revoke()
    assert booking.token in last().body and former not in last().body


def test_the_calendar_page_is_the_same_file(client, fly):
    booking = fly()
    answer = client.get(f"/fly/trips/{booking.token}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["uid"] == events()[0]["uid"]


def test_seats_that_staff_change_are_told_and_those_that_one_changes_oneself_are_not(fly, inventory, bob):
    booking = fly()
    coupon = booking.coupons().get()
    one, other = sorted(inventory.free("economy"))[-2:]
    count = Message.objects.count()
    booking.move({coupon.pk: one})
    assert Message.objects.count() == count
    booking.move({coupon.pk: other}, by=bob)
    assert last().subject.startswith("New seats") and f"seat {other}" in last().body


def test_who_is_put_on_another_flight_by_staff_hears_of_it(fly, make_inventory, bob):
    former, later = make_inventory(number="1", minutes=300), make_inventory(number="2", minutes=600)
    booking = fly(on=[former])
    former.flight.cancel()
    booking.reaccommodate_onto(former.pk, [later.pk], by=bob)
    assert last().subject.startswith("New flights") and "B6 2" in last().body
    assert follow_flights(timezone.now() + QUIET) == 0
