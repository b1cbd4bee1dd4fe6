"""Policies: what a guest agreed to when they booked. What the venue asks for later is for later guests::

class Reservation(Agreed): ...
reservation.agree(restaurant.policy, cancel_until=reservation.starts_at - timedelta(hours=2))
reservation.is_cancellable(now)
"""

from datetime import datetime

from django.db import models
from django.utils import timezone


class Agreed(models.Model):
    """A booking with its terms, as they were at the time. Both are empty until somebody has agreed to them."""

    policy = models.TextField(blank=True, editable=False)
    cancel_until = models.DateTimeField(null=True, editable=False)  # until then the guest may change or cancel it

    class Meta:
        abstract = True

    def agree(self, policy: str, cancel_until: datetime) -> None:
        """Copy the terms onto the booking, unsaved."""
        self.policy, self.cancel_until = policy, cancel_until

    def is_cancellable(self, now: datetime | None = None) -> bool:
        """Whether the terms still let the guest change or cancel it."""
        return self.cancel_until is not None and (now or timezone.now()) <= self.cancel_until
