"""What is copied into a page: the script, the element, and the link that stands in its place without scripts."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from embeds.models import Embed
from embeds.registry import Widget
from links.tokens import absolute


def snippet(widget: Widget, thing: str, attributes: Mapping[str, str]) -> SafeString:
    """The HTML of a public widget; ``attributes`` name the thing and say how it looks."""
    return html(widget, thing, attributes)


def keyed_snippet(embed: Embed, widget: Widget, attributes: Mapping[str, str]) -> SafeString:
    return html(widget, embed.thing, {"key": embed.token, **attributes})


def html(widget: Widget, thing: str, attributes: Mapping[str, str]) -> SafeString:
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
