"""Addresses from an offer to the booking."""

from django.urls import path

from bookings.seats.passengers import holding, offering, seating

urls = [
    path("offers/", offering.offer, name="offer"),
    path("hold/<str:token>/", holding.hold, name="hold"),
    path("hold/<str:token>/extend/", holding.extend, name="extend"),
    path("hold/<str:token>/renew/", holding.renew, name="renew"),
    path("hold/<str:token>/release/", holding.release, name="release"),
    path("hold/<str:token>/keep/<int:position>/", holding.keep, name="keep"),
    path("hold/<str:token>/seats/<int:position>/", seating.seats, name="seats"),
]
