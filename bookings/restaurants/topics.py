"""The topics of this app."""

from datetime import date


def book(restaurant: int, day: date) -> str:
    """The reservation book of a restaurant (its key) for one day: what is booked, held or closed."""
    return f"restaurant-book-{restaurant}-{day}"


def reservation(pk: int) -> str:
    """One reservation."""
    return f"reservation-{pk}"


def guest(user: int) -> str:
    """All reservations of a signed-in guest."""
    return f"restaurant-guest-{user}"


def queue(restaurant: int) -> str:
    """The queue of a restaurant, and the quoted waits."""
    return f"restaurant-queue-{restaurant}"


def waiting(name: str) -> str:
    """One entry of a queue or a waitlist, such as ``queue-12``."""
    return f"restaurant-waiting-{name}"


def setup(restaurant: int) -> str:
    """The set-up of a restaurant: areas, tables, services and rules."""
    return f"restaurant-setup-{restaurant}"
