import re
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http.request import validate_host
from django.utils.html import format_html, format_html_join

register = template.Library()

WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")


@register.filter
def own_links(text):
    """The text, escaped, with links where it names addresses of this site; those of others stay text."""
    parts = (link(part) if number % 2 else part for number, part in enumerate(WEB_ADDRESS.split(text)))
    return format_html_join("", "{}", ((part,) for part in parts))


def link(address):
    """A link, or the mere address where it is not ours."""
    try:
        parts = urlsplit(address)
        ours = validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)
    except ValueError:
        ours = False
    if not ours:
        return address
    # By path alone, and never one of two slashes, which would name a host: it leads here, whatever it says.
    path = parts._replace(scheme="", netloc="", path="/" + parts.path.lstrip("/\\")).geturl()
    return format_html('<a href="{}">{}</a>', path, address)
