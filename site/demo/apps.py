from django.apps import AppConfig

from live.apps import discover


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        discover("setup")
