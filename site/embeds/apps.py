from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from live.apps import discover


class EmbedsConfig(AppConfig):
    name = "embeds"
    verbose_name = _("embeds")

    def ready(self) -> None:
        discover("widgets", "badges")  # what the apps have for other sites to show
