"""The words of clocks.py in templates: ``{% load clocks %}{{ reservation.starts_at|clock:restaurant.tz }}``."""

from django import template

import clocks

register = template.Library()
register.filter(clocks.clock)
register.filter(clocks.day_words)
register.filter(clocks.short_day)
register.filter(clocks.when)
