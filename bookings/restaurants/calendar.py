"""Bookings as calendar entries. Imports no model, so that the models can write mail with them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from links.tokens import absolute
from post.calendars import Entry, calendar_feed

DOMAIN = "airside.restaurants"  # makes the UID unique in the world; it stays when the site moves to another name


def entry_of(reservation: Any) -> Entry:
    """A booking in the reader's language, with its signed link."""
    restaurant = reservation.restaurant
    words = {"name": restaurant.name, "party": reservation.party}
    return Entry(
        uid=f"{reservation.reference.lower()}@{DOMAIN}",
        sequence=reservation.sequence,
        starts=reservation.starts_at,
        ends=reservation.ends_at,
        tz=reservation.tz,
        summary=_("%(name)s, table for %(party)s") % words,
        location=f"{restaurant.name}, {restaurant.where}, {restaurant.airport.name}",
        description=_("Reference %(reference)s") % {"reference": reservation.reference},
        url=absolute(reservation.get_absolute_url()),
        is_cancelled=reservation.is_void,
    )


def entry_of_former_guest(reservation: Any) -> Entry:
    """A booking that was transferred, cancelled in the calendar of the former guest; without the new guest's link."""
    return replace(entry_of(reservation), url="", is_cancelled=True)


def feed_of(reservations: Iterable[Any]) -> bytes:
    return calendar_feed([entry_of(reservation) for reservation in reservations], _("My tables"))
