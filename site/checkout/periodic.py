"""Periodic jobs: sending refunds, and taking note of money whose process was killed before it did."""

from datetime import timedelta

from django.utils import timezone
from payments import PaymentStatus

from checkout.models import OPEN, Payment
from checkout.refunding import ROUND, send_due
from live.periodic import every

KEPT_OPEN = timedelta(days=1)


@every(5)
def send_refunds() -> None:
    send_due()


@every(10)
def settle_payments() -> None:
    for payment in Payment.objects.filter(status=PaymentStatus.CONFIRMED, settled_at=None)[:ROUND]:
        payment.settle()


@every(600)
def give_up_old_payments() -> None:
    for payment in Payment.objects.filter(status__in=OPEN, created__lt=timezone.now() - KEPT_OPEN)[:ROUND]:
        payment.give_up()
