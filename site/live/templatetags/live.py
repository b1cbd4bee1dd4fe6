from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils.html import format_html, json_script
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def live(region):
    """Render a region and connect it: every open page of it changes when it does."""
    snapshot = region.render(anew=False)
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


@register.simple_tag
def live_words():
    """What live.js says, in the page's language; %s is a time or a number."""
    words = {
        "live": gettext("Live"),
        "behind": gettext("Catching up"),
        "polling": gettext("Updated every 10 s, without a live connection"),
        "cut": gettext("No live data since %s"),
        "paused": gettext("Paused at %s"),
        "sign_in": gettext("Your sign-in has ended. Sign in again to see this live."),
        "ended": gettext("You can no longer see this live."),
        "more": gettext("Further changes: %s"),
    }
    return json_script(words, "live-words")
