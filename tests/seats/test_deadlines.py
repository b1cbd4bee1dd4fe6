"""What is not paid in time lapses: its seats are free, its passengers are told once, and what was paid goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.seats.models import Booking, State, TooLate
from bookings.seats.models.deadlines import lapse_unpaid
from bookings.seats.models.following import follow_flights
from checkout.models import Payment, Refund
from post.models import Message
from tests.paying import come

DAY = 24 * 60
PAST = timedelta(seconds=1)


@pytest.fixture
def first(make_inventory):
    return make_inventory(number="1", minutes=3 * DAY)


@pytest.fixture
def second(make_inventory):
    return make_inventory(number="2", minutes=4 * DAY)


@pytest.fixture
def changed(book_flight, first, second):
    """Booked, paid through checkout, and on another flight whose difference is to be paid."""

    def make(*names, family="standard", onto=second):
        booking = book_flight(*names, on=[first], family=family)
        come(Payment.objects.begin(booking))
        booking.refresh_from_db()
        now = timezone.now()
        owed = booking.price_on([onto], now).quote.total.amount + booking.change_fee(now) - booking.worth()
        booking.change_to([onto.pk], owed)
        return booking

    return make


def mails():
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


# A booking


def test_a_booking_that_is_not_paid_is_told_once(book_flight, inventory, time_machine, assert_published):
    booking = book_flight()
    assert lapse_unpaid(timezone.now()) == 0
    time_machine.move_to(booking.pay_until + PAST)
    before = len(mails())
    with assert_published(f"flight-booking-{booking.pk}"):
        assert lapse_unpaid(timezone.now()) == 1
    assert lapse_unpaid(timezone.now()) == 0
    subject, body = mails()[before:], Message.objects.latest("pk").body
    assert subject == [f"Not paid in time: New York to Boston, {booking.reference}"]
    assert "you owe nothing" in body and "B6 1010" in body


def test_who_paid_released_or_only_held_hears_nothing(book_flight, fly, hold_seats, time_machine):
    fly("Ada Lovelace"), hold_seats()
    gone = book_flight("Bea Stone")
    gone.cancel()
    before = len(mails())
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert lapse_unpaid(timezone.now()) == 0 and len(mails()) == before


def test_nothing_lapses_before_its_deadline(book_flight, time_machine):
    booking = book_flight()
    time_machine.move_to(booking.pay_until - PAST)
    with pytest.raises(TooLate):
        booking.lapse()


def test_money_after_the_mail_still_gets_the_seats(book_flight, inventory, time_machine):
    booking = book_flight()
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.pay_until + PAST)
    lapse_unpaid(timezone.now())
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and booking.lapsed_at is None and inventory.ledger().sold == 1
    assert mails()[-1].startswith("Confirmed")


def test_one_that_fails_does_not_keep_the_others_from_hearing(book_flight, time_machine, monkeypatch):
    broken, fine = book_flight("Ada Lovelace"), book_flight("Bea Stone")
    time_machine.move_to(fine.pay_until + PAST)
    lapse = Booking.lapse
    monkeypatch.setattr(Booking, "lapse", lambda self: 1 / 0 if self.pk == broken.pk else lapse(self))
    with pytest.raises(ExceptionGroup):
        lapse_unpaid(timezone.now())
    assert Message.objects.latest("pk").about_key == str(fine.pk)


# The difference of a change


def test_a_difference_has_a_deadline_that_is_shown(client, changed, second):
    booking = changed("Ada Lovelace", "Bea Lovelace")
    assert booking.pay_until - timezone.now() <= timedelta(minutes=30)
    assert (second.ledger().sold, second.ledger().held) == (0, 2)
    page = client.get(f"/fly/trips/{booking.token}/").text
    assert "for your change until" in page and f"/fly/pay/{booking.token}/" in page
    assert "Pay the difference for your change until" in client.get(f"/fly/pay/{booking.token}/").text
    assert "After that the booking is cancelled" in Message.objects.latest("pk").body


def test_a_week_ahead_there_is_a_day(changed, make_inventory):
    booking = changed(onto=make_inventory(number="3", minutes=9 * DAY))
    assert booking.pay_until - timezone.now() > timedelta(hours=23)


def test_once_it_is_paid_there_is_none(changed, second, time_machine):
    booking = changed()
    come(Payment.objects.begin(booking))
    booking.refresh_from_db()
    assert booking.pay_until is None and second.ledger().sold == 1
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert lapse_unpaid(timezone.now()) == 0 and booking.is_made


def test_a_difference_that_is_not_paid_frees_the_seats_and_gives_back_by_the_terms(changed, second, time_machine):
    booking = changed(family="standard")
    paid, back = booking.charged, booking.settlement(booking.party_members(), timezone.now()).back
    time_machine.move_to(booking.pay_until, tick=False)
    assert second.ledger().held == 0 and not booking.is_made
    assert lapse_unpaid(timezone.now()) == 1
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED and not booking.due
    assert sum(Refund.objects.values_list("amount", flat=True)) == back.amount == paid - booking.charged
    assert 0 < back.amount < paid
    assert str(back) in Message.objects.latest("pk").body
    assert lapse_unpaid(timezone.now()) == 0


def test_all_comes_back_if_the_new_flight_is_cancelled_meanwhile(changed, second, time_machine):
    booking = changed(family="standard")
    paid = booking.charged
    time_machine.move_to(booking.pay_until)
    second.flight.cancel()
    lapse_unpaid(timezone.now())
    assert sum(Refund.objects.values_list("amount", flat=True)) == paid


def test_late_money_gets_the_seats_while_they_are_free_and_goes_back_once_it_is_cancelled(
    changed, second, time_machine
):
    booking = changed()
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.pay_until + PAST)
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and second.ledger().sold == 1 and booking.pay_until is None
    other = changed("Bea Stone")
    late = Payment.objects.begin(other)
    time_machine.move_to(other.pay_until + PAST)
    lapse_unpaid(timezone.now())
    before = sum(Refund.objects.filter(payment=late).values_list("amount", flat=True))
    come(late)
    assert sum(Refund.objects.filter(payment=late).values_list("amount", flat=True)) - before == late.amount


def test_another_change_does_not_put_it_off(changed, make_inventory, time_machine):
    booking = changed()
    until = booking.pay_until
    time_machine.move_to(until - timedelta(minutes=2))
    third = make_inventory(number="3", minutes=5 * DAY)
    now = timezone.now()
    owed = booking.price_on([third], now).quote.total.amount + booking.change_fee(now) - booking.worth()
    booking.change_to([third.pk], owed)
    assert booking.pay_until == until


def test_after_it_nobody_changes_any_more(changed, first, time_machine):
    booking = changed()
    time_machine.move_to(booking.pay_until + PAST)
    with pytest.raises(TooLate):
        booking.change_to([first.pk], 0)


def test_who_cancels_a_part_and_owes_nothing_has_no_deadline(changed, second, time_machine):
    booking = changed("Ada Lovelace", "Bea Lovelace")
    booking.cancel([booking.party_members()[0].pk])
    assert (booking.due > 0) == (booking.pay_until is not None)
    booking.settle_change()
    assert booking.pay_until is None and second.ledger().sold == 1


def test_a_flight_that_changes_after_the_deadline_is_no_news(changed, second, time_machine):
    booking = changed()
    time_machine.move_to(booking.pay_until + PAST)
    second.flight.cancel()
    before = len(mails())
    assert follow_flights(timezone.now()) == 0 and len(mails()) == before
