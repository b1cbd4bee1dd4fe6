from django.apps import AppConfig


class FlightsConfig(AppConfig):
    name = "tracking.flights"
    label = "flights"
