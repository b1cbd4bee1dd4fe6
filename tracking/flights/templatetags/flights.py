from django import template

from tracking.flights.models import Airport

register = template.Library()


@register.simple_tag
def airport(iata):
    """The airport of this code, or one without a name in UTC where it is not loaded yet. An Airport stays itself."""
    if isinstance(iata, Airport):
        return iata
    return Airport.objects.filter(iata=iata).first() or Airport(iata=iata, name=iata, city="UTC", zone="UTC")
