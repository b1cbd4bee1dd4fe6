from django.apps import AppConfig

from live.apps import discover


class PagesConfig(AppConfig):
    name = "pages"

    def ready(self) -> None:
        discover("nav")  # what apps add to the frame
        from pages import checks  # noqa: F401  (registers them)
