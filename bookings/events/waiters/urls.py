from django.urls import path

from bookings.events.waiters import views

urls = [
    path("waiting/<str:token>/", views.waiting, name="waiting"),
    path("waiting/<str:token>/take/", views.take, name="take"),
    path("waiting/<str:token>/leave/", views.leave, name="leave"),
    path("waiting/<str:token>/fewer/", views.take_fewer, name="fewer"),
    path("<slug:slug>/waitlist/", views.waitlist, name="waitlist"),
]
