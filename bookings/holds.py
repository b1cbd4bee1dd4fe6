"""Holds: something is kept for somebody until a moment, and is free again from then on.

An expired hold is free in the query itself, so nothing depends on a job that clears it away::

    class Reservation(Holdable): objects = HoldableQuerySet.as_manager()
    seat.expires_at = now + timedelta(minutes=7)         # held
    seat.expires_at = None                               # booked or released: whatever ends the hold sets this
    taken = Seat.objects.filter(state__in=TAKING).unexpired(now)
    stale_at = taken.next_expiry(now)                    # when a page has to show it as free
"""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.utils import timezone

M = TypeVar("M", bound=models.Model)


class HoldableQuerySet(models.QuerySet[M]):
    def holding(self, now: datetime | None = None) -> Self:
        """The holds that still count."""
        return self.filter(expires_at__gt=now or timezone.now())

    def expired(self, now: datetime | None = None) -> Self:
        """The holds that count no more."""
        return self.filter(expires_at__lte=now or timezone.now())

    def unexpired(self, now: datetime | None = None) -> Self:
        """All but the expired holds: what is still held, and what is no hold."""
        return self.exclude(expires_at__lte=now or timezone.now())

    def next_expiry(self, now: datetime | None = None) -> datetime | None:
        """When the next of the holds expires; None where nothing is held."""
        first: datetime | None = self.holding(now).aggregate(first=models.Min("expires_at"))["first"]
        return first


class Holdable(models.Model):
    """A model whose rows can be held. ``expires_at`` is None for all that is no hold, or none any more."""

    expires_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def is_expired(self, now: datetime | None = None) -> bool:
        """Whether it was held, and is free again."""
        return self.expires_at is not None and self.expires_at <= (now or timezone.now())
