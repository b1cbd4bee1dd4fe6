"""What must not be deployed: checked by ``manage.py check --deploy``."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    return [
        Error(
            "Demo mode is on: everybody knows the passwords of its accounts and can read its mail.",
            hint="Leave AIRSIDE_DEMO out.",
            id="airside.E001",
        )
    ]


@register(Tags.security, deploy=True)
def origins_are_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.AIRSIDE_ORIGINS:
        return []
    return [
        Error(
            "AIRSIDE_ORIGINS is empty: sockets and forms behind a proxy cannot tell this site's pages from others'.",
            hint="Set it to the origins of the site, such as https://airside.example",
            id="airside.E002",
        )
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            "ALLOWED_HOSTS takes any name: the links in mail lead wherever a request's Host header says.",
            hint="Set it to the names of the site, such as airside.example",
            id="airside.W003",
        )
    ]
