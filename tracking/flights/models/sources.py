import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.outbox import publish
from tracking.flights import topics


def hashed(key: str) -> str:
    """A plain hash is enough for a key with 256 random bits, since it can't be guessed."""
    return sha256(key.encode()).hexdigest()


class SourceQuerySet(models.QuerySet):
    def issue(self, name: str) -> "tuple[Source, str]":
        """A source with a new key. An existing source loses its old key. Only a hash of the key is stored."""
        key = secrets.token_urlsafe(32)
        with transaction.atomic():
            source, _made = self.update_or_create(name=name, defaults={"key_hash": hashed(key), "revoked_at": None})
            publish(topics.feeds())
        return source, key

    def holding(self, key: str) -> "Source | None":
        """The source with this key, or None if there is none or it was revoked."""
        return self.filter(key_hash=hashed(key), revoked_at=None).first()

    def in_use(self) -> Self:
        """Sources that have called, and were not revoked."""
        return self.filter(revoked_at=None, heard_at__isnull=False)


class Source(models.Model):
    """A feed that reports on flights. Its key identifies it."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    heard_at = models.DateTimeField(_("last heard"), null=True, blank=True, editable=False)
    silent_after = models.PositiveIntegerField(_("silent after"), default=300, help_text=_("Seconds without a call."))

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name

    @property
    def silent_from(self) -> datetime | None:
        """When it becomes silent if it does not call; None if it never called."""
        return self.heard_at and self.heard_at + timedelta(seconds=self.silent_after)

    @property
    def is_silent(self) -> bool:
        return self.silent_from is not None and timezone.now() >= self.silent_from

    def record_call(self) -> None:
        """Record a call. Boards show the minute, so they are updated once a minute at most."""
        now = timezone.now()
        shown = self.heard_at and self.heard_at.replace(second=0, microsecond=0)
        with transaction.atomic():
            self.heard_at = now
            self.save(update_fields=["heard_at"])
            if shown != now.replace(second=0, microsecond=0):
                publish(topics.feeds())

    def allow_silence(self, seconds: int) -> None:
        """Boards show it as silent after this many seconds without a call."""
        with transaction.atomic():
            self.silent_after = seconds
            self.save(update_fields=["silent_after"])
            publish(topics.feeds())

    def revoke(self) -> None:
        """End its key. Boards no longer mention it."""
        if self.revoked_at:
            return
        with transaction.atomic():
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])
            publish(topics.feeds())


class Report(models.Model):
    """When a source last reported on a flight, by its own clock: only a newer report counts."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="reports")
    source = models.ForeignKey(Source, models.CASCADE, related_name="reports")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flight", "source"], name="one_report_per_source")]

    def __str__(self) -> str:
        return f"{self.source} on {self.flight}"
