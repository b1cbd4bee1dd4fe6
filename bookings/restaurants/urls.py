from bookings.restaurants.guests import urls as guests
from bookings.restaurants.hosts import urls as hosts

app_name = "restaurants"
urlpatterns = [*hosts.urls, *guests.urls]
