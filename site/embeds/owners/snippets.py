"""What is copied into a page: the script, the element, and the link that stands in its place without scripts."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from embeds.registry import Widget
from links.tokens import absolute


def snippet(widget: Widget, thing: str, attributes: Mapping[str, str]) -> SafeString:
    """The HTML of a widget; ``attributes`` name the thing or have its key, and say how it looks."""
    written = format_html_join("", ' {}="{}"', attributes.items())
    return format_html(
        '<script src="{}" async></script>\n<{}{}><a href="{}">{}</a></{}>',
        absolute(reverse("embeds:script")),
        widget.tag,
        written,
        absolute(widget.url(thing)),
        widget.title(thing),
        widget.tag,
    )
