"""Two customers go from one flight to the other at the same moment: neither waits for the other for ever."""

from uuid import uuid4

import pytest

from bookings.seats.models import Full, Refused, State
from strangers import Asker
from tests.races import all_at_once, answers_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_swap_their_flights_at_once(hold_seats, make_inventory, fares):
    one, other = make_inventory(number="1"), make_inventory(number="2")
    askers = Asker("here", "first"), Asker("here", "second")
    for _round in range(5):
        first, second = hold_seats(on=[one], asker=askers[0]), hold_seats(on=[other], asker=askers[1])
        answers_at_once(
            lambda: hold_seats(on=[other], asker=askers[0]),
            lambda: hold_seats(on=[one], asker=askers[1]),
        )
        for former in (first, second):
            former.refresh_from_db()
            assert former.state == State.CANCELLED
        assert [inventory.ledger().held for inventory in (one, other)] == [1, 1]


def test_the_same_form_sent_twice_at_once_makes_one_hold(hold_seats, inventory):
    key = uuid4()
    one, other = answers_at_once(lambda: hold_seats(key=key), lambda: hold_seats(key=key))
    assert one == other and inventory.ledger().held == 1


def test_a_last_seat_is_held_once(hold_seats, inventory):
    free = sorted(inventory.free("economy"))
    inventory.block(free[1:], "crew")
    outcomes = all_at_once(*[lambda: hold_seats(family="flex")] * 6)
    assert len(faults(outcomes, Refused)) == 5 and all(isinstance(fault, Full) for fault in faults(outcomes))
    assert inventory.ledger().held == 1
