from bookings.restaurants import guest_urls, host_urls

app_name = "restaurants"
urlpatterns = [*host_urls.urls, *guest_urls.urls]
