from django.urls import path

from bookings.events.attendees import views

urls = [
    path("", views.events, name="events"),
    path("held/<str:token>/", views.registration, name="held"),
    path("registration/<str:token>/", views.registration, name="registration"),
    path("<slug:slug>/", views.event, name="event"),
]
