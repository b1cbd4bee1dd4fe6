from django.urls import path

from tracking.flights.feed.api import api

urlpatterns = [path("", api.urls)]
