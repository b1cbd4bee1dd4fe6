"""The live parts of guests' pages."""

from bookings.restaurants.guests.regions import my_booking, search  # noqa: F401  (a region exists once its class does)
