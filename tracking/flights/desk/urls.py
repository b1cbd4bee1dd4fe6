from django.urls import path

from tracking.flights.desk import views

urls = [
    path("<int:pk>/desk/", views.flight_desk, name="flight-desk"),
    path("<int:pk>/<slug:verb>/", views.change, name="change"),
    path("<slug:iata>/desk/", views.desk, name="desk"),
]
