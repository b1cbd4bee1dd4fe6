from django.urls import path

from bookings.events.attendees import views

urls = [
    path("", views.events, name="events"),
    path("registration/<str:token>/", views.registration, name="registration"),
    path("waiting/<str:token>/", views.waiting, name="waiting"),
    path("<slug:slug>/", views.event, name="event"),
]
