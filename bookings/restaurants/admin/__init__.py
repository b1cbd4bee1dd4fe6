"""Setting up a restaurant: areas and tables, joins, services, closures. Reservations are shown; only verbs change them."""

from bookings.restaurants.admin import areas, reservations, restaurants, services

__all__ = ["areas", "reservations", "restaurants", "services"]
