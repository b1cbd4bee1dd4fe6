"""Where people who work at doors land, and their entry in the frame."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.landings import landing
from bookings.events.door.urls import urls
from bookings.events.models import Event
from bookings.events.models.inside import LINGER
from pages.nav import Entry, entry, names


def doors_of(user: Any) -> str | None:
    """The door of the one event where somebody is staff of the doors, or the choice where there are several."""
    if not user.is_authenticated:
        return None
    coming = Event.objects.filter(door_staff=user, ends_at__gt=timezone.now() - LINGER)
    slugs = list(coming.order_by("starts_at").values_list("slug", flat=True)[:2])
    if len(slugs) == 1:
        return reverse("events:door", args=slugs)
    return reverse("events:doors") if slugs else None


@landing(order=33)
def at_the_door(user: Any) -> str | None:
    return doors_of(user)


@entry(order=47)
def doors(user: Any) -> Entry | None:
    address = doors_of(user)
    return Entry(_("Door"), address, names("events", urls)) if address else None
