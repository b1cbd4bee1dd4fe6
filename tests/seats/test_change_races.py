"""Several passengers take the last seats of one flight instead of theirs, at the same moment: nobody is left without a seat."""

import pytest

from bookings.seats.models import Booking, Full, Refused, SeatTaken
from tests.races import all_at_once, answers_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_seat_goes_to_one_and_the_others_keep_theirs(fly, make_inventory, bob):
    former, last = make_inventory(number="1", minutes=300), make_inventory(number="2", minutes=600)
    bookings = [fly(f"Ada Lovelace{number}", on=[former]) for number in range(4)]
    last.block(sorted(last.free("economy"))[1:], "crew")
    former.flight.cancel()
    outcomes = all_at_once(
        *[lambda pk=booking.pk: Booking.objects.get(pk=pk).rebook_onto([last.pk]) for booking in bookings]
    )
    assert len(faults(outcomes, Refused)) == 3
    assert all(isinstance(fault, Full | SeatTaken) for fault in faults(outcomes))
    assert (former.ledger().sold, last.ledger().sold) == (3, 1)


def test_two_who_go_in_opposite_directions_do_not_wait_for_each_other(fly, make_inventory, bob):
    one, other = make_inventory(number="1", minutes=3000), make_inventory(number="2", minutes=4000)
    first, second = fly("Ada Lovelace", on=[one], family="flex"), fly("Bea Stone", on=[other], family="flex")
    for _round in range(3):
        answers_at_once(
            lambda there=other.pk: Booking.objects.get(pk=first.pk).rebook_onto([there], by=bob),
            lambda there=one.pk: Booking.objects.get(pk=second.pk).rebook_onto([there], by=bob),
        )
        assert (one.ledger().sold, other.ledger().sold) == (1, 1)
        one, other = other, one


def test_a_cancellation_pressed_twice_gives_back_once(fly, inventory):
    booking = fly()
    outcomes = all_at_once(*[lambda: Booking.objects.get(pk=booking.pk).cancel(accepted=booking.total)] * 3)
    assert len(faults(outcomes, Refused)) == 2
    booking.refresh_from_db()
    assert booking.charged == 0 and sum(booking.lines.values_list("refunded", flat=True)) == booking.total
