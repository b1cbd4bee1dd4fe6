"""A booking as a calendar file (RFC 5545). Its UID stays, its SEQUENCE counts what changed, CANCEL takes it away again."""

from datetime import UTC, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

YEAR = timedelta(days=366)
STAYS = "airside.restaurants"  # what makes the UID the world's own; a site that moves keeps its guests' entries


def calendar_of(reservation):
    """The file, as bytes; times in the restaurant's zone, which the file describes."""
    cancelled = reservation.state in ("cancelled", "no_show")
    calendar = Calendar()
    calendar.add("prodid", "-//Airside//Restaurants//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event(reservation, cancelled))
    calendar.add_missing_timezones(reservation.day - YEAR, reservation.day + YEAR)
    return calendar.to_ical()


def event(reservation, cancelled):
    from bookings.restaurants.links import address_of
    from bookings.restaurants.mail import absolute

    restaurant, zone = reservation.restaurant, reservation.tz
    words = {"name": restaurant.name, "party": reservation.party}
    entry = Event()
    entry.add("uid", f"{reservation.reference.lower()}@{STAYS}")
    entry.add("sequence", reservation.sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", reservation.starts_at.astimezone(zone))
    entry.add("dtend", reservation.ends_at.astimezone(zone).replace(second=0, microsecond=0))
    entry.add("summary", _("%(name)s, table for %(party)s") % words)
    entry.add("location", f"{restaurant.name}, {restaurant.where}, {restaurant.airport.name}")
    entry.add("description", _("Reference %(reference)s") % {"reference": reservation.reference})
    entry.add("url", absolute(address_of(reservation)))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return entry
