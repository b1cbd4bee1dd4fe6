"""Check-in: from 24 hours before the departure, for what is paid, in the order of the sequence numbers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bookings.seats.models import Assignment, Coupon, ExitRow, IllegalMove, Refused, Status, TooEarly, TooLate
from bookings.seats.models.flying import check_in_closes, check_in_opens
from tests.races import all_at_once, faults
from tracking.flights.models import Flight

HOURS = 60


def coupons(booking):
    return list(Coupon.objects.filter(segment__booking=booking).order_by("traveller__position", "segment__position"))


@pytest.fixture
def soon(make_inventory):
    """A flight in four hours."""
    return make_inventory(minutes=4 * HOURS)


def test_each_ticket_gets_the_next_sequence_number_of_its_flight(soon, fly, assert_published):
    first = coupons(fly("Ada Lovelace", "Grace Hopper", on=[soon]))
    second = coupons(fly("Alan Turing", on=[soon]))
    topics = f"seats-{soon.pk}", f"flight-booking-{first[0].segment.booking_id}"
    with assert_published(*topics):
        first[0].check_in()
    second[0].check_in()
    first[1].check_in()
    assert [coupon.sequence for coupon in (first[0], second[0], first[1])] == [1, 2, 3]
    assert first[0].status == Status.CHECKED_IN and first[0].checked_in_seat == first[0].seat
    assert {change.verb for change in first[0].changes.all()} == {"check_in"}


def test_nobody_checks_in_twice(soon, fly):
    (coupon,) = coupons(fly(on=[soon]))
    coupon.check_in()
    with pytest.raises(IllegalMove, match="Ada Lovelace is checked in already"):
        Coupon.objects.get(pk=coupon.pk).check_in()
    assert Coupon.objects.get(pk=coupon.pk).sequence == 1


def test_a_later_check_in_has_another_number(soon, fly):
    (coupon,) = coupons(fly(on=[soon]))
    coupon.check_in()
    coupon.undo_check_in()
    assert (coupon.status, coupon.sequence, coupon.has_pass) == (Status.ISSUED, None, False)
    assert coupon.check_in().sequence == 2


def test_24_hours_are_hours_that_pass():
    """The clocks of Los Angeles go back on 1 November 2026, at 02:00."""
    los_angeles = ZoneInfo("America/Los_Angeles")
    for departure in (
        datetime(2026, 11, 1, 20, 55, tzinfo=los_angeles),
        datetime(2026, 11, 2, 4, 55, tzinfo=UTC),
    ):
        opens = check_in_opens(Flight(off_block_scheduled=departure)).astimezone(los_angeles)
        assert opens.replace(tzinfo=None) == datetime(2026, 10, 31, 21, 55)


def test_check_in_opens_at_its_second(make_inventory, fly, time_machine):
    inventory = make_inventory(minutes=30 * HOURS)
    (coupon,) = coupons(fly(on=[inventory]))
    opens = check_in_opens(inventory.flight)
    time_machine.move_to(opens - timedelta(seconds=1), tick=False)
    with pytest.raises(TooEarly, match="opens 24 hours before"):
        coupon.check_in()
    time_machine.move_to(opens, tick=False)
    coupon.check_in()


def test_check_in_closes_half_an_hour_before_the_departure_that_is_expected(make_inventory, fly, time_machine):
    inventory = make_inventory(minutes=5 * HOURS)
    one, other = coupons(fly("Ada Lovelace", "Grace Hopper", on=[inventory]))
    closes = check_in_closes(inventory.flight)
    assert closes == inventory.flight.off_block_scheduled - timedelta(minutes=30)
    time_machine.move_to(closes, tick=False)
    with pytest.raises(TooLate, match="has closed"):
        one.check_in()
    inventory.flight.delay(inventory.flight.off_block_scheduled + timedelta(hours=1))
    one.check_in()
    time_machine.move_to(closes + timedelta(hours=1), tick=False)
    with pytest.raises(TooLate):
        other.check_in()


def test_an_unpaid_or_cancelled_booking_and_a_cancelled_flight(soon, book_flight, fly):
    unpaid = book_flight(on=[soon])
    with pytest.raises(Refused, match="not paid"):
        coupons(unpaid)[0].check_in()
    cancelled = fly("Alan Turing", on=[soon])
    cancelled.cancel()
    with pytest.raises(Refused, match="not valid"):
        coupons(cancelled)[0].check_in()
    booked = fly("Grace Hopper", on=[soon])
    soon.flight.cancel()
    with pytest.raises(TooLate, match="is cancelled"):
        coupons(booked)[0].check_in()


def test_who_was_taken_off_the_flight_cannot_check_in(soon, fly, assert_published):
    (coupon,) = coupons(fly(on=[soon]))
    seat = coupon.check_in().seat
    with assert_published(f"seats-{soon.pk}", f"flight-booking-{coupon.segment.booking_id}"):
        coupon.offload()
    assert not Assignment.objects.filter(inventory=soon, seat=seat).exists()
    assert not coupon.has_pass
    with pytest.raises(IllegalMove, match="taken off"):
        coupon.check_in()


def test_an_infant_on_a_lap_goes_where_its_adult_goes(soon, fly):
    ada, mia = coupons(fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, on=[soon]))
    with pytest.raises(Refused, match="Check in Ada Lovelace first"):
        mia.check_in()
    ada.check_in()
    mia.check_in()
    assert mia.boarding_pass().seat == "INF" and mia.sequence == 2
    ada.offload()
    mia.refresh_from_db()
    assert mia.status == Status.OFFLOADED


def exit_seat(inventory, booking):
    seat = next(seat for seat in inventory.plan.in_cabin("economy") if seat.is_exit)
    (coupon,) = coupons(booking)
    booking.move({coupon.pk: seat.code})
    return Coupon.objects.get(pk=coupon.pk)


def test_an_exit_row_has_conditions(soon, fly):
    coupon = exit_seat(soon, fly(on=[soon]))
    with pytest.raises(ExitRow, match="agree to the conditions"):
        coupon.check_in()
    coupon.check_in(agrees=True)
    assert coupon.status == Status.CHECKED_IN


def test_who_cannot_help_does_not_check_in_to_an_exit_row(soon, fly):
    coupon = exit_seat(soon, fly(on=[soon]))
    coupon.traveller.needs_help = True
    coupon.traveller.save()
    with pytest.raises(ExitRow, match="exit row"):
        coupon.check_in(agrees=True)


def test_a_connection_is_checked_in_flight_by_flight(make_inventory, fly):
    first = make_inventory(minutes=20 * HOURS)
    second = make_inventory(minutes=26 * HOURS, number="22", origin="BOS", destination="SFO")
    here, onward = coupons(fly(on=[first, second]))
    here.check_in()
    with pytest.raises(TooEarly):
        onward.check_in()


def test_the_pass_has_what_is_booked(soon, fly):
    booking = fly("Thị Minh Nguyễn", on=[soon])
    (coupon,) = coupons(booking)
    coupon.check_in()
    leg, flight = coupon.boarding_pass(), soon.flight
    assert leg.name == "NGUYEN/THI MINH" and leg.reference == booking.reference
    assert (leg.origin, leg.destination, leg.carrier, leg.number) == ("JFK", "BOS", "B6", 1010)
    assert leg.day == timezone.localdate(flight.off_block_scheduled, flight.origin.tz).timetuple().tm_yday
    assert (leg.seat, leg.sequence, leg.cabin, leg.status) == (coupon.seat, 1, "Y", "1")


@pytest.mark.django_db(transaction=True)
def test_all_at_once_get_numbers_of_their_own(soon, fly):
    found = coupons(fly("Ada Lovelace", "Grace Hopper", "Alan Turing", "Edsger Dijkstra", on=[soon]))
    outcomes = all_at_once(*(Coupon.objects.get(pk=coupon.pk).check_in for coupon in found))
    assert not faults(outcomes)
    assert sorted(Coupon.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_one_ticket_checked_in_twice_at_once_has_one_number(soon, fly):
    (coupon,) = coupons(fly(on=[soon]))
    outcomes = all_at_once(*(Coupon.objects.get(pk=coupon.pk).check_in for _browser in range(4)))
    assert len(faults(outcomes, IllegalMove)) == 3
    soon.refresh_from_db()
    assert soon.last_sequence == 1


def test_a_booking_that_has_just_moved_to_another_flight_is_read_again(soon, make_inventory, fly):
    """The lock that was taken is that of the former flight: numbers of the new one are not given under it."""
    (coupon,) = coupons(fly(on=[soon]))
    assert coupon.segment.inventory_id == soon.pk
    type(coupon.segment).objects.filter(pk=coupon.segment_id).update(
        inventory=make_inventory(minutes=6 * HOURS, number="23")
    )
    with pytest.raises(Refused, match="other flights now"):
        coupon.check_in()
