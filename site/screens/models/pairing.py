"""Pairing: a new device shows a short code, and staff type it where the screen is set up."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import limits
from screens.models.glass import Glass
from screens.models.screens import Screen
from verbs.refusals import Refused

# Of characters that look alike only one: B or 8, G or 6, L or 1 or I, S or 5, V or U, Z or 2; none of 0, D, O and Q. No other
# vowels, so that no word comes out.
ALPHABET = "BCFGHJKLMNPRSTVWXYZ3479"
TWINS = str.maketrans("86I15U2", "BGLLSVZ")  # typed for the character that is on the screen
LENGTH = 6
VALID = timedelta(minutes=10)
KEPT = timedelta(days=1)
# Wrong codes that may be typed in ten minutes: at this pace, one of ten open codes among 10^8 is guessed once in three years.
TRIES_OF_ONE, TRIES_OF_ALL = 20, 100


class PairingQuerySet(models.QuerySet["Pairing"]):
    def open(self, now: datetime) -> Self:
        """Codes that can still be typed."""
        return self.filter(screen=None, expires_at__gt=now)

    def offer(self) -> "tuple[Pairing, str]":
        """A new code, and the secret that its device keeps."""
        secret, now = secrets.token_urlsafe(32), timezone.now()
        while True:
            try:
                with transaction.atomic():
                    made = self.create(code=new_code(), secret_hash=hashed(secret), expires_at=now + VALID)
                    return made, secret
            except IntegrityError:  # another device has this code
                continue

    def of_device(self, secret: str) -> "Pairing | None":
        """The code that was offered to the device with this secret."""
        return self.filter(secret_hash=hashed(secret)).select_related("screen", "typed_by").first() if secret else None

    def typed(self, code: str, screen: Screen, by: Any) -> "Pairing":
        """Bind the screen to the device that shows this code. Capitals, spaces and hyphens do not matter.

        Raises Refused if no device shows it now, or after too many tries.
        """
        try:
            limits.check("pairing", by.pk, TRIES_OF_ONE, limits.TEN_MINUTES)
            limits.check("pairings", "all", TRIES_OF_ALL, limits.TEN_MINUTES)
        except limits.TooMany:
            raise Refused(_("Too many codes were tried. Wait ten minutes, then try again.")) from None
        plain = "".join(character for character in code.upper() if character.isalnum()).translate(TWINS)
        with transaction.atomic():
            pairing = self.select_for_update().open(timezone.now()).filter(code=plain).first()
            if pairing is None:
                raise Refused(_("No screen shows this code now. Codes change after ten minutes: look at the screen."))
            screen.pair(by=by)
            pairing.screen, pairing.typed_by, pairing.link_version = screen, by, screen.link_version
            pairing.save(update_fields=["screen", "typed_by", "link_version"])
            Glass.objects.filter(screen=screen).delete()  # of the device before
        limits.give_back("pairing", by.pk)
        limits.give_back("pairings", "all")
        return pairing

    def prune(self, now: datetime) -> None:
        self.filter(expires_at__lt=now - KEPT).delete()


class Pairing(models.Model):
    """A code on a device. ``secret`` is known to that device alone, which asks with it whether the code was typed."""

    code = models.CharField(max_length=LENGTH, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    screen = models.ForeignKey(Screen, models.CASCADE, null=True, related_name="pairings")  # once the code was typed
    link_version = models.PositiveIntegerField(null=True)  # of the key that its device gets
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    report = models.JSONField(default=dict)  # what the device found out about itself: kiosk/reports.py

    objects = PairingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pairing of {self.made_at:%H:%M}"

    @property
    def is_open(self) -> bool:
        return self.screen is None and self.expires_at > timezone.now()

    @property
    def gives_key(self) -> bool:
        """Whether its device may have the key of the screen: not once that was revoked, or went to another device."""
        return self.screen is not None and self.screen.link_version == self.link_version


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _number in range(LENGTH))


def hashed(secret: str) -> str:
    """A plain hash is enough for a secret with 256 random bits, since it can't be guessed."""
    return sha256(secret.encode()).hexdigest()
