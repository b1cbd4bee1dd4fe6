"""Many at the same moment: no seat is given twice, nothing is booked twice, and who loses is told. On both databases."""

from uuid import uuid4

import pytest
from django.test import Client

from bookings.seats.models import Assignment, Booking, Full, IllegalMove, Refused, SeatTaken, State
from bookings.seats.models.customer_verbs import Passenger
from tests.races import all_at_once, answers_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6
ANA = [Passenger("Ana", "Ortiz")]


def adds_up(inventory):
    ledger = inventory.ledger()
    assert ledger.sold + ledger.held + ledger.blocked + ledger.free == ledger.seats
    return ledger


def fresh(booking):
    return Booking.objects.get(pk=booking.pk)


def test_of_many_who_choose_one_seat_one_has_it_and_the_others_are_offered_the_nearest(hold_seats, inventory):
    held = [hold_seats(family="flex") for _one in range(MANY)]
    coupons = [booking.coupons().get().pk for booking in held]
    calls = [lambda pair=pair: fresh(pair[0]).choose({pair[1]: "20A"}) for pair in zip(held, coupons, strict=True)]
    outcomes = all_at_once(*calls)
    lost = faults(outcomes)
    assert len(lost) == MANY - 1 and all(isinstance(fault, SeatTaken) for fault in lost)
    assert all(fault.seat == "20A" and fault.nearest[:3] == ["20F", "19A", "21A"] for fault in lost)
    assert Assignment.objects.filter(seat="20A").count() == 1 and adds_up(inventory).held == MANY


def test_of_many_who_hold_the_last_two_seats_two_have_them(hold_seats, inventory):
    inventory.block(sorted(inventory.free("economy"))[2:], "crew")
    outcomes = all_at_once(*[lambda: hold_seats(family="flex")] * MANY)
    assert len(faults(outcomes, Full)) == MANY - 2 and not faults(outcomes, IllegalMove)
    assert adds_up(inventory).held == 2


def test_one_form_sent_many_times_at_once_is_one_booking(hold_seats, inventory):
    held = hold_seats()
    book = [lambda: fresh(held).book(ANA, "ana@example.org", accepted=held.total)] * MANY
    outcomes = all_at_once(*book)
    assert len(faults(outcomes, IllegalMove)) == MANY - 1  # the view leads them to the booking that was made
    assert fresh(held).changes.filter(verb="book", field="state").count() == 1
    assert adds_up(inventory).held == 1


def test_one_form_sent_many_times_at_once_over_http(hold_seats):
    held = hold_seats()
    fields = {"given-0": "Ana", "email": "ana@example.org", "pay": "now", "accepted": held.total}
    post = [lambda: Client().post(f"/fly/hold/{held.token}/", fields)] * 3
    answers = answers_at_once(*post)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1 and Booking.objects.count() == 1


def test_who_renews_and_who_takes_the_seat_at_the_same_moment(hold_seats, inventory, time_machine):
    held = hold_seats()
    seat = held.coupons().get().seat
    others = hold_seats(family="flex")
    time_machine.move_to(others.expires_at)
    others.renew()
    coupon = others.coupons().get().pk
    all_at_once(lambda: fresh(held).renew(), lambda: fresh(others).choose({coupon: seat}))
    assert Assignment.objects.filter(seat=seat).current().count() == 1
    ledger = adds_up(inventory)
    assert ledger.held == 2
    assert len({coupon.seat for coupon in [*fresh(held).coupons(), *fresh(others).coupons()]}) == 2


def test_two_who_exchange_seats_within_their_bookings_at_once(hold_seats, inventory):
    held = [hold_seats(adults=2) for _one in range(3)]

    def swap(booking):
        first, second = booking.coupons().order_by("traveller__position")
        return fresh(booking).choose({first.pk: second.seat, second.pk: first.seat})

    answers_at_once(*[lambda booking=booking: swap(booking) for booking in held])
    assert adds_up(inventory).held == 6


def test_staff_block_a_row_while_customers_hold(hold_seats, inventory):
    row = [seat.code for seat in inventory.plan.in_cabin("economy") if seat.row == 3]
    outcomes = all_at_once(lambda: inventory.block(row), *[lambda: hold_seats(adults=2)] * 3)
    assert all(isinstance(fault, (SeatTaken, Refused)) for fault in faults(outcomes))
    adds_up(inventory)


def test_one_key_held_and_released_at_once(hold_seats, inventory):
    held = hold_seats(key=uuid4())
    outcomes = all_at_once(
        lambda: fresh(held).release(), lambda: fresh(held).book(ANA, "ana@example.org", accepted=held.total)
    )
    assert len(faults(outcomes, IllegalMove)) == 1
    state = fresh(held).state
    assert adds_up(inventory).held == (1 if state == State.BOOKED else 0)
