"""At the gate: who has a valid pass boards once, and everybody else is told why not."""

from dataclasses import replace

import pytest

from bookings.seats.gate.outcomes import Outcome
from bookings.seats.gate.scanning import scan
from bookings.seats.models import Coupon, Status
from bookings.seats.passes.bcbp import encode
from tests.races import all_at_once, faults

HOURS = 60


def coupons(booking):
    return list(Coupon.objects.filter(segment__booking=booking).order_by("traveller__position"))


@pytest.fixture
def soon(make_inventory):
    return make_inventory(minutes=2 * HOURS, gate="B22")


@pytest.fixture
def ada(soon, fly):
    """Her ticket, checked in."""
    (coupon,) = coupons(fly("Ada Lovelace", on=[soon]))
    return coupon.check_in()


def code(coupon, **changes):
    return encode(replace(coupon.boarding_pass(), **changes))


def test_a_valid_pass_boards(soon, ada, gina, assert_published):
    with assert_published(f"seats-{soon.pk}", f"flight-booking-{ada.segment.booking_id}"):
        answer = scan(soon, code(ada), "B22", gina)
    assert (answer.outcome, answer.coupon, answer.status) == (Outcome.BOARDED, ada, 200)
    ada.refresh_from_db()
    assert (ada.status, ada.boarded_gate) == (Status.BOARDED, "B22") and ada.boarded_at
    assert set(ada.changes.filter(verb="board").values_list("by", flat=True)) == {gina.pk}


def test_the_same_pass_again_says_when_and_where_the_first_was(soon, ada, time_machine):
    scan(soon, code(ada), "B22")
    ada.refresh_from_db()
    here = ada.boarded_at.astimezone(soon.flight.origin.tz)
    answer = scan(soon, code(ada), "B24")
    assert (answer.outcome, answer.status) == (Outcome.ALREADY, 409)
    assert answer.text == f"This pass was used at {here:%H:%M} at gate B22."
    ada.refresh_from_db()
    assert ada.boarded_gate == "B22"


@pytest.mark.parametrize("wrong", [{"seat": "1A"}, {"seat": ""}, {"sequence": 77}, {"cabin": "J", "seat": "2A"}])
def test_a_pass_with_something_else_than_the_ticket_is_forged(soon, ada, wrong):
    assert scan(soon, code(ada, **wrong)).outcome == Outcome.FORGED
    assert Coupon.objects.get().status == Status.CHECKED_IN


@pytest.mark.parametrize("wrong", [{"name": "BABBAGE/CHARLES"}, {"reference": "ZZZZZZ"}])
def test_a_pass_of_nobody_is_forged(soon, ada, wrong):
    answer = scan(soon, code(ada, **wrong))
    assert answer.outcome == Outcome.FORGED and answer.coupon is None


@pytest.mark.parametrize("wrong", [{"number": 11}, {"carrier": "UA"}, {"origin": "BOS"}, {"day": 100}, {"suffix": "A"}])
def test_a_pass_for_another_flight(soon, ada, wrong):
    answer = scan(soon, code(ada, **wrong))
    assert answer.outcome == Outcome.WRONG_FLIGHT
    assert answer.text.startswith("The pass is for ")


def test_who_is_at_the_wrong_gate_is_told_where_to_go(soon, make_inventory, ada):
    other = make_inventory(minutes=3 * HOURS, number="22", gate="C4")
    answer = scan(other, code(ada))
    assert (
        answer.outcome == Outcome.WRONG_FLIGHT
        and "B6 1010 from JFK to BOS" in answer.text
        and "gate B22" in answer.text
    )


def test_a_pass_for_two_flights_boards_on_the_one_that_it_is_for(soon, ada):
    own = code(ada)
    other = f"M2{own[2:23]}ABC123 YULFRAAC 0834 326J001A0025 100{own[23:]}"
    assert scan(soon, other).outcome == Outcome.BOARDED


def test_who_has_not_checked_in(soon, ada):
    pass_before = code(ada)
    ada.undo_check_in()
    answer = scan(soon, pass_before)
    assert answer.outcome == Outcome.NOT_CHECKED_IN and "has not checked in" in answer.text


def test_an_old_pass_after_checking_in_again(soon, ada):
    old = code(ada)
    ada.undo_check_in()
    ada.check_in()
    answer = scan(soon, old)
    assert answer.outcome == Outcome.OUTDATED and "newer pass" in answer.text
    assert scan(soon, code(ada)).outcome == Outcome.BOARDED


