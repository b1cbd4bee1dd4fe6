"""What restaurants add to the frame, the front page, and where hosts land."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from bookings.restaurants.guests.urls import urls as guests
from bookings.restaurants.hosts.urls import urls as hosts
from pages.nav import Door, Entry, door, entry, names


@landing(order=20)
def book_of(user: Any) -> str | None:
    """The reservation book of the restaurant where somebody works."""
    restaurant = user.restaurants.first() if user.is_authenticated else None
    return reverse("restaurants:book", args=[restaurant.slug]) if restaurant else None


@entry(order=30)
def restaurants(user: Any) -> Entry:
    return Entry(_("Restaurants"), reverse("restaurants:list"), names("restaurants", guests))


@entry(order=40)
def book(user: Any) -> Entry | None:
    address = book_of(user)
    return Entry(_("Reservations"), address, names("restaurants", hosts)) if address else None


@door(order=40)
def to_restaurants(user: Any) -> Door:
    return Door(_("Restaurants"), reverse("restaurants:list"), "restaurants")
