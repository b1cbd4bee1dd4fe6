"""The live parts of guests' pages."""

from bookings.restaurants.guests.regions.my_booking import Booked, Mine
from bookings.restaurants.guests.regions.search import ChangeTimes, Restaurants, Times
from bookings.restaurants.guests.regions.waiting import Queue, Waiting

__all__ = ["Booked", "ChangeTimes", "Mine", "Queue", "Restaurants", "Times", "Waiting"]
