"""The reservations of a day as a list: one row for each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from bookings.restaurants.hosts.status import Status, due_back, guest_name, status_of
from bookings.restaurants.hosts.tables import table_names
from bookings.restaurants.models import Reservation, Restaurant, Service, State
from bookings.restaurants.models.slots import moment_of
from bookings.restaurants.models.states import ENDED, EXPECTED, HERE
from bookings.restaurants.models.times import current
from whole_numbers import key_of

STATES: dict[str, Sequence[State]] = {"expected": (State.HELD, *EXPECTED), "here": HERE, "ended": ENDED}


class ReservationRow(NamedTuple):
    """All that a row of the list shows. A row that is equal to the last one is not sent again."""

    id: int
    restaurant: str
    reference: str
    time: str
    party: int
    name: str
    tables: str
    status: Status
    due_back: str
    notes: str
    allergies: str
    channel: str
    is_ended: bool


def business_day(restaurant: Restaurant, now: datetime) -> date:
    """The day whose book is open. After midnight it is still the last day, as long as that day's service is on."""
    return current(restaurant, 1, now).day


def reservations_of(restaurant: Restaurant, day: date, now: datetime) -> QuerySet[Reservation]:
    """The reservations of a day that hosts see: all but holds that have expired or were released."""
    reservations = Reservation.objects.on(restaurant, day).exclude(state=State.HELD, expires_at__lte=now)
    reservations = reservations.exclude(state=State.CANCELLED, cancel_until=None)
    reservations = reservations.select_related("restaurant__airport").prefetch_related("tables")
    return reservations.order_by("starts_at", "pk")


def services_of(restaurant: Restaurant, day: date) -> list[Service]:
    return [service for service in restaurant.services.all() if service.is_on(day)]


def service_now(restaurant: Restaurant, day: date, now: datetime) -> Service | None:
    """The service of today that is on or comes next. None on other days, and where there is only one service."""
    services = services_of(restaurant, day)
    if len(services) < 2 or day != business_day(restaurant, now):
        return None
    return next((service for service in services if moment_of(service.times(day, restaurant.tz)[1]) > now), None)


def reservation_rows(
    restaurant: Restaurant, day: date, now: datetime, show: str = "", area: str = "", service: str = "", text: str = ""
) -> list[ReservationRow]:
    """The rows of a day, filtered by state (a key of STATES), area, service (their keys) and text.

    The text is looked for in name, phone and reference. Parties that are here are listed at every service.
    """
    reservations = reservations_of(restaurant, day, now)
    if at := key_of(service):
        reservations = reservations.filter(Q(service=at) | Q(service=None) | Q(state__in=HERE))
    if show in STATES:
        reservations = reservations.filter(state__in=STATES[show])
    if within := key_of(area):
        reservations = reservations.filter(tables__area=within).distinct()
    if text:
        matches = Q(name__icontains=text) | Q(phone__icontains=text) | Q(reference__iexact=text)
        reservations = reservations.filter(matches)
    return [reservation_row(reservation, now) for reservation in reservations]


def expected_rows(restaurant: Restaurant, day: date, service: int | None, now: datetime) -> list[ReservationRow]:
    """The rows of parties that still expect a table at a service (its key), or on the whole day for None."""
    reservations = reservations_of(restaurant, day, now).filter(state__in=EXPECTED)
    if service is not None:
        reservations = reservations.filter(service=service)
    return [reservation_row(reservation, now) for reservation in reservations]


def reservation_row(reservation: Reservation, now: datetime) -> ReservationRow:
    return ReservationRow(
        id=reservation.pk,
        restaurant=reservation.restaurant.slug,
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        party=reservation.party,
        name=guest_name(reservation),
        tables=table_names(reservation.tables.all()),
        status=status_of(reservation, now),
        due_back=due_back(reservation, now),
        notes=reservation.notes,
        allergies=reservation.allergies,
        channel=reservation.channel if reservation.name else "",  # a nameless party is called by its channel already
        is_ended=reservation.state in ENDED,
    )
