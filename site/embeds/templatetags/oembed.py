from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from embeds.oembed import FORMATS, widget_of

register = template.Library()


@register.simple_tag(takes_context=True)
def oembed_links(context: RequestContext) -> SafeString | str:
    """Where the oEmbed answer of this page is, for its head; nothing on a page that no public widget shows."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    widget = widget_of(match.view_name) if match else None
    if request is None or widget is None or widget.is_private:
        return ""
    page = request.build_absolute_uri()
    address = request.build_absolute_uri(reverse("embeds:oembed"))
    links = ((form, address, urlencode({"url": page, "format": form})) for form in FORMATS)
    types = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
    return format_html_join(
        "\n    ",
        '<link rel="alternate" type="{}" href="{}?{}">',
        ((types[form], address, query) for form, address, query in links),
    )
