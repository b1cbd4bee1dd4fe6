"""Times and places in templates: every time is an airport's own, and never the browser's."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from tracking.flights.models import Airport

register = template.Library()


@register.simple_tag
def airport(iata):
    """The airport of this code, or one without a name in UTC where it is not loaded yet. An Airport stays itself."""
    if isinstance(iata, Airport):
        return iata
    return Airport.objects.filter(iata=iata).first() or Airport(iata=iata, name=iata, city="UTC", zone="UTC")


@register.simple_tag
def now_at(zone):
    """Now, on the clocks of this zone."""
    return timezone.localtime(timezone=ZoneInfo(zone))


@register.filter
def at(when, zone):
    """A moment on the clocks of a zone; None stays None."""
    return when and timezone.localtime(when, ZoneInfo(zone))
