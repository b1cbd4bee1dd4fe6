"""Bookings as calendar files (RFC 5545). A UID stays, its SEQUENCE counts what changed, CANCEL takes it away again."""

from datetime import UTC, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

YEAR = timedelta(days=366)
FETCHED = timedelta(minutes=15)  # how often a feed may be; calendars take their own time all the same
STAYS = "airside.restaurants"  # what makes the UID the world's own; a site that moves keeps its guests' entries


def calendar_of(reservation):
    """The file, as bytes; times in the restaurant's zone, which the file describes."""
    return file_of("CANCEL" if is_off(reservation) else "PUBLISH", [reservation]).to_ical()


def feed_of(reservations):
    """All of them, as bytes, for a calendar that fetches it again and again: what was cancelled stays, and says so."""
    feed = file_of("PUBLISH", reservations)
    feed.add("name", _("My tables"))
    feed.add("x-wr-calname", _("My tables"))  # what those read that don't know RFC 7986
    feed.add("refresh-interval", FETCHED, {"value": "DURATION"})
    feed.add("x-published-ttl", "PT15M")
    return feed.to_ical()


def file_of(method, reservations):
    calendar = Calendar()
    calendar.add("prodid", "-//Airside//Restaurants//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for reservation in reservations:
        calendar.add_component(event(reservation))
    days = [reservation.day for reservation in reservations]
    if days:
        calendar.add_missing_timezones(min(days) - YEAR, max(days) + YEAR)
    return calendar


def is_off(reservation):
    return reservation.state in ("cancelled", "no_show")


def event(reservation):
    from bookings.restaurants.guests.mail import absolute
    from bookings.restaurants.links import address_of

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
    entry.add("status", "CANCELLED" if is_off(reservation) else "CONFIRMED")
    return entry
