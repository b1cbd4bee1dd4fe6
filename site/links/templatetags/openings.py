from datetime import tzinfo

from django import template

from clocks import today
from links.models import Linked, Opening

register = template.Library()

SHOWN = 5


@register.inclusion_tag("links/_openings.html")
def openings(thing: Linked, tz: tzinfo, user: object = None) -> dict[str, object]:
    """``{% openings reservation tz user %}``: the latest openings of its link, for its owner."""
    found = Opening.objects.of(thing).select_related("user").order_by("-at")[:SHOWN]
    rows = [(opening, today(tz, opening.at) == today(tz)) for opening in found]
    return {"rows": rows, "tz": tz, "user": user}
