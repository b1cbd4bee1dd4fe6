from zoneinfo import ZoneInfo

from django import template

from pages import nav

register = template.Library()


@register.simple_tag
def home_zone() -> ZoneInfo:
    """The time zone of the airport whose front desk this is: ``{% home_zone as tz %}``."""
    return nav.home_zone()
