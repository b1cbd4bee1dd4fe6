from django.urls import path

from bookings.seats.search import views

urls = [path("", views.search, name="search")]
