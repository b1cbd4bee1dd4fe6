"""The live parts of the restaurants' pages: what guests see, and what the house does."""

from bookings.restaurants.regions import guest, host, own  # noqa: F401  (a region exists once its class does)
