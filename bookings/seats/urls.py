"""Pages below /fly/: each room has its own addresses."""

from bookings.seats.search.urls import urls as search

app_name = "seats"
urlpatterns = [*search]
