import re
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http.request import validate_host
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")


@register.filter
def own_links(text: str) -> SafeString:
    """The text, escaped, with links for addresses of this site; other addresses stay text."""
    parts = (link(part) if number % 2 else part for number, part in enumerate(WEB_ADDRESS.split(text)))
    return format_html_join("", "{}", ((part,) for part in parts))


def link(address: str) -> str:
    """A link; the address itself if it is of another site."""
    try:
        parts = urlsplit(address)
        ours = validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)
    except ValueError:
        ours = False
    if not ours:
        return address
    # Only the path, and with one slash: two would name another host.
    path = parts._replace(scheme="", netloc="", path="/" + parts.path.lstrip("/\\")).geturl()
    return format_html('<a href="{}">{}</a>', path, address)
