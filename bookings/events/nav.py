"""What events add to the frame and to the front page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.events.attendees.urls import urls as attendees
from bookings.events.waiters.urls import urls as waiters
from pages.nav import Door, Entry, door, entry, names

PAGES = {"events:programme", "events:session", "events:now"}  # for everybody, in rooms that have others as well


@entry(order=32)
def events(user: Any) -> Entry:
    return Entry(_("Events"), reverse("events:events"), names("events", [*attendees, *waiters]) | PAGES)


@door(order=42)
def to_events(user: Any) -> Door:
    return Door(_("Events"), reverse("events:events"), "events")
