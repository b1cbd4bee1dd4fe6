"""Sending the refunds that are due. A process claims a row before it asks the provider, so that no other one does.

No transaction is open and no row is locked while the provider is asked.
"""

import logging

from django.db.models import F
from django.utils import timezone
from payments.core import provider_factory

from checkout.models import Payment, Refund

log = logging.getLogger("airside.checkout")

ROUND = 50


def send_due() -> None:
    now = timezone.now()
    for pk in list(Refund.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:ROUND]):
        if Refund.objects.claim(pk, timezone.now()):
            send(Refund.objects.select_related("payment").get(pk=pk))


def send(refund: Refund) -> None:
    payment = refund.payment
    try:
        provider_factory(payment.variant, payment).refund(payment, refund.money.units)
    except Exception as fault:
        log.exception("refund %s of payment %s was not taken", refund.pk, payment.pk)
        refund.failed(type(fault).__name__)
        return
    Payment.objects.filter(pk=payment.pk).update(captured_amount=F("captured_amount") - refund.money.units)
    refund.sent()
