"""What a cancellation gives back: by the frozen terms, of what was charged, to the unit."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.seats.models import Booking, NotTogether, PriceChanged, State, Status, TooLate, Unfit
from bookings.seats.models.customer_verbs import FAR_AHEAD

THREE_DAYS = 3 * 24 * 60


@pytest.fixture
def soon(make_inventory):
    """A flight in three days: nothing is free of charge."""
    return make_inventory(number="33", minutes=THREE_DAYS)


def backs(booking):
    return sum(booking.lines.values_list("refunded", flat=True))


def test_within_a_day_of_booking_a_week_ahead_everything_comes_back_whatever_the_fare(fly):
    booking = fly(family="basic")
    paid = booking.charged
    assert paid == booking.total and booking.free_until
    booking.cancel(accepted=paid)
    assert booking.state == State.CANCELLED and booking.charged == 0 and backs(booking) == paid


def test_a_day_later_the_terms_of_the_fare_decide(fly):
    booking = fly(family="basic")
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert booking.departs - timezone.now() > FAR_AHEAD
        booking.cancel(accepted=0)
    assert booking.charged == booking.total and backs(booking) == 0


def test_the_fee_is_kept_once_for_each_traveller_and_never_more_than_was_charged(fly, soon):
    booking = fly("Ada Lovelace", "Bea Lovelace", "Tom Lovelace", infants_lap=1, on=[soon], family="standard")
    paid, fee = booking.charged, booking.terms["refund_fee"]
    infant = sum(line.amount for line in booking.lines.filter(traveller__kind="infant_lap"))
    assert 0 < infant < fee
    booking.cancel()
    assert paid - booking.charged == backs(booking) == paid - 2 * fee - infant


@pytest.mark.parametrize("rate", [0, 1, 3333, 5000, 7777, 9999, 10_000])
@pytest.mark.parametrize("adults", [1, 3])
def test_what_comes_back_and_what_is_kept_are_what_was_paid(fly, soon, rate, adults):
    booking = fly(*[f"Ada Lovelace{number}" for number in range(adults)], on=[soon])
    Booking.objects.filter(pk=booking.pk).update(terms={**booking.terms, "refund_rate": rate, "refund_fee": 7})
    booking.refresh_from_db()
    found = booking.settlement(booking.party_members(), timezone.now())
    assert found.back.amount + found.kept.amount == booking.charged
    assert all(part.back + part.kept == part.line.amount for part in found.parts)


def test_one_after_the_other_gives_the_same_as_all_at_once(fly, soon):
    booking = fly("Ada Lovelace", "Bea Lovelace", on=[soon])
    found = booking.settlement(booking.party_members(), timezone.now())
    first, second = booking.party_members()
    booking.cancel([first.pk])
    assert booking.state == State.CONFIRMED
    booking.cancel([second.pk])
    assert booking.state == State.CANCELLED and backs(booking) == found.back.amount


def test_the_terms_are_those_that_were_booked_and_not_the_ones_of_today(fly, soon, fares):
    from bookings.seats.models.fares import Family

    booking = fly(on=[soon], family="flex")
    Family.objects.update(refund_rate=0)
    assert booking.settlement(booking.party_members(), timezone.now()).back == booking.price


def test_another_amount_than_the_one_that_was_shown_cancels_nothing(fly, soon):
    booking = fly(on=[soon], family="flex")
    with pytest.raises(PriceChanged):
        booking.cancel(accepted=booking.charged - 1)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and booking.charged == booking.total


def test_an_unpaid_booking_gives_nothing_back_and_its_seats_are_free_at_once(book_flight, inventory):
    booking = book_flight()
    assert inventory.ledger().held == 1
    booking.cancel(accepted=0)
    assert booking.state == State.CANCELLED and inventory.ledger().free == inventory.ledger().seats


def test_an_unpaid_booking_in_part_owes_less(book_flight, inventory):
    booking = book_flight("Ada Lovelace", "Bea Lovelace")
    half = sum(booking.lines.filter(traveller=booking.party_members()[0]).values_list("amount", flat=True))
    booking.cancel([booking.party_members()[1].pk])
    assert booking.state == State.BOOKED and booking.total == half and inventory.ledger().held == 1
    booking.confirm()
    assert booking.charged == half


def test_an_infant_goes_with_its_adult(fly, inventory):
    booking = fly("Ada Lovelace", "Bea Lovelace", "Tom Lovelace", infants_lap=1)
    ada, bea, tom = booking.party_members()
    assert tom.adult == ada
    booking.cancel([ada.pk])
    assert booking.party_members() == [bea]
    assert set(booking.coupons().filter(traveller=tom).values_list("status", flat=True)) == {Status.VOID}
    assert inventory.ledger().infants == 0 and inventory.ledger().sold == 1


def test_an_infant_can_stay_at_home_alone(fly, assert_published):
    booking = fly("Ada Lovelace", "Tom Lovelace", infants_lap=1)
    ada, tom = booking.party_members()
    with assert_published(f"flight-booking-{booking.pk}"):
        booking.cancel([tom.pk])
    assert booking.party_members() == [ada] and booking.state == State.CONFIRMED


def test_a_child_is_never_left_without_an_adult(fly):
    booking = fly("Ada Lovelace", "Mia Lovelace", children=1)
    with pytest.raises(NotTogether, match="Mia"):
        booking.cancel([booking.party_members()[0].pk])
    assert len(booking.party_members()) == 2


def test_travellers_of_others_are_refused(fly, make_inventory):
    booking, other = fly(), fly("Bea Stone", on=[make_inventory(number="34")])
    with pytest.raises(Unfit):
        booking.cancel([other.party_members()[0].pk])


def test_it_is_too_late_once_the_flight_has_left(fly, make_inventory):
    soon = make_inventory(number="35", minutes=60)
    booking = fly(on=[soon])
    soon.flight.depart()
    with pytest.raises(TooLate):
        booking.cancel()
