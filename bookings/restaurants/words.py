"""Days and times as each language writes them."""

from django.utils.formats import date_format
from django.utils.translation import pgettext


def when(moment, zone):
    """Sat 21 November, 18:30: on the restaurant's clock."""
    local = moment.astimezone(zone)
    return f"{day_words(local.date())}, {date_format(local, 'H:i')}"


def day_words(day):
    return date_format(day, pgettext("date format", "D j F"))
