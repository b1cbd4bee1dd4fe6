"""What customers get by crafted requests, by changing again before they have paid, and by paying late: nothing for nothing."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone
from payments import PaymentStatus

from bookings.seats.fares.quote import Party
from bookings.seats.models import Booking, Full, Refused, State, Status, TooMany, Unfit
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.fares import Tariff
from bookings.seats.models.sitting import apart
from checkout.models import Payment, Refund
from checkout.periodic import settle_payments
from strangers import Asker
from tests.paying import come
from tests.races import all_at_once, faults
from tests.seats.test_trip_money import due, pay, refunds

__all__ = ["pay"]  # a fixture

pytestmark = pytest.mark.django_db

DAY = 24 * 60
HUGE = "9" * 5000


@pytest.fixture
def days(make_inventory):
    """Flights on three days, ten days ahead and later."""
    return [make_inventory(number=str(number), minutes=(10 + number) * DAY) for number in (1, 2, 3)]


# Changes that nobody has paid


def test_a_difference_that_nobody_paid_is_not_given_back(pay, days, dearer):
    first, second, third = days
    booking = pay("Ada Lovelace", on=[first])
    dearer()
    booking.change_to([second.pk], due(booking, second))
    assert booking.due > 0
    Tariff.objects.update(per_mile=F("per_mile") / 2)
    booking.change_to([third.pk], due(booking, third))
    booking.refresh_from_db()
    assert (booking.due, refunds(), booking.charged) == (0, [], booking.total)


def test_a_much_cheaper_flight_gives_back_what_was_paid_for_the_first(pay, days, dearer):
    first, second, third = days
    booking = pay("Ada Lovelace", on=[first])
    paid = booking.total
    for _time in range(3):
        dearer()
    booking.change_to([second.pk], due(booking, second))
    Tariff.objects.update(per_mile=F("per_mile") / 16)
    booking.change_to([third.pk], due(booking, third))
    assert booking.charged == booking.total == paid - sum(refunds())


def test_who_leaves_before_the_difference_is_paid_takes_their_share_of_it_along(pay, days, dearer):
    first, second, _third = days
    booking = pay("Ada Lovelace", "Bea Lovelace", on=[first])
    paid = booking.total
    dearer()
    booking.change_to([second.pk], due(booking, second))
    owed = booking.due
    one, other = booking.party_members()
    booking.cancel([one.pk])
    booking.refresh_from_db()
    assert booking.due == owed // 2 and booking.charged == paid // 2 == sum(refunds())
    booking.cancel([other.pk])
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED and sum(refunds()) == paid and booking.charged == 0


def test_the_free_day_is_not_taken_along_to_a_flight_tomorrow(pay, make_inventory):
    far, soon = make_inventory(number="1", minutes=10 * DAY), make_inventory(number="2", minutes=DAY)
    booking = pay("Ada Lovelace", on=[far], family="basic")
    booking.change_to([soon.pk], due(booking, soon))
    if booking.due:
        come(Payment.objects.begin(booking))
    booking.refresh_from_db()
    assert booking.settlement(booking.party_members(), timezone.now()).back.amount == 0


# Money


@pytest.mark.parametrize("more", ["50.00", "-0.50"])
def test_whatever_has_come_goes_back_whole(book_flight, more):
    booking = book_flight()
    payment = Payment.objects.begin(booking)
    payment.captured_amount = payment.total + Decimal(more)
    payment.save(update_fields=["captured_amount"])
    payment.change_status(PaymentStatus.CONFIRMED)
    assert Refund.objects.get().money.units == payment.captured_amount


def test_a_second_payment_is_given_back_once(book_flight):
    booking = book_flight()
    first = Payment.objects.begin(booking)
    first.give_up()
    second = Payment.objects.begin(booking)
    come(first)
    Payment.objects.filter(pk=second.pk).update(status=PaymentStatus.CONFIRMED, captured_amount=second.total)
    booking.refresh_from_db()
    booking.cancel(accepted=booking.total)
    settle_payments()
    assert [Refund.objects.of(payment) for payment in Payment.objects.all()] == [first.amount, second.amount]


@pytest.mark.parametrize("end", ["left", "cancelled"])
def test_late_money_buys_no_flight_that_is_gone(book_flight, make_inventory, time_machine, end):
    soon = make_inventory(number="1", minutes=600)
    booking = book_flight(on=[soon])
    payment = Payment.objects.begin(booking)
    if end == "left":  # and no feed has said so
        time_machine.move_to(soon.flight.off_block_scheduled + timedelta(hours=3))
    else:
        time_machine.move_to(booking.expires_at + timedelta(minutes=1))
        soon.flight.cancel()
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.BOOKED and refunds() == [payment.amount]


def test_late_money_for_a_chosen_seat_that_is_gone_goes_back(hold_seats, inventory, time_machine):
    booking = hold_seats(family="standard")
    [coupon] = booking.coupons()
    chosen = next(code for code in ("10A", "11A", "13A") if code in inventory.free("economy"))
    booking.choose({coupon.pk: chosen})
    assert booking.lines.filter(code="seat").exists()
    booking.book([Passenger("Ada", "Lovelace")], "ada@example.org", accepted=booking.total)
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.expires_at + timedelta(minutes=1))
    inventory.block([chosen], "crew")
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.BOOKED and refunds() == [payment.amount]


def test_a_page_of_before_takes_no_money_at_the_old_price(client, book_flight, time_machine):
    booking = book_flight(later=True)
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.price_until + timedelta(minutes=1))
    client.post(payment.get_absolute_url(), {"status": "confirmed"})
    booking.refresh_from_db()
    assert booking.state == State.BOOKED


def test_a_cancelled_booking_asks_for_no_money(client, book_flight):
    booking = book_flight()
    payment = Payment.objects.begin(booking)
    booking.cancel()
    assert client.get(payment.get_absolute_url()).status_code == 302
    payment.refresh_from_db()
    assert not payment.is_open


@pytest.mark.parametrize("verb", ["cancel", "change"])
def test_after_the_departure_it_is_too_late_also_where_no_feed_has_said_so(pay, make_inventory, time_machine, verb):
    gone, other = make_inventory(number="1", minutes=3 * DAY), make_inventory(number="2", minutes=20 * DAY)
    booking = pay("Ada Lovelace", on=[gone], family="flex")
    time_machine.move_to(timezone.now() + timedelta(days=4))
    with pytest.raises(Refused):
        booking.cancel() if verb == "cancel" else booking.change_to([other.pk], 0)
    assert not refunds()


# Seats


def test_no_search_connects_flights_with_five_minutes_between(hold_seats, make_inventory):
    first = make_inventory(number="1", minutes=20 * DAY)
    onward = make_inventory(number="2", minutes=20 * DAY + 80, origin="BOS", destination="SFO", miles=2700)
    with pytest.raises(Unfit, match="do not connect"):
        hold_seats(on=[first, onward], family="basic")


def test_nobody_holds_three_flights_or_waits_for_days(hold_seats, make_inventory):
    first = make_inventory(number="1", minutes=11 * DAY)
    onward = make_inventory(number="2", minutes=13 * DAY, origin="BOS", destination="SFO", miles=2700)
    third = make_inventory(number="3", minutes=15 * DAY, origin="SFO", destination="JFK", miles=2700)
    for flights in ([first, onward], [first, onward, third]):
        with pytest.raises(Unfit, match="do not connect"):
            hold_seats(on=flights)


def test_an_infant_on_a_lap_gets_no_seat(client, fly, inventory):
    booking = fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, family="flex")
    infant = booking.coupons().get(traveller__kind="infant_lap")
    seat = sorted(inventory.free("economy"))[-1]
    for verb in (booking.choose, booking.move):
        with pytest.raises(Unfit):
            verb({infant.pk: seat})
    answer = client.post(f"/fly/hold/{booking.token}/seats/0/", {"pairs": f"{infant.pk}:{seat}"})
    assert answer.status_code < 500 and inventory.ledger().sold == 1


def test_one_address_blocks_a_share_of_a_cabin_also_with_bookings_to_be_paid_later(fares, inventory):
    def hold():
        asker = Asker("address", "browser")
        return Booking.objects.hold([inventory.pk], "economy", "flex", Party(9), key=uuid4(), asker=asker)

    for _time in range(3):
        booking = hold()
        booking.book([Passenger("A", "B")] * 9, "a@example.org", accepted=booking.total, later=True)
    with pytest.raises(TooMany):
        hold()
    assert inventory.ledger().held == 27


def test_two_browsers_with_one_key_have_no_common_booking(fares, inventory):
    key = uuid4()
    Booking.objects.hold([inventory.pk], "economy", "flex", Party(), key=key, asker=Asker("here", "first"))
    with pytest.raises(Refused):
        Booking.objects.hold([inventory.pk], "economy", "flex", Party(), key=key, asker=Asker("here", "second"))


def test_one_adult_looks_after_two_infants_at_most(hold_seats):
    with pytest.raises(Refused, match="infants"):
        hold_seats(adults=1, infants_seated=3)


def test_who_needs_help_is_not_moved_to_an_exit(fly, days):
    first, second, _third = days
    exits = {seat.code for seat in second.plan.in_cabin("economy") if seat.is_exit}
    booking = fly("Ada Lovelace", on=[first], family="flex")
    booking.travellers.update(needs_help=True)
    second.block(sorted(second.free("economy") - exits), "crew")
    with pytest.raises(Full):
        booking.change_to([second.pk], due(booking, second))


def test_a_child_whose_neighbour_stays_at_home_sits_beside_another_adult(fly, inventory):
    booking = fly("Ada L", "Bea L", "Cleo L", "Mia L", children=1, family="flex")
    [segment] = booking.segments.all()
    child = booking.coupons().get(traveller__kind="child")
    beside = set(inventory.plan.neighbours(child.seat))
    leaving = [coupon.traveller_id for coupon in booking.coupons() if coupon.seat in beside]
    booking.cancel(leaving)
    assert not apart(inventory.plan, booking.sitting(segment, {}))


# Check-in and boarding


@pytest.fixture
def with_infant(fly, make_inventory):
    soon = make_inventory(number="1", minutes=600)
    booking = fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, on=[soon])
    adult, infant = booking.coupons().order_by("traveller__position")
    adult.check_in()
    infant.check_in()
    return adult, infant


def test_an_infant_is_checked_in_as_long_as_its_adult(with_infant):
    adult, infant = with_infant
    adult.undo_check_in()
    infant.refresh_from_db()
    assert infant.status == Status.ISSUED


def test_an_infant_boards_after_its_adult(with_infant):
    _adult, infant = with_infant
    with pytest.raises(Refused):
        infant.board()


def test_nobody_checks_in_without_a_seat(fly, make_inventory):
    booking = fly("Ada Lovelace", on=[make_inventory(number="1", minutes=600)])
    booking.assignments().delete()
    with pytest.raises(Refused, match="no seat"):
        booking.coupons().get().check_in()


def test_whom_staff_took_off_does_not_travel_on_another_flight(pay, make_inventory, sally):
    first, other = make_inventory(number="1", minutes=600), make_inventory(number="2", minutes=9000)
    booking = pay("Ada Lovelace", on=[first], family="flex")
    booking.coupons().get().offload("security", by=sally)
    booking.change_to([other.pk], due(booking, other))
    assert booking.coupons().get().status == Status.OFFLOADED and other.ledger().sold == 0


# Numbers


@pytest.mark.parametrize("number", [HUGE, "9" * 30, "9" * 19, "-1", "٣", ""])
def test_no_number_is_too_large_for_a_sentence(client, book_flight, hold_seats, inventory, time_machine, number):
    held, booking = hold_seats(), book_flight(later=True)
    time_machine.move_to(booking.price_until + timedelta(minutes=1))
    offer = {"cabin": "economy", "family": "flex", "adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0}
    for path, fields in {
        f"/fly/pay/{booking.token}/": {"accepted": number},
        f"/fly/trips/{booking.token}/cancel/": {"accepted": number, "traveller": number},
        f"/fly/hold/{held.token}/": {"accepted": number, "given-0": "A", "email": "a@example.org", "pay": "now"},
        f"/fly/hold/{held.token}/seats/0/": {"pairs": f"{number}:12A"},
        "/fly/offers/": {**offer, "legs": number, "total": number, "key": uuid4()},
    }.items():
        assert client.post(path, fields).status_code < 500, path
    assert client.get(f"/fly/trips/{booking.token}/cancel/", {"traveller": number}).status_code < 500


# Two at once


@pytest.mark.django_db(transaction=True)
def test_rebooked_and_paid_at_the_same_moment_nobody_waits_for_ever(book_flight, make_inventory, bob):
    there, here = make_inventory(number="1", minutes=9000), make_inventory(number="2", minutes=9500)
    for _round in range(8):
        booking = book_flight("Ada Lovelace", on=[here])
        payment = Payment.objects.begin(booking)
        calls = [lambda booking=booking: Booking.objects.get(pk=booking.pk).rebook_onto([there.pk], by=bob)] * 2
        ends = all_at_once(*calls, lambda payment=payment: come(Payment.objects.get(pk=payment.pk)))
        assert all(isinstance(fault, Refused) for fault in faults(ends)), ends


@pytest.mark.django_db(transaction=True)
def test_staff_who_move_bookings_round_in_a_circle_wait_for_nobody(fly, make_inventory, bob):
    flights = [make_inventory(number=str(number), minutes=12000 + 100 * number) for number in range(3)]
    bookings = [fly(f"P{number} L", on=[flights[number]], family="flex").pk for number in range(3)]
    for turn in range(8):
        calls = [
            lambda key=key, to=flights[(place + turn + step) % 3].pk: Booking.objects.get(pk=key).rebook_onto(
                [to], by=bob
            )
            for place, key in enumerate(bookings)
            for step in (1, 2)
        ]
        ends = all_at_once(*calls)
        assert all(isinstance(fault, Refused) for fault in faults(ends)), ends
