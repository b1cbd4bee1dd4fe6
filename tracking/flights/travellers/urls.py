from django.urls import path

from tracking.flights.travellers import views

urls = [
    path("", views.found, name="found"),
    path("disruptions/", views.disruptions, name="disruptions"),
    path("<int:pk>/", views.flight, name="flight"),
    path("<slug:iata>/departures/", views.departures, name="departures"),
    path("<slug:iata>/arrivals/", views.arrivals, name="arrivals"),
]
