"""The sign that a party is at the door: what guests must show before they count in the queue. The restaurant chooses it.

The code on the card at the door changes with each day of the restaurant. It is derived, so nothing is stored: who has a
photograph of yesterday's card has nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy

from bookings.restaurants.models.times import current
from references import ALPHABET

LENGTH = 5
KEPT = timedelta(hours=1)  # how long the card of a day that has just ended is still taken


class Presence(models.TextChoices):
    """What a party that joins the queue from its phone has to show."""

    CODE = "code", gettext_lazy("the code from a card at the door, new each day")
    MAIL = "mail", gettext_lazy("an e-mail address, confirmed by a link")
    NONE = "none", gettext_lazy("nothing: anybody can join from anywhere")


def door_code(restaurant: Any, now: datetime | None = None) -> str:
    """The code that is on the card now."""
    return code_of(restaurant, current(restaurant, 1, now or timezone.now()).day)


def code_of(restaurant: Any, day: date) -> str:
    digest = salted_hmac("restaurants.door", f"{restaurant.pk} {day}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def is_door_code(restaurant: Any, text: str, now: datetime | None = None) -> bool:
    """Whether it is the code of the card now, or was it an hour ago. Capitals, spaces and hyphens do not matter."""
    now = now or timezone.now()
    typed = "".join(text.upper().split()).replace("-", "")
    right = [door_code(restaurant, now), door_code(restaurant, now - KEPT)]
    return any(constant_time_compare(typed, code) for code in right)
