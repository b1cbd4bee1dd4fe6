"""The names of what can change in this app."""


def book(restaurant, day):
    """What is booked, held or closed at a restaurant on one of its days."""
    return f"restaurant-book-{restaurant}-{day}"


def reservation(pk):
    return f"reservation-{pk}"


def guest(user):
    """The bookings of somebody who has an account."""
    return f"restaurant-guest-{user}"


def queue(restaurant):
    """Who waits at a restaurant for a table now, and how long they have been told to."""
    return f"restaurant-queue-{restaurant}"


def waiting(pk):
    """One party of a queue or of a waitlist."""
    return f"restaurant-waiting-{pk}"


def setup(restaurant):
    """A restaurant's rooms, tables, services and rules."""
    return f"restaurant-setup-{restaurant}"
