"""A shop's own till: its key to the API, and where it wants to hear of orders (Standard Webhooks)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracking.orders.models.shops import Shop


class TillKey(models.Model):
    """Opens the API for one shop. Only a hash of the key is stored."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="till_keys")
    name = models.CharField(_("name"), max_length=60)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("key of a till")
        verbose_name_plural = _("keys of tills")

    def __str__(self) -> str:
        return self.name


class Endpoint(models.Model):
    """An address that hears of a shop's orders. ``secrets``: one, or two while it is changed, without ``whsec_``."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="endpoints")
    url = models.URLField(_("address"), max_length=300)
    secrets = models.JSONField(default=list, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """A message to an endpoint: a row in the transaction of the verb that causes it, sent by a periodic job."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40, unique=True)  # its webhook-id, the same at each try
    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    body = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.message}"
