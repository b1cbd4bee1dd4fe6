"""Mail to passengers: which verb writes which. Called inside the verb's transaction; imports no model."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from bookings.seats.calendar import entries_of
from bookings.seats.reservations import reservations_of
from clocks import when
from links.tokens import absolute
from money import Money
from post.calendars import calendar_attachment
from post.mail import post

FOLDER = "seats/mail"
ALWAYS = {
    "book": "booked",
    "confirm": "confirmed",
    "change": "changed",
    "rebook": "changed",
    "reaccommodate": "changed",
    "revoke": "link",
    "settle_change": "confirmed",
    "give_back_unused": "unused",
}
BY_STAFF = {"move": "seats", "swap": "seats", "change_aircraft": "seats"}  # what passengers do themselves they know


def notify(booking: Any, verb: str, was: Mapping[str, str]) -> None:
    """Write the mail that follows from a verb. ``was``: the fields that it changed, as they were before."""
    if booking.booked_at is None:
        return  # it was never booked
    if verb == "cancel":
        name = "cancelled" if booking.state == "cancelled" else "cancelled_in_part"
        write(booking, name, int(was.get("charged", booking.charged)), was)
    elif verb == "lapse":
        write(booking, "lapsed", int(was.get("charged", booking.charged)), was)
    elif verb in BY_STAFF and (booking.context or {}).get("by") and booking.state == "confirmed":
        write(booking, BY_STAFF[verb])
    elif verb in ALWAYS:
        write(booking, ALWAYS[verb], int(was.get("charged") or booking.charged), was)


def write(booking: Any, name: str, paid_before: int = 0, was: Mapping[str, str] | None = None) -> None:
    """Write one mail, if there is an address. ``paid_before``: what was paid before the verb, so that the mail says what comes back."""
    if not booking.email:
        return
    segments = list(
        booking.segments.select_related(
            "inventory__flight__origin", "inventory__flight__destination", "inventory__flight__airline"
        )
    )
    now = timezone.now()
    first = segments[0].inventory.flight
    with override(booking.language):
        trouble = booking.trouble(now) if name == "disrupted" else None
        tz = first.origin.tz
        context = {
            "booking": booking,
            "first": first,
            "last": segments[-1].inventory.flight,
            "legs": [leg_of(segment) for segment in segments],
            "travellers": [(traveller, traveller.ticket) for traveller in booking.party_members()],
            "total": booking.price,
            "back": Money(max(0, paid_before - booking.charged), booking.currency),
            "due": Money(booking.due, booking.currency),
            "price_until": when(booking.price_until, tz),
            "pay_until": when(booking.pay_until, tz),
            "place": first.origin.city,
            "trouble": trouble,
            "rights": trouble.hints() if trouble else [],
            "link": absolute(booking.get_absolute_url()),
            "search": absolute(reverse("seats:search")),
        }
        flights_before = len((was or {}).get("flights", "").split()) if was else 0
        is_sure = booking.state != "booked"  # what is not paid may still expire: no calendar needs it
        entries = entries_of(booking, segments, flights_before)
        file = calendar_attachment(entries, booking.reference) if is_sure else None
        data = reservations_of(booking, segments) if is_sure else None
    is_bounded = name != "disrupted"
    post(
        f"{FOLDER}/{name}",
        booking.email,
        context,
        booking.language,
        file,
        about=booking,
        bounded=is_bounded,
        data=data,
    )


def leg_of(segment: Any) -> dict[str, Any]:
    """One flight, in words for a mail."""
    flight = segment.inventory.flight
    taken = segment.coupons.exclude(status="void").select_related("assignment", "traveller")
    return {
        "flight": flight,
        "departs": when(flight.best_departure, flight.origin.tz),
        "arrives": when(flight.best_arrival, flight.destination.tz),
        "seats": [(coupon.traveller, coupon.seat) for coupon in taken],
        "is_cancelled": flight.phase == "cancelled",
    }
