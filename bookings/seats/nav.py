"""What flights for sale add to the frame and to the front page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.seats.search.urls import urls as search
from pages.nav import Door, Entry, door, entry, names


@entry(order=25)
def fly(user: Any) -> Entry:
    return Entry(_("Book a flight"), reverse("seats:search"), names("seats", search))


@door(order=5)
def to_search(user: Any) -> Door:
    return Door(_("Book a flight"), reverse("seats:search"), "seats")
