"""Where organisers land, and their entry in the frame."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from bookings.events.models import Event
from bookings.events.organisers.urls import urls
from pages.nav import Entry, entry, names

PAGES = {  # of organisers, in other rooms
    "events:moderation",
    "events:programme-edit",
    "events:programme-import",
    "events:session-edit",
    "events:door-conflicts",
}


@landing(order=32)
def events_of(user: Any) -> str | None:
    """The events that somebody organises. An administrator lands elsewhere."""
    is_organiser = user.is_authenticated and Event.objects.filter(organisers=user).exists()
    return reverse("events:organised") if is_organiser else None


@entry(order=46)
def organised(user: Any) -> Entry | None:
    address = events_of(user)
    return Entry(_("Your events"), address, names("events", urls) | PAGES) if address else None
