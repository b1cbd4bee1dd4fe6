"""A shop's own till: its key to the API, what it has asked for before, and where it wants to hear of orders."""

import secrets
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracking.flights.models.sources import hashed
from tracking.orders.models.shops import Shop
from tracking.orders.outside import fault_of

LONGEST_KEY = 255
KEPT = timedelta(days=2)  # answers to keys that a till has sent; at least 24 hours
ABANDONED = timedelta(minutes=2)  # by then a request has been answered, or its process was killed

PAUSES = [5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24))]  # seconds, after each failed try
JITTER = 0.1  # of a pause, at most: so that not all come back at once
LEASE = timedelta(minutes=2)  # far longer than a try takes
SENT_KEPT = timedelta(days=14)
LONGEST_PROBLEM = 200


class TillKeyQuerySet(models.QuerySet["TillKey"]):
    def issue(self, shop: Shop, name: str) -> "tuple[TillKey, str]":
        """A till of a shop with a new key; an existing till loses its old one. Only a hash of the key is stored."""
        key = secrets.token_urlsafe(32)
        values = {"key_hash": hashed(key), "made_at": timezone.now(), "used_at": None, "revoked_at": None}
        till, _made = self.update_or_create(shop=shop, name=name, defaults=values)
        return till, key

    def holding(self, key: str) -> "TillKey | None":
        """The till with this key; None where there is none, or it was revoked."""
        return self.select_related("shop__airport").filter(key_hash=hashed(key), revoked_at=None).first()


class TillKey(models.Model):
    """Opens the API for one shop. Its name is the ``source`` of the orders that it pushes."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="till_keys", verbose_name=_("shop"))
    name = models.CharField(_("name"), max_length=60)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = TillKeyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="one_key_per_till")]
        verbose_name = _("key of a till")
        verbose_name_plural = _("keys of tills")

    def __str__(self) -> str:
        return self.name

    def record_use(self, now: datetime) -> None:
        """Once a minute at most, so that busy tills do not wait for each other's writes."""
        if self.used_at is None or now - self.used_at > timedelta(minutes=1):
            TillKey.objects.filter(pk=self.pk).update(used_at=now)

    def revoke(self) -> None:
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])


class TillRequestQuerySet(models.QuerySet["TillRequest"]):
    def claim(self, till: TillKey, key: str, digest: str, now: datetime) -> "tuple[TillRequest, bool]":
        """The request with this key, and whether it is the caller's to do: nobody has begun it, or who did was killed."""
        try:
            with transaction.atomic():
                return self.create(till=till, key=key, digest=digest, begun_at=now), True
        except IntegrityError:
            found = self.filter(till=till, key=key).first()
            if found is None:  # it failed at this moment, and may be tried again
                return self.claim(till, key, digest, now)
        left = self.filter(pk=found.pk, status=None, digest=digest, begun_at__lte=now - ABANDONED)
        return found, bool(left.update(begun_at=now))

    def prune(self, now: datetime) -> None:
        self.filter(begun_at__lt=now - KEPT).delete()


class TillRequest(models.Model):
    """A request with an Idempotency-Key, and its answer: the same request gets it again. ``status`` None: in progress."""

    till = models.ForeignKey(TillKey, models.CASCADE, related_name="requests")
    key = models.CharField(max_length=LONGEST_KEY)
    digest = models.CharField(max_length=64)  # of the method, the address and the body
    begun_at = models.DateTimeField(default=timezone.now, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)

    objects = TillRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["till", "key"], name="one_request_per_key")]

    def __str__(self) -> str:
        return self.key


def new_secret() -> str:
    """24 random bytes in base64, as Standard Webhooks wants it; shown with ``whsec_`` before it."""
    return b64encode(secrets.token_bytes(24)).decode()


def check_address(url: str) -> None:
    if words := fault_of(url):
        raise ValidationError(words)


class Endpoint(models.Model):
    """An address that hears of a shop's orders. ``secrets``: one, or two while it is changed, without ``whsec_``."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="endpoints", verbose_name=_("shop"))
    url = models.URLField(_("address"), max_length=300, validators=[check_address])
    secrets = models.JSONField(default=list, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.url

    @property
    def keys(self) -> list[bytes]:
        return [b64decode(secret) for secret in self.secrets]

    def rotate(self) -> str:
        """A new secret beside the one of now: each message is signed with both until the old one is dropped."""
        secret = new_secret()
        self.secrets = [secret, *self.secrets[:1]]
        self.save(update_fields=["secrets"])
        return secret

    def drop_old_secret(self) -> None:
        self.secrets = self.secrets[:1]
        self.save(update_fields=["secrets"])

    def stop(self, now: datetime) -> None:
        """It wants to hear nothing any more: what waits for it is not sent."""
        with transaction.atomic():
            Endpoint.objects.filter(pk=self.pk).update(stopped_at=now)
            self.deliveries.filter(sent_at=None).update(due_at=None)

    def resume(self) -> None:
        self.stopped_at = None
        self.save(update_fields=["stopped_at"])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those to send now. A claim moves ``due_at``, so that no other process sends the same."""
        return self.filter(due_at__lte=now, sent_at=None, endpoint__stopped_at=None)

    def claim(self, pk: int, now: datetime) -> "Delivery | None":
        taken = self.filter(pk=pk, due_at__lte=now, sent_at=None).update(due_at=now + LEASE, tries=F("tries") + 1)
        return self.select_related("endpoint").get(pk=pk) if taken else None

    def prune(self, now: datetime) -> None:
        """Those that were sent, given up or stopped, once nobody asks for them any more."""
        self.filter(Q(due_at=None) | Q(sent_at__isnull=False), made_at__lt=now - SENT_KEPT).delete()


def new_message() -> str:
    return f"msg_{uuid4().hex}"


class Delivery(models.Model):
    """A message to an endpoint: a row in the transaction of the verb that causes it, sent by a periodic job.

    ``due_at`` None: it was sent, or will not be: given up after ten tries, or its endpoint has stopped.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40, default=new_message)  # its webhook-id, the same at each try
    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="+")
    event = models.CharField(_("event"), max_length=40)
    body = models.TextField()
    made_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"), default=timezone.now, db_index=True, null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    problem = models.CharField(_("problem"), max_length=LONGEST_PROBLEM, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "message"], name="message_once_per_endpoint")]
        verbose_name = _("message of a webhook")
        verbose_name_plural = _("messages of webhooks")

    def __str__(self) -> str:
        return f"{self.event} {self.message}"

    @property
    def is_last_try(self) -> bool:
        return self.tries > len(PAUSES)

    def sent(self, now: datetime) -> None:
        self.save_result(sent_at=now, due_at=None, problem="")

    def failed(self, problem: str, now: datetime) -> None:
        """Try again after the pause that follows this try; given up after the last one."""
        due_at: Any = None
        if not self.is_last_try:
            pause = PAUSES[self.tries - 1] * (1 + JITTER * secrets.SystemRandom().random())
            due_at = now + timedelta(seconds=pause)
        self.save_result(due_at=due_at, problem=problem[:LONGEST_PROBLEM])

    def save_result(self, **fields: Any) -> None:
        """Only while the claim that the try was made with stands."""
        Delivery.objects.filter(pk=self.pk, due_at=self.due_at, sent_at=None).update(**fields)
