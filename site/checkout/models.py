"""Payments and refunds. Amounts are whole minor units; the library's own Decimals are made of them."""

import logging
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from payments import PaymentStatus, PurchasedItem
from payments.models import BasePayment
from prometheus_client import Counter

from checkout import topics
from checkout.payable import Payable
from checkout.providers import provider_name
from links.tokens import absolute
from live.outbox import publish
from money import Money
from verbs.refusals import Refused

log = logging.getLogger("airside.checkout")
settled = Counter("airside_payments_settled", "Payments that have come, by what followed.", ["outcome"])

TRIES = 3
OPEN = (PaymentStatus.WAITING, PaymentStatus.INPUT)
COME = (PaymentStatus.CONFIRMED, PaymentStatus.REFUNDED)
RANKS = {PaymentStatus.CONFIRMED: 1, PaymentStatus.REFUNDED: 2}  # it never goes back to a lower one


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of(self, thing: Payable) -> "PaymentQuerySet":
        return self.filter(content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk)

    def came_for(self, thing: Payable) -> int:
        """What has come for a thing, less what was given back or is on its way back, in minor units."""
        payments = self.of(thing).filter(status__in=COME).exclude(settled_at=None)
        came = payments.aggregate(sum=Sum("amount"))["sum"] or 0
        return came - (Refund.objects.filter(payment__in=payments).aggregate(sum=Sum("amount"))["sum"] or 0)

    def came_for_any(self, things: Collection[Payable]) -> set[int]:
        """The keys of those things of one model for which money has come."""
        if not things:
            return set()
        kind = ContentType.objects.get_for_model(next(iter(things)))
        found = self.filter(content_type=kind, object_id__in=[thing.pk for thing in things], status__in=COME)
        return set(found.exclude(settled_at=None).values_list("object_id", flat=True))

    def begin(self, thing: Payable) -> "Payment":
        """The open payment of what is due, or a new one. Of two at the same moment there is one.

        Raises Refused where nothing is due, the deadline has passed, or no provider is set up.
        """
        due, until, variant = thing.amount_due(), thing.payable_until(), provider_name()
        if not due.amount > 0:
            raise Refused(_("Nothing has to be paid."))
        if until and until <= timezone.now():
            raise Refused(_("The time to pay has passed."))
        if not variant:
            raise Refused(_("Paying online is not set up here. Please pay at the desk."))
        for opened in self.of(thing).filter(status__in=OPEN):
            if opened.amount == due.amount and opened.currency == due.currency:
                return opened
            opened.give_up()
        payment = self.model(thing=thing, variant=variant, amount=due.amount, currency=due.currency, total=due.units)
        payment.description = thing.payment_title()
        try:
            with transaction.atomic():
                payment.save()
        except IntegrityError:
            return self.of(thing).get(status__in=OPEN)
        return payment


class Payment(BasePayment):
    """An amount that somebody was asked for. ``token`` is its address, which nobody can guess. No card number comes here."""

    status: Any

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey("content_type", "object_id")
    amount = models.PositiveBigIntegerField(gettext_lazy("amount"))
    settled_at = models.DateTimeField(null=True, editable=False)  # when its money was taken note of

    # Nobody's name, address or telephone is kept here.
    billing_first_name = billing_last_name = billing_address_1 = billing_address_2 = billing_city = None
    billing_postcode = billing_country_code = billing_country_area = billing_email = billing_phone = None
    customer_ip_address = None

    # As many digits as a currency can have.
    total = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal())
    captured_amount = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal())

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(status__in=OPEN), name="one_open_payment"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"]), models.Index(fields=["token"])]
        verbose_name = gettext_lazy("payment")
        verbose_name_plural = gettext_lazy("payments")

    def __str__(self) -> str:
        return f"{self.money} {self.status}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def get_absolute_url(self) -> str:
        return reverse("checkout:payment", args=[self.token])

    # What the library asks

    def get_success_url(self) -> str:
        return absolute(reverse("checkout:done", args=[self.token]))

    def get_failure_url(self) -> str:
        return self.get_success_url()

    def get_process_url(self) -> str:
        return reverse("process_payment", args=[self.token])

    def get_purchased_items(self) -> list[PurchasedItem]:
        return [PurchasedItem(self.description, self.token, 1, self.money.units, self.currency, tax_rate=None)]

    def change_status(self, status: Any, message: str = "") -> None:
        """Record what the provider says. A payment that has come can't be anything less again, in whichever order it is told."""
        with transaction.atomic():
            stored = Payment.objects.select_for_update(no_key=True).get(pk=self.pk)
            known: str = stored.status
            if RANKS.get(known, 0) > RANKS.get(status, 0):
                self.status = known
                return
            super().change_status(status, message)
            publish(topics.payment(self.pk))
        if status == PaymentStatus.CONFIRMED:
            self.settle()

    # What Airside does

    def settle(self) -> None:
        """The money has come: tell what it was paid for, once. What can't be used is given back whole.

        Where somebody changes the thing at this moment, it is tried again; at last by the periodic job.
        """
        for _try in range(TRIES):
            with suppress(Refused):
                self.settle_now()
                return
        log.warning("payment %s is settled later: what it pays for is being changed", self.pk)

    def settle_now(self) -> None:
        """Raises Refused where what it was paid for can't be locked."""
        thing = self.thing
        with transaction.atomic():
            if thing is not None:
                thing.lock()
            locked = Payment.objects.select_for_update(no_key=True).get(pk=self.pk)
            if locked.settled_at or locked.status not in COME:
                return
            locked.settled_at = self.settled_at = timezone.now()
            locked.save(update_fields=["settled_at"])
            try:
                with transaction.atomic():
                    self.use(locked, thing)
                settled.labels("used").inc()
            except Refused as refusal:
                self.give_back_whole(locked, str(refusal))
                settled.labels("given_back").inc()
            publish(topics.payment(self.pk))

    def give_back_whole(self, locked: "Payment", reason: str) -> None:
        """What has come, also where it is another amount than the one that was asked for; less what goes back already."""
        came = Money.of(captured, self.currency).amount if (captured := self.captured(locked)) else locked.amount
        left = came - Refund.objects.of(locked)
        if left > 0:
            Refund.objects.create(payment=locked, amount=left, reason=reason)

    def captured(self, locked: "Payment") -> Decimal:
        return locked.captured_amount or self.captured_amount

    def use(self, locked: "Payment", thing: Payable | None) -> None:
        captured = self.captured(locked) or locked.total
        if thing is None:
            raise Refused(_("What was paid for is gone."))
        if captured != locked.money.units:
            raise Refused(_("Another amount was paid than the one that was asked for."))
        thing.paid(locked)

    def give_up(self) -> None:
        """Nobody pays it any more: another amount is due, or the deadline has passed."""
        Payment.objects.filter(pk=self.pk, status__in=OPEN).update(status=PaymentStatus.REJECTED)
        publish(topics.payment(self.pk))


