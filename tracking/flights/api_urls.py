from django.urls import path

from tracking.flights.api import api

urlpatterns = [path("", api.urls)]
