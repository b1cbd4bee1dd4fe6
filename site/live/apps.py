from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LiveConfig(AppConfig):
    name = "live"

    def ready(self):
        autodiscover_modules("regions")  # a region exists once its class does
