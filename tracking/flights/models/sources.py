import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.outbox import publish
from tracking.flights import topics


def hashed(key):
    """A key has 256 random bits: a plain hash keeps it, there is nothing to guess."""
    return sha256(key.encode()).hexdigest()


class SourceQuerySet(models.QuerySet):
    def issue(self, name):
        """Make a source, or give one that exists a new key, which ends the old: ``(source, key)``. The key is not kept."""
        key = secrets.token_urlsafe(32)
        with transaction.atomic():
            source, _made = self.update_or_create(name=name, defaults={"key_hash": hashed(key), "revoked_at": None})
            publish(topics.feeds())
        return source, key

    def holding(self, key):
        """The source that this key was issued to, if it still counts, or None."""
        return self.filter(key_hash=hashed(key), revoked_at=None).first()

    def in_use(self):
        return self.filter(revoked_at=None, heard_at__isnull=False)


class Source(models.Model):
    """A feed that tells us of flights, known by its key."""

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

    def __str__(self):
        return self.name

    @property
    def silent_from(self):
        """When its silence counts as one, or None if it was never heard."""
        return self.heard_at and self.heard_at + timedelta(seconds=self.silent_after)

    @property
    def is_silent(self):
        return self.heard_at is not None and timezone.now() >= self.silent_from

    def hear(self):
        """It called. Boards show when to the minute, so only a new minute is news to them."""
        now = timezone.now()
        shown = self.heard_at and self.heard_at.replace(second=0, microsecond=0)
        with transaction.atomic():
            self.heard_at = now
            self.save(update_fields=["heard_at"])
            if shown != now.replace(second=0, microsecond=0):
                publish(topics.feeds())

    def allow_silence(self, seconds):
        """Boards say that it is silent after so long."""
        with transaction.atomic():
            self.silent_after = seconds
            self.save(update_fields=["silent_after"])
            publish(topics.feeds())

    def revoke(self):
        """End its key. Boards speak of it no more."""
        if self.revoked_at:
            return
        with transaction.atomic():
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])
            publish(topics.feeds())


class Report(models.Model):
    """How far a source's word on a flight goes: what it says next must be newer."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="reports")
    source = models.ForeignKey(Source, models.CASCADE, related_name="reports")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flight", "source"], name="one_report_per_source")]

    def __str__(self):
        return f"{self.source} on {self.flight}"
