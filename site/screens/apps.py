from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from live.apps import discover


class ScreensConfig(AppConfig):
    name = "screens"
    verbose_name = _("screens")

    def ready(self) -> None:
        discover("contents")  # what the apps have for screens to show
