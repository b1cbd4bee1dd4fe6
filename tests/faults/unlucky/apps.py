import pytest
from django.apps import AppConfig
from django.conf import settings


class Unlucky(AppConfig):
    name = "tests.faults.unlucky"

    def ready(self):
        from tests.faults.unlucky import misfortunes

        settings.LIVE["hint_within"] = 60  # a hint is lost by misfortune, and not because the machine is busy
        for name in settings.MISFORTUNES:
            getattr(misfortunes, name)(pytest.MonkeyPatch())
