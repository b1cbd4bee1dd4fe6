"""Checks for settings that keep mail from being delivered, run by ``manage.py check --deploy``."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

PLACEHOLDER = "airside@localhost"


@register(Tags.security, deploy=True)
def mail_is_sent(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The console backend sends nothing, and writes reset links into the log."""
    if not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    hint = "Set it to the mail server, such as smtp+tls://user:password@mail.example:587"
    return [Warning("EMAIL_URL is missing: mail is printed, and not sent.", hint=hint, id="airside.W004")]


@register(Tags.security, deploy=True)
def sender_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if PLACEHOLDER not in settings.DEFAULT_FROM_EMAIL:
        return []
    hint = "Set it to an address of the site, such as Airside <desk@airside.example>"
    return [Warning("DEFAULT_FROM_EMAIL is missing: mail servers refuse the sender.", hint=hint, id="airside.W005")]
