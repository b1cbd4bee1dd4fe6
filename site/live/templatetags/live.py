from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def live(region):
    """Render a region and connect it: every open page of it changes when it does."""
    snapshot = region.render()
    separator = "&" if "?" in region.address else "?"
    return format_html(
        '<div id="{}" class="live" hx-ws:connect="/ws/{}{}{}" data-fragment="/live/{}" data-v="{}" data-release="{}"{}>{}</div>',
        region.id,
        region.address,
        separator,
        urlencode({"v": snapshot.version}),
        region.address,
        snapshot.version,
        settings.RELEASE,
        format_html(' hx-config="{}"', "ws.pauseOnBackground:false") if region.stays else "",
        snapshot.html,
    )


@register.simple_tag
def fresh():
    """Where a region shows how fresh it is. The words are live.js's; without scripts it says what is true then."""
    return format_html('<span class="fresh" hx-morph-skip>{}</span>', gettext("As of when you opened this page"))
