import socket

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

ANSWER_WITHIN = 10  # seconds that a provider has; the library itself sets no limit


class CheckoutConfig(AppConfig):
    name = "checkout"
    verbose_name = _("payments")

    def ready(self) -> None:
        if settings.PAYMENT_VARIANTS:
            socket.setdefaulttimeout(ANSWER_WITHIN)  # for blocking sockets that say nothing themselves
