"""The addresses of the site, one line for each app. They do not change once they are released."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("server.urls")),
    path("", include("pages.urls")),
    path("flights/", include("tracking.flights.urls")),
    path("orders/", include("tracking.orders.urls")),
    path("restaurants/", include("bookings.restaurants.urls")),
    path("fly/", include("bookings.seats.urls")),
    path("events/", include("bookings.events.urls")),
    path("checkout/", include("checkout.urls")),
    path("payments/", include("checkout.webhooks")),
    path("api/", include("tracking.flights.feed.urls")),
    path("", include("screens.urls")),
    path("", include("embeds.urls")),
    path("live/", include("live.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "server.database.on_failure"
