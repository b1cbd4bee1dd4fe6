"""The live parts of the hosts' pages, for the staff of a restaurant only."""

from bookings.restaurants.hosts.regions import book, door, entries  # noqa: F401  (a region exists once its class does)
