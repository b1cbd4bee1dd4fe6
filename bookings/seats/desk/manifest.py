"""The passenger list of a flight, also as a table for a spreadsheet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.seats.models import Coupon, Inventory, State, Status
from bookings.seats.models.states import LIVE, Kind

RELATED = ("traveller", "assignment", "segment__booking")
TONES = {Status.BOARDED: "good", Status.CHECKED_IN: "info", Status.OFFLOADED: "bad"}


class PassengerRow(NamedTuple):
    id: int
    name: str
    kind: str  # "" for an adult
    seat: str
    with_adult: str  # of an infant on a lap
    status: str
    tone: str
    sequence: int | None
    fare: str
    cabin: str
    infants: str
    needs_help: bool
    reference: str
    is_paid: bool
    contact: str


def coupons_on(inventory: Inventory, now: datetime) -> list[Coupon]:
    """The tickets of everybody who has booked, and who has not lost the seats since; by name."""
    booked = Coupon.objects.filter(segment__inventory=inventory, segment__booking__state__in=LIVE)
    of_booked = booked.exclude(status=Status.VOID).exclude(segment__booking__state=State.HELD)
    found = of_booked.select_related(*RELATED, "traveller__adult")
    live = [coupon for coupon in found if not coupon.segment.booking.is_expired(now)]
    return sorted(live, key=by_name)


def by_name(coupon: Coupon) -> tuple[str, str, int]:
    traveller = coupon.traveller
    return (traveller.surname or traveller.given).casefold(), traveller.given.casefold(), coupon.pk


def manifest(inventory: Inventory, now: datetime) -> list[PassengerRow]:
    coupons = coupons_on(inventory, now)
    infants: dict[int, list[str]] = {}
    for coupon in coupons:
        if coupon.traveller.adult_id:
            infants.setdefault(coupon.traveller.adult_id, []).append(str(coupon.traveller))
    return [passenger_row(coupon, infants.get(coupon.traveller_id, [])) for coupon in coupons]


def passenger_row(coupon: Coupon, infants: list[str]) -> PassengerRow:
    traveller, booking = coupon.traveller, coupon.segment.booking
    return PassengerRow(
        coupon.pk,
        str(traveller),
        "" if traveller.kind == Kind.ADULT else str(traveller.get_kind_display()),
        coupon.seat,
        str(traveller.adult or ""),
        str(coupon.get_status_display()),
        TONES.get(Status(coupon.status), "calm"),
        coupon.sequence,
        booking.family.title(),
        str(coupon.segment.get_cabin_display()),
        ", ".join(infants),
        traveller.needs_help,
        booking.reference,
        booking.state == State.CONFIRMED,
        " ".join(filter(None, (booking.email, booking.phone))),
    )


def without_seat(inventory: Inventory, now: datetime) -> list[Coupon]:
    """Who is expected on the flight, needs a seat and has none, such as after a change of aircraft: a task for staff."""
    expected = Coupon.objects.expected(now).filter(segment__inventory=inventory, assignment=None)
    seatless = expected.exclude(traveller__kind=Kind.INFANT_LAP).select_related("traveller", "segment__booking")
    return sorted(seatless, key=by_name)


def table(rows: Iterable[PassengerRow]) -> tuple[list[str], list[list[Any]]]:
    """The header and the rows of a spreadsheet."""
    header = [
        *(_("Name"), _("Passenger"), _("Seat"), _("Status"), _("Sequence"), _("Fare"), _("Cabin")),
        *(_("Infants"), _("Needs help"), _("Booking"), _("Paid"), _("Contact")),
    ]
    found = []
    for row in rows:
        cells: list[Any] = [row.name, row.kind, row.seat or row.with_adult, row.status, row.sequence or "", row.fare]
        cells += [row.cabin, row.infants, _("yes") if row.needs_help else "", row.reference]
        found.append([*cells, _("yes") if row.is_paid else _("no"), row.contact])
    return header, found
