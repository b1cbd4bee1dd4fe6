"""Pages below /fly/: each room has its own addresses."""

from bookings.seats.desk.fares.urls import urls as fares
from bookings.seats.desk.urls import urls as desk
from bookings.seats.gate.urls import urls as gate
from bookings.seats.passengers.booking_urls import urls as booking
from bookings.seats.passengers.checkin_urls import urls as checkin
from bookings.seats.passengers.paying_urls import urls as paying
from bookings.seats.passengers.trip.urls import urls as trip
from bookings.seats.search.urls import urls as search

app_name = "seats"
urlpatterns = [*search, *booking, *checkin, *paying, *trip, *gate, *fares, *desk]
