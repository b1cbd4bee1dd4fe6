"""Paying a flight booking: two deadlines, one price, and money that comes too late goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.seats.models import State
from checkout.models import Payment, Refund
from tests.paying import come

pytestmark = pytest.mark.django_db


def test_a_paid_booking_has_tickets_and_its_seats_for_ever(book_flight, inventory, time_machine):
    booking = book_flight("Ada Lovelace", "Mia Lovelace", children=1)
    assert booking.amount_due() == booking.price
    come(Payment.objects.begin(booking))
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and not booking.amount_due()
    tickets = list(booking.travellers.values_list("ticket", flat=True))
    assert len(set(tickets)) == 2 and all(len(ticket) == 13 and ticket.isdigit() for ticket in tickets)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert inventory.ledger().sold == 2 and inventory.ledger().held == 0


def test_an_unpaid_booking_frees_its_seats_at_the_second(book_flight, inventory, time_machine):
    booking = book_flight()
    for seconds, held in ((-1, 1), (0, 0)):
        time_machine.move_to(booking.pay_until + timedelta(seconds=seconds), tick=False)
        assert inventory.ledger().held == held


def test_money_that_comes_after_the_deadline_gets_the_seat_if_it_is_free(book_flight, inventory, time_machine):
    booking = book_flight()
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.pay_until + timedelta(minutes=1))
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED and inventory.ledger().sold == 1


def test_money_that_comes_when_all_seats_are_gone_goes_back(book_flight, inventory, time_machine):
    booking = book_flight()
    payment = Payment.objects.begin(booking)
    time_machine.move_to(booking.pay_until + timedelta(minutes=1))
    inventory.block(sorted(inventory.free("economy")), "crew")
    come(payment)
    booking.refresh_from_db()
    assert booking.state == State.BOOKED
    assert Refund.objects.get().amount == payment.amount


def test_it_is_paid_by_the_page(client, book_flight):
    booking = book_flight()
    page = client.get(f"/fly/pay/{booking.token}/")
    assert str(booking.price) in page.text
    answer = client.post(f"/fly/pay/{booking.token}/", {"accepted": booking.total})
    assert answer.status_code == 302 and "/checkout/" in answer["Location"]
    client.post(answer["Location"], {"status": "confirmed"})
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_after_its_guarantee_the_price_is_asked_again(client, book_flight, time_machine, dearer):
    booking = book_flight(later=True)
    old = booking.total
    time_machine.move_to(booking.price_until + timedelta(minutes=1))
    dearer()
    answer = client.post(f"/fly/pay/{booking.token}/", {"accepted": old})
    assert answer.status_code == 409 and not Payment.objects.exists()
    booking.refresh_from_db()
    assert booking.total == old
    new = int(answer.text.split('name="accepted" value="')[1].split('"')[0])
    assert new > old
    answer = client.post(f"/fly/pay/{booking.token}/", {"accepted": new})
    assert answer.status_code == 302 and Payment.objects.get().amount == new


def test_a_price_within_its_guarantee_stands(client, book_flight, dearer):
    booking = book_flight(later=True)
    dearer()
    client.post(f"/fly/pay/{booking.token}/", {"accepted": booking.total})
    assert Payment.objects.get().amount == booking.total


def test_a_link_that_is_not_theirs_pays_nothing(client, book_flight):
    booking = book_flight()
    assert client.get("/fly/pay/nothing/").status_code == 404
    assert client.get(f"/fly/pay/{booking.pk}/").status_code == 404
