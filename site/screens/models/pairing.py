"""Pairing: a new device shows a short code, and staff type it where the screen is set up."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from screens.models.screens import Screen

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no look-alikes
LENGTH = 6
VALID = timedelta(minutes=10)


class PairingQuerySet(models.QuerySet["Pairing"]):
    def open(self, now: datetime) -> "PairingQuerySet":
        """Codes that can still be typed."""
        return self.filter(screen=None, expires_at__gt=now)


class Pairing(models.Model):
    """A code on a device. ``secret`` is known to that device alone, which asks with it whether the code was typed."""

    code = models.CharField(max_length=LENGTH, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    screen = models.ForeignKey(Screen, models.CASCADE, null=True, related_name="pairings")  # once the code was typed
    used_at = models.DateTimeField(null=True)  # when the device took its key
    report = models.JSONField(default=dict)  # what the device says of itself: engine, width, height, ...

    objects = PairingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pairing of {self.made_at:%H:%M}"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