class RefundState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("To be sent")
    SENT = "sent", gettext_lazy("Given back")
    REFUSED = "refused", gettext_lazy("Refused by the provider")


PAUSES = [timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1)]
CLAIM = timedelta(minutes=2)  # a process that was killed meanwhile has not sent it


class RefundQuerySet(models.QuerySet["Refund"]):
    def give_back(self, thing: Payable, amount: Money, reason: str) -> "list[Refund]":
        """Write refunds of an amount over the payments of a thing, the last payment first. In the transaction of a verb.

        Raises Refused where less than that was paid and not given back yet.
        """
        found, left = [], amount.amount
        with transaction.atomic():
            payments = (
                Payment.objects.of(thing).filter(status__in=COME, currency=amount.currency).exclude(settled_at=None)
            )
            for payment in payments.select_for_update(no_key=True).order_by("-pk"):
                part = min(left, payment.amount - self.of(payment))
                if part > 0:
                    found.append(self.create(payment=payment, amount=part, reason=reason))
                    left -= part
            if left:
                raise Refused(_("More can’t be given back than was paid."))
        return found

    def of(self, payment: Payment) -> int:
        """What was given back of a payment, or will be, in minor units."""
        return self.filter(payment=payment).aggregate(sum=Sum("amount"))["sum"] or 0

    def due(self, now: datetime) -> "RefundQuerySet":
        return self.filter(state=RefundState.WAITING, due_at__lte=now)

    def claim(self, pk: int, now: datetime) -> bool:
        """Whether this process sends it. No other one does meanwhile."""
        return bool(self.due(now).filter(pk=pk).update(due_at=now + CLAIM, tries=F("tries") + 1))


class Refund(models.Model):
    """An amount that goes back. A row, as mail is: a periodic job sends it, and no request waits for the provider."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField(gettext_lazy("amount"))
    reason = models.CharField(gettext_lazy("reason"), max_length=200)
    state = models.CharField(gettext_lazy("state"), max_length=8, choices=RefundState, default=RefundState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(gettext_lazy("problem"), max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]
        verbose_name = gettext_lazy("refund")
        verbose_name_plural = gettext_lazy("refunds")

    def __str__(self) -> str:
        return f"{self.money} {self.state}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.currency)

    def sent(self) -> None:
        self.state, self.sent_at, self.problem = RefundState.SENT, timezone.now(), ""
        self.save_and_tell()

    def failed(self, problem: str) -> None:
        """Try it again later; after the last pause staff have to see to it."""
        self.refresh_from_db()
        self.problem = problem[:200]
        if self.tries > len(PAUSES):
            self.state = RefundState.REFUSED
        else:
            self.due_at = timezone.now() + PAUSES[self.tries - 1]
        self.save_and_tell()

    def save_and_tell(self) -> None:
        with transaction.atomic():
            self.save()
            publish(topics.payment(self.payment_id))
