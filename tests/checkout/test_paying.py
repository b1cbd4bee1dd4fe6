"""A payment is taken note of once, in whichever order its news comes; what can't be used goes back whole."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError
from django.utils import timezone
from payments import PaymentError, PaymentStatus

from checkout.models import Payment, Refund, RefundState
from checkout.periodic import give_up_old_payments, settle_payments
from checkout.providers import DemoProvider
from checkout.refunding import send_due
from money import Money
from tests.checkout.parking.models import ParkingTicket
from tests.races import all_at_once, answers_at_once, faults
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(db):
    return ParkingTicket.objects.create()


@pytest.fixture
def payment(ticket):
    return Payment.objects.begin(ticket)


def path_of(answer):
    return urlsplit(answer["Location"]).path


def come(payment):
    """What a provider does when the money has come."""
    payment = Payment.objects.get(pk=payment.pk)
    payment.captured_amount = payment.total
    payment.save(update_fields=["captured_amount"])
    payment.change_status(PaymentStatus.CONFIRMED)
    return payment


def test_it_is_paid_on_the_page(client, ticket, payment):
    page = client.get(payment.get_absolute_url())
    assert "$230.10" in page.text and "no card number" not in page.text
    answer = client.post(payment.get_absolute_url(), {"status": "confirmed"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/"), "by the origin that they are at: the policy lets a form lead to no other"
    assert client.get(path_of(answer))["Location"] == ticket.payment_url()
    ticket.refresh_from_db()
    assert ticket.times_paid == 1


def test_refused_on_the_page_it_can_be_tried_again(client, ticket, payment):
    answer = client.post(payment.get_absolute_url(), {"status": "rejected"})
    assert "It was not paid" in client.get(path_of(answer)).text
    assert Payment.objects.begin(ticket).pk != payment.pk
    assert ticket.times_paid == 0


def test_what_is_not_an_answer_is_asked_again(client, payment):
    assert client.post(payment.get_absolute_url(), {"status": "given"}).status_code == 422


def test_its_address_cannot_be_guessed(client, payment):
    assert client.get(f"/checkout/{payment.pk}/").status_code == 404
    assert client.get("/checkout/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_there_is_one_open_payment_of_a_thing(ticket, payment):
    assert Payment.objects.begin(ticket) == payment
    with pytest.raises(IntegrityError):
        Payment.objects.create(thing=ticket, variant="default", amount=1, currency="USD")


def test_another_amount_is_another_payment(ticket, payment):
    ticket.price += 1
    ticket.save()
    assert Payment.objects.begin(ticket).amount == 23011
    payment.refresh_from_db()
    assert not payment.is_open


def test_news_in_any_order_and_twice_counts_once(ticket, payment):
    come(payment), come(payment)
    payment.refresh_from_db()
    payment.change_status(PaymentStatus.REJECTED)  # late news of before
    payment.refresh_from_db()
    ticket.refresh_from_db()
    assert payment.status == PaymentStatus.CONFIRMED and ticket.times_paid == 1


def test_what_was_given_back_is_not_paid_again_by_late_news(ticket, payment):
    come(payment)
    Payment.objects.get(pk=payment.pk).change_status(PaymentStatus.REFUNDED)
    come(payment)
    payment.refresh_from_db()
    ticket.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDED and ticket.times_paid == 1


def test_nobody_pays_by_writing_an_address(client, ticket, payment):
    client.get(payment.get_process_url() + "?verification_result=confirmed")
    payment.refresh_from_db()
    assert payment.is_open


def test_a_killed_process_has_not_lost_it(ticket, payment):
    Payment.objects.filter(pk=payment.pk).update(status=PaymentStatus.CONFIRMED, captured_amount=payment.total)
    settle_payments()
    ticket.refresh_from_db()
    assert ticket.times_paid == 1


def test_money_that_comes_too_late_goes_back_whole(ticket, payment):
    ParkingTicket.objects.update(is_gone=True)
    come(payment)
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (23010, "The car was towed.")
    send_due()
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert refund.state == RefundState.SENT and payment.captured_amount == 0


def test_another_amount_than_asked_goes_back(ticket, payment):
    Payment.objects.filter(pk=payment.pk).update(captured_amount=Decimal("230.09"))
    payment.refresh_from_db()
    payment.change_status(PaymentStatus.CONFIRMED)
    ticket.refresh_from_db()
    assert ticket.times_paid == 0 and Refund.objects.get().amount == 23009, "what has come, and no more"


@pytest.mark.parametrize(
    ("price", "currency", "total"), [(500, "JPY", "500"), (1234, "KWD", "1.234"), (1, "USD", "0.01")]
)
def test_minor_units_are_those_of_the_currency(price, currency, total):
    payment = Payment.objects.begin(ParkingTicket.objects.create(price=price, currency=currency))
    payment.refresh_from_db()
    assert payment.total == Decimal(total)


def test_no_payment_begins_for_nothing_or_after_the_deadline(ticket, settings):
    for until, paid in ((timezone.now() - timedelta(seconds=1), 0), (None, 1)):
        ticket.until, ticket.times_paid = until, paid
        with pytest.raises(Refused):
            Payment.objects.begin(ticket)
    settings.PAYMENT_VARIANTS = {}
    with pytest.raises(Refused, match="at the desk"):
        Payment.objects.begin(ParkingTicket.objects.create())


def test_a_page_of_before_the_deadline_takes_no_money(client, ticket, payment):
    ParkingTicket.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.post(payment.get_absolute_url(), {"status": "confirmed"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.times_paid == 0


def test_a_provider_that_does_not_answer_costs_nothing(client, ticket, payment, monkeypatch):
    def hangs(*_args, **_options):
        raise TimeoutError

    monkeypatch.setattr(DemoProvider, "get_form", hangs)
    answer = client.get(payment.get_absolute_url())
    assert answer.status_code == 503 and "Nothing was charged" in answer.text
    monkeypatch.undo()
    client.post(payment.get_absolute_url(), {"status": "confirmed"})
    ticket.refresh_from_db()
    assert ticket.times_paid == 1


def test_what_is_open_for_a_day_is_given_up(payment, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    give_up_old_payments()
    payment.refresh_from_db()
    assert not payment.is_open


def test_more_than_was_paid_never_goes_back(ticket, payment):
    come(payment)
    Refund.objects.give_back(ticket, Money(23000, "USD"), "half")
    with pytest.raises(Refused, match="More"):
        Refund.objects.give_back(ticket, Money(11, "USD"), "rest")
    assert [refund.amount for refund in Refund.objects.give_back(ticket, Money(10, "USD"), "rest")] == [10]


def test_a_refund_is_tried_again_with_pauses_and_then_shown_to_staff(
    client, ticket, payment, monkeypatch, time_machine
):
    come(payment)
    Refund.objects.give_back(ticket, Money(1, "USD"), "x")

    def refuses(*_args):
        raise PaymentError("no")

    monkeypatch.setattr(DemoProvider, "refund", refuses)
    moment = timezone.now()
    for _day in range(8):
        send_due()
        moment += timedelta(days=1)
        time_machine.move_to(moment)
    refund = Refund.objects.get()
    assert refund.state == RefundState.REFUSED and refund.problem == "PaymentError" and refund.tries == 6
    assert "refunds" in client.get("/readyz").text


@pytest.mark.django_db(transaction=True)
def test_webhook_and_return_page_at_one_moment_count_once(ticket, payment):
    answers_at_once(*[lambda: come(payment)] * 6)
    ticket.refresh_from_db()
    assert ticket.times_paid == 1


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_one_moment_give_back_no_more_than_was_paid(ticket, payment):
    come(payment)
    half = Money(15000, "USD")
    ends = all_at_once(*[lambda: Refund.objects.give_back(ticket, half, "x")] * 4)
    assert len(faults(ends, Refused)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_a_refund_once(ticket, payment, monkeypatch):
    come(payment)
    Refund.objects.give_back(ticket, Money(100, "USD"), "x")
    asked = []
    monkeypatch.setattr(DemoProvider, "refund", lambda self, paid, amount: asked.append(amount) or amount)
    answers_at_once(*[send_due] * 4)
    assert asked == [Decimal("1.00")]


def test_the_library_calls_us_where_it_thinks(client, ticket, payment):
    come(payment)
    answer = client.get(payment.get_process_url())
    assert answer["Location"] == payment.get_success_url()
    assert client.post("/payments/process/nobody/").status_code == 404
