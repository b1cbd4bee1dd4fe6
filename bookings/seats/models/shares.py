"""How much of a flight the customers of one network address may have without having paid for it."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy

from bookings.seats.fares.party import LARGEST
from bookings.seats.layouts import Cabin
from bookings.seats.models.inventory import Inventory
from strangers import Asker, check_bound

TOO_MANY_HOLDS = gettext_lazy("Many seats are being held from your network at the moment. Try again in a few minutes.")


def check_share(inventory: Inventory, cabin: str, seats: int, asker: Asker, now: datetime) -> None:
    """Raise TooMany where they would have more than ``settings.HOLD_SHARE`` per cent of a cabin held or unpaid."""
    if not asker.address:
        return
    theirs = {"cabin": cabin, "coupon__segment__booking__asked_from": asker.address, "held_until__gt": now}
    most = max(LARGEST, inventory.plan.capacity(Cabin(cabin)) * settings.HOLD_SHARE // 100)
    check_bound("hold_share", inventory.assignments.filter(**theirs).count() + seats, most + 1, TOO_MANY_HOLDS)
