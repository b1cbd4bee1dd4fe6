"""The topics of seats: what can change."""

from datetime import date


def inventory(pk: int) -> str:
    """The seats of one flight: taken, held, blocked or free; and its check-in and boarding."""
    return f"seats-{pk}"


def market(origin: str, destination: str, day: date) -> str:
    """Seats and prices of all flights from one airport to another on one day, by the local day of departure.

    A search watches the markets of all legs that its results can have.
    """
    return f"market-{origin}-{destination}-{day.isoformat()}"


def fares() -> str:
    """The rules of fares and taxes."""
    return "fares"


def connections() -> str:
    """The minimum connection times."""
    return "connection-times"


def booking(pk: int) -> str:
    return f"flight-booking-{pk}"


def passenger(user: int) -> str:
    """The bookings of one account."""
    return f"passenger-{user}"


def sales() -> str:
    """Load, holds and revenue of any flight, for staff."""
    return "flight-sales"
