from django.urls import path

from tracking.flights import views

app_name = "flights"
urlpatterns = [
    path("", views.found, name="found"),
    path("disruptions/", views.disruptions, name="disruptions"),
    path("<int:pk>/", views.flight, name="flight"),
    path("<int:pk>/desk/", views.flight_desk, name="flight-desk"),
    path("<int:pk>/<slug:verb>/", views.change, name="change"),
    path("<slug:airport>/departures/", views.departures, name="departures"),
    path("<slug:airport>/arrivals/", views.arrivals, name="arrivals"),
    path("<slug:airport>/desk/", views.desk, name="desk"),
]
