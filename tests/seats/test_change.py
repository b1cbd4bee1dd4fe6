"""Another flight, by the terms of the fare: one price that is accepted, and seats that are never lost in between."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.seats.models import Full, PriceChanged, Status, TooLate, Unfit

DAY = 24 * 60


@pytest.fixture
def first(make_inventory):
    return make_inventory(number="1", minutes=3 * DAY)


@pytest.fixture
def second(make_inventory):
    return make_inventory(number="2", minutes=4 * DAY)


def due(booking, inventory):
    now = timezone.now()
    return booking.price_on([inventory], now).quote.total.amount + booking.change_fee(now) - booking.worth()


def test_the_fee_and_the_difference_are_owed_and_the_seats_change_at_once(fly, first, second):
    booking = fly("Ada Lovelace", "Bea Lovelace", on=[first])
    paid, owed = booking.charged, due(booking, second)
    assert owed == 2 * booking.terms["change_fee"]  # the fares of both are the same
    booking.change_to([second.pk], owed)
    assert first.ledger().sold == 0 and second.ledger().held == 2
    assert booking.total == paid + owed and booking.due == owed
    assert sum(booking.lines.filter(is_replaced=False).values_list("amount", flat=True)) == booking.total
    booking.settle_change()
    assert booking.due == 0 and booking.charged == booking.total and second.ledger().sold == 2


def test_a_cheaper_flight_gives_the_difference_back_line_by_line(fly, make_inventory, first):
    near = make_inventory(number="2", minutes=4 * DAY, miles=20)
    booking = fly(on=[first], family="flex")
    paid, owed = booking.charged, due(booking, near)
    assert owed < 0
    booking.change_to([near.pk], owed)
    assert booking.charged == paid + owed == booking.total
    assert sum(booking.lines.filter(is_replaced=True).values_list("refunded", flat=True)) == -owed


def test_a_difference_that_is_not_paid_does_not_come_back(fly, make_inventory, first):
    far = make_inventory(number="4", minutes=5 * DAY, miles=400)
    booking = fly(on=[first], family="flex")
    booking.change_to([far.pk], due(booking, far))
    paid = booking.charged
    assert booking.due > 0
    booking.cancel()
    assert booking.charged == 0 and sum(booking.lines.values_list("refunded", flat=True)) == paid


def test_another_price_than_the_accepted_one_changes_nothing(fly, first, second):
    booking = fly(on=[first])
    with pytest.raises(PriceChanged):
        booking.change_to([second.pk], due(booking, second) - 1)
    assert first.ledger().sold == 1 and second.ledger().sold == 0 and booking.due == 0


def test_a_fare_without_changes_is_refused_unless_it_is_free_still(fly, make_inventory, first, second):
    booking = fly(on=[first], family="basic")
    with pytest.raises(TooLate):
        booking.change_to([second.pk], 0)
    far, further = make_inventory(number="8", minutes=9 * DAY), make_inventory(number="9", minutes=10 * DAY)
    free = fly("Bea Stone", on=[far], family="basic")
    free.change_to([further.pk], due(free, further))
    assert free.due == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)), pytest.raises(TooLate):
        free.change_to([far.pk], 0)


def test_a_full_flight_keeps_the_old_seats(fly, first, second):
    booking = fly(on=[first], family="flex")
    second.block(sorted(second.free("economy")), "crew")
    with pytest.raises(Full):
        booking.change_to([second.pk], 0)
    assert first.ledger().sold == 1


def test_other_airports_are_another_booking(fly, make_inventory, first):
    booking = fly(on=[first])
    with pytest.raises(Unfit):
        booking.change_to([make_inventory(number="7", destination="SFO", minutes=4 * DAY).pk], 0)


def test_a_direct_flight_becomes_two_and_back(fly, make_inventory, first):
    out = make_inventory(number="11", destination="SFO", minutes=4 * DAY)
    on = make_inventory(number="12", origin="SFO", minutes=4 * DAY + 300)
    booking = fly("Ada Lovelace", "Tom Lovelace", infants_lap=1, on=[first], family="flex")
    now = timezone.now()
    owed = booking.price_on([out, on], now).quote.total.amount - booking.worth()
    booking.change_to([out.pk, on.pk], owed)
    assert booking.segments.count() == 2 and booking.coupons().count() == 4
    assert (first.ledger().sold, out.ledger().held, on.ledger().held, on.ledger().infants) == (0, 1, 1, 1)
    back = booking.price_on([first], now).quote.total.amount - booking.worth()
    booking.change_to([first.pk], back)
    assert (first.ledger().sold, out.ledger().sold, on.ledger().sold) == (1, 0, 0)
    assert set(booking.coupons().values_list("status", flat=True)) == {Status.ISSUED}
