from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from live.regions import Region, Snapshot
from shared_reads import read_once

register = template.Library()


@register.simple_tag(takes_context=True)
def live(context: template.Context, region: Region) -> SafeString:
    """Render a region and connect it, so that every open page shows its changes. Everybody gets the same of a public one."""

    def render() -> Snapshot:
        return region.render(fresh=False)

    request = context.get("request")
    snapshot = region.rendered
    if snapshot is None:
        snapshot = read_once(request, ("region", region.address), render) if region.public else render()
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
def fresh() -> SafeString:
    """Where a region shows how fresh it is. live.js writes it; without scripts it says when the page was made."""
    return format_html('<span class="fresh" hx-morph-skip>{}</span>', gettext("As of when you opened this page"))


@register.simple_tag
def live_words() -> SafeString:
    """The texts of live.js, in the page's language; %s is a time or a number."""
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
