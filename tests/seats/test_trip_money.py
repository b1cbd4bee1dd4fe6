"""What a change or a cancellation moves through checkout: exactly what the page has said."""

import pytest
from django.utils import timezone

from bookings.seats.models import Refused, State
from checkout.models import Payment, Refund
from tests.paying import come

DAY = 24 * 60


@pytest.fixture
def pay(book_flight):
    """Booked and paid through checkout."""

    def make(*names, **options):
        booking = book_flight(*names, **options)
        come(Payment.objects.begin(booking))
        booking.refresh_from_db()
        return booking

    return make


@pytest.fixture
def near(make_inventory):
    return make_inventory(number="1", minutes=3 * DAY)


def due(booking, inventory):
    now = timezone.now()
    return booking.price_on([inventory], now).quote.total.amount + booking.change_fee(now) - booking.worth()


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", flat=True))


def test_a_cancellation_sends_back_what_was_shown(pay, near):
    booking = pay("Ada Lovelace", on=[near])
    found = booking.settlement(booking.party_members(), timezone.now())
    assert 0 < found.back.amount < booking.total
    booking.cancel(accepted=found.back.amount)
    assert refunds() == [found.back.amount]
    assert booking.charged == booking.paid_so_far().amount == found.kept.amount


def test_one_after_the_other_ends_at_exactly_what_was_paid(pay):
    booking = pay("Ada Lovelace", "Bea Lovelace", "Cleo Lovelace")
    for traveller in booking.party_members():
        booking.cancel([traveller.pk])
        assert not booking.amount_due()
    assert sum(refunds()) == booking.total and booking.paid_so_far().amount == 0


def test_the_difference_of_a_change_is_paid_and_not_more(pay, near, make_inventory):
    booking = pay("Ada Lovelace", on=[near])
    other = make_inventory(number="2", minutes=4 * DAY)
    owed = due(booking, other)
    booking.change_to([other.pk], owed)
    assert booking.amount_due().amount == owed > 0
    payment = Payment.objects.begin(booking)
    assert payment.amount == owed
    come(payment)
    booking.refresh_from_db()
    assert not booking.amount_due() and booking.charged == booking.total == booking.paid_so_far().amount
    assert not refunds()


def test_who_owes_a_difference_does_not_check_in(pay, make_inventory):
    soon, other = make_inventory(number="1", minutes=600), make_inventory(number="2", minutes=700)
    booking = pay("Ada Lovelace", on=[soon])
    booking.change_to([other.pk], due(booking, other))
    with pytest.raises(Refused, match="difference"):
        booking.coupons().get().check_in()
    come(Payment.objects.begin(booking))
    assert booking.coupons().get().check_in().sequence == 1


def test_a_cheaper_flight_sends_the_difference_back(pay, near, make_inventory):
    booking = pay("Ada Lovelace", on=[near], family="flex")
    cheaper = make_inventory(number="2", minutes=4 * DAY, miles=20)
    owed = due(booking, cheaper)
    booking.change_to([cheaper.pk], owed)
    assert refunds() == [-owed] and booking.charged == booking.paid_so_far().amount == booking.total


def test_a_cancelled_flight_sends_everything_back_whatever_the_fare(client, pay, near):
    booking = pay("Ada Lovelace", on=[near], family="basic")
    near.flight.cancel()
    client.post(f"/fly/trips/{booking.token}/cancel/", {"accepted": booking.total})
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED and refunds() == [booking.total]


def test_the_fee_of_a_change_counts_towards_no_other_flight_and_does_not_come_back(pay, near, make_inventory):
    booking = pay("Ada Lovelace", on=[near])
    fee = booking.terms["change_fee"]
    assert fee > 0
    for number in ("2", "3"):
        other = make_inventory(number=number, minutes=4 * DAY)
        owed = due(booking, other)
        booking.change_to([other.pk], owed)
        come(Payment.objects.begin(booking))
        booking.refresh_from_db()
    assert booking.charged == booking.total == booking.worth() + 2 * fee
    found = booking.settlement(booking.party_members(), timezone.now())
    assert found.kept.amount == min(2 * fee + booking.terms["refund_fee"], booking.total)
    booking.cancel(accepted=found.back.amount)
    assert sum(refunds()) == found.back.amount and booking.charged == found.kept.amount
