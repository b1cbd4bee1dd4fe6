from django.urls import path

from bookings.seats.passengers.trip import cancelling, changing, views

urls = [
    path("trips/", views.mine, name="mine"),
    path("trips/<str:token>/", views.booked, name="booked"),
    path("trips/<str:token>/calendar/", views.calendar, name="calendar"),
    path("trips/<str:token>/cancel/", cancelling.cancel, name="cancel"),
    path("trips/<str:token>/change/", changing.change, name="change"),
    path("trips/<str:token>/rebook/", changing.rebook, name="rebook"),
    path("trips/<str:token>/keep/", views.keep, name="keep"),
    path("trips/<str:token>/revoke/", views.revoke, name="revoke"),
]