def test_a_pass_whose_seat_has_moved_says_the_new_seat(soon, ada):
    old, seat = code(ada), ada.seat
    free = sorted(soon.free("economy"))[0]
    ada.segment.booking.move({ada.pk: free})
    answer = scan(soon, old)
    assert answer.outcome == Outcome.OUTDATED
    assert answer.text == f"The pass says seat {seat}. The seat is now {free}."
    assert scan(soon, code(Coupon.objects.get())).outcome == Outcome.BOARDED


def test_who_was_taken_off_the_flight_or_whose_booking_is_cancelled(soon, ada, fly):
    text = code(ada)
    ada.offload()
    assert scan(soon, text).outcome == Outcome.OFFLOADED
    (alan,) = coupons(fly("Alan Turing", on=[soon]))
    text = code(alan.check_in())
    alan.segment.booking.cancel()
    assert scan(soon, text).outcome == Outcome.CANCELLED


@pytest.mark.parametrize(
    "text", ["", "HELLO WORLD", "https://example.org/?q=M1", "M1", "S1" + "A" * 58, "\u202e", "99999"]
)
def test_what_is_no_pass(soon, ada, text):
    answer = scan(soon, text)
    assert answer.outcome == Outcome.NOT_A_PASS and answer.text.endswith(".")
    assert ("such as 12A" in answer.text) != text.startswith("M")


def test_a_seat_a_sequence_number_and_a_reference_can_be_typed(soon, fly):
    typed = {"seat": lambda one: one.seat.lower(), "sequence": lambda one: str(one.sequence)}
    typed["reference"] = lambda one: f" {one.segment.booking.reference} "
    for name, text in typed.items():
        (coupon,) = coupons(fly(f"Ada {name.title()}", on=[soon]))
        coupon.check_in()
        answer = scan(soon, text(coupon))
        assert (answer.outcome, answer.coupon) == (Outcome.BOARDED, coupon)
    assert scan(soon, "40F").outcome == Outcome.NOBODY


def test_of_several_travellers_the_agent_chooses(soon, fly):
    booking = fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, on=[soon])
    for coupon in coupons(booking):
        coupon.check_in()
    answer = scan(soon, booking.reference)
    assert (answer.outcome, list(answer.choices)) == (Outcome.CHOOSE, coupons(booking))


def test_an_infant_has_a_pass_of_its_own(soon, fly):
    adult, infant = coupons(fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, on=[soon]))
    adult.check_in()
    infant.check_in()
    assert scan(soon, code(infant)).coupon == infant
    assert scan(soon, code(adult)).coupon == adult


def test_nobody_boards_a_flight_that_is_cancelled_or_gone(soon, ada):
    soon.flight.cancel()
    answer = scan(soon, code(ada))
    assert answer.outcome == Outcome.CLOSED and "Cancelled" in answer.text
    assert Coupon.objects.get().status == Status.CHECKED_IN


def test_boarding_is_undone(soon, ada):
    scan(soon, code(ada), "B22")
    ada.undo_boarding()
    assert (ada.status, ada.boarded_at, ada.boarded_gate) == (Status.CHECKED_IN, None, "")
    assert scan(soon, code(ada)).outcome == Outcome.BOARDED


@pytest.mark.django_db(transaction=True)
def test_the_same_pass_at_many_gates_at_once_boards_exactly_once(soon, fly):
    """Taken out: the check of the status under the lock (Coupon.LEGAL), or the lock itself on PostgreSQL."""
    for number in range(4):
        (coupon,) = coupons(fly(f"Ada {'ABCD'[number]}", on=[soon]))
        text = code(coupon.check_in())
        gates = ["B22", "B24", "B26", "B28"]
        answers = all_at_once(*(lambda gate=gate, text=text: scan(soon, text, gate) for gate in gates))
        assert not faults(answers)
        outcomes = [answer.outcome for answer in answers]
        assert outcomes.count(Outcome.BOARDED) == 1 and outcomes.count(Outcome.ALREADY) == 3
        first = gates[outcomes.index(Outcome.BOARDED)]
        assert all(first in answer.text for answer in answers if answer.outcome == Outcome.ALREADY)
        coupon.refresh_from_db()
        assert coupon.boarded_gate == first
        assert coupon.changes.filter(verb="board", field="status").count() == 1
