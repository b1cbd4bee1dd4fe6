"""The list: one line for each reservation of a day."""

from typing import NamedTuple

from django.db.models import Q

from bookings.restaurants.hosts.status import Standing, back, standing, who
from bookings.restaurants.models import Reservation, State
from bookings.restaurants.models.slots import moment_of
from bookings.restaurants.models.states import ENDED, EXPECTED, HERE
from bookings.restaurants.models.times import current

SHOWN = {"expected": (State.HELD, *EXPECTED), "here": HERE, "ended": ENDED}


class BookRow(NamedTuple):
    """All that a line of the list shows; equal ones are not sent again."""

    id: int
    restaurant: str
    reference: str
    time: str
    party: int
    name: str
    tables: str
    standing: Standing
    back: str
    notes: str
    allergies: str
    channel: str
    is_ended: bool


def day_now(restaurant, now):
    """The day whose book is open: after midnight still last night's, as long as its service is on."""
    return current(restaurant, 1, now).day


def of_day(restaurant, day, now):
    """The reservations of a day that a host sees: all but the holds that have expired."""
    listed = Reservation.objects.on(restaurant, day).exclude(state=State.HELD, expires_at__lte=now)
    listed = listed.exclude(state=State.CANCELLED, cancel_until=None)  # a hold that was given back
    listed = listed.select_related("restaurant__airport").prefetch_related("tables")
    return listed.order_by("starts_at", "pk")


def services_of(restaurant, day):
    return [service for service in restaurant.services.all() if service.is_on(day)]


def service_now(restaurant, day, now):
    """The service of a day that is on or comes next, None where that can't be said or is the only one."""
    services = services_of(restaurant, day)
    if len(services) < 2 or day != day_now(restaurant, now):
        return None
    return next((service for service in services if moment_of(service.times(day, restaurant.tz)[1]) > now), None)


def book_rows(restaurant, day, now, show="", area="", service="", text=""):
    """The lines of a day; only those in these states, in this area, of this service, or with this text.

    ``area`` and ``service`` are keys; the text is looked for in name, phone and reference. Who is here is on the list
    of every service.
    """
    listed = of_day(restaurant, day, now)
    if service.isdecimal():
        listed = listed.filter(Q(service=service) | Q(service=None) | Q(state__in=HERE))
    if show in SHOWN:
        listed = listed.filter(state__in=SHOWN[show])
    if area.isdecimal():
        listed = listed.filter(tables__area=area).distinct()
    if text:
        listed = listed.filter(Q(name__icontains=text) | Q(phone__icontains=text) | Q(reference__iexact=text))
    return [row_of(reservation, now) for reservation in listed]


def expected_rows(restaurant, day, service, now):
    """The lines of those who still expect a table at a service (its key), or on the whole day for None."""
    listed = of_day(restaurant, day, now).filter(state__in=EXPECTED)
    if service is not None:
        listed = listed.filter(service=service)
    return [row_of(reservation, now) for reservation in listed]


def row_of(reservation, now):
    return BookRow(
        id=reservation.pk,
        restaurant=reservation.restaurant.slug,
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        party=reservation.party,
        name=who(reservation),
        tables=names(reservation.tables.all()),
        standing=standing(reservation, now),
        back=back(reservation, now),
        notes=reservation.notes,
        allergies=reservation.allergies,
        channel=reservation.channel if reservation.name else "",  # who has none is called after it already
        is_ended=reservation.state in ENDED,
    )


def names(tables):
    return " + ".join(sorted(table.name for table in tables))
