"""A booking as programs read it in a mail: FlightReservation of schema.org, one for each traveller and flight."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from links.tokens import absolute

CONTEXT = "https://schema.org"


def reservations_of(booking: Any, segments: Any) -> list[dict[str, Any]]:
    """Those who travel, then those whose ticket was cancelled: their reservation says so."""
    return [
        reservation(booking, segment, coupon)
        for segment in segments
        for coupon in segment.coupons.select_related("traveller", "assignment").order_by("traveller__position")
    ]


def reservation(booking: Any, segment: Any, coupon: Any) -> dict[str, Any]:
    """Times have the offset of their airport; the number of the flight is without the airline's code."""
    flight, traveller = segment.inventory.flight, coupon.traveller
    is_off = coupon.status == "void" or booking.state == "cancelled" or flight.phase == "cancelled"
    found = {
        "@context": CONTEXT,
        "@type": "FlightReservation",
        "reservationNumber": booking.reference,
        "reservationStatus": f"{CONTEXT}/{'ReservationCancelled' if is_off else 'ReservationConfirmed'}",
        "underName": {"@type": "Person", "name": str(traveller)},
        "reservationFor": {
            "@type": "Flight",
            "flightNumber": flight.number,
            "airline": {"@type": "Airline", "name": flight.airline.name, "iataCode": flight.airline_id},
            "departureAirport": airport(flight.origin),
            "arrivalAirport": airport(flight.destination),
            "departureTime": time(flight.best_departure, flight.origin.tz),
        },
        "modifyReservationUrl": absolute(booking.get_absolute_url()),
    }
    about = found["reservationFor"]
    if flight.best_arrival:
        about["arrivalTime"] = time(flight.best_arrival, flight.destination.tz)
    if flight.gate:
        about["departureGate"] = flight.gate
    if coupon.seat:
        found["airplaneSeat"] = coupon.seat
    if traveller.ticket:
        found["ticketNumber"] = traveller.ticket
    return found


def airport(place: Any) -> dict[str, str]:
    return {"@type": "Airport", "name": place.name, "iataCode": place.iata}


def time(moment: datetime, tz: ZoneInfo) -> str:
    return moment.astimezone(tz).isoformat(timespec="seconds")
