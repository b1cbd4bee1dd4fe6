"""Days and times in words, and the moments at which they change.

Moments are stored in UTC and shown on the clock of a place, never on the reader's. Everything here takes the zone::

    clock(reservation.starts_at, restaurant.tz)             # 18:30
    when(reservation.starts_at, restaurant.tz)              # Sat 21 November, 18:30
    recent(source.heard_at, airport.tz)                     # 14:05, and 20 Nov 14:05 of another day
    midnight(airport.tz, now)                               # when the airport's day ends
    earliest(hold.expires_at, midnight(tz, now))            # a region's stale_at; None counts as never

In templates the words are filters: ``{% load clocks %}{{ reservation.starts_at|clock:restaurant.tz }}``.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

register = template.Library()


@register.filter
def clock(moment: datetime | None, tz: tzinfo) -> str:
    """18:30; 01:15 EST where that night has this time twice; "" for None."""
    if moment is None:
        return ""
    local = moment.astimezone(tz)
    words = f"{local:%H:%M}"
    return f"{words} {zone_name(local)}" if is_ambiguous(local) else words


def is_ambiguous(local: datetime) -> bool:
    """Whether the clock shows this time twice, since it is put back that night."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def zone_name(local: datetime) -> str:
    """EST; UTC-03 where the zone has only a number."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


@register.filter
def day_words(day: date) -> str:
    """Sat 21 November, in the reader's language."""
    return day_words_in(day, get_language())


@lru_cache(maxsize=256)  # a form that offers times says a few days hundreds of times
def day_words_in(day: date, language: str | None) -> str:
    """In the active language, which is this one."""
    return date_format(day, pgettext("date format", "D j F"))


@register.filter
def short_day(day: date) -> str:
    """20 Nov, in the reader's language."""
    return date_format(day, pgettext("date format", "j M"))


@register.filter
def when(moment: datetime | None, tz: tzinfo, today: date | None = None) -> str:
    """Sat 21 November, 18:30; only 18:30 where that day is ``today``; "" for None."""
    if moment is None:
        return ""
    day = moment.astimezone(tz).date()
    return clock(moment, tz) if day == today else f"{day_words(day)}, {clock(moment, tz)}"


@register.filter
def short_when(moment: datetime | None, tz: tzinfo, today: date | None = None) -> str:
    """20 Nov 18:30; only 18:30 where that day is ``today``; "" for None."""
    if moment is None:
        return ""
    day = moment.astimezone(tz).date()
    return clock(moment, tz) if day == today else f"{short_day(day)} {clock(moment, tz)}"


def recent(moment: datetime | None, tz: tzinfo) -> str:
    """18:30; 20 Nov 18:30 unless that is today."""
    return short_when(moment, tz, today(tz))


def today(tz: tzinfo, now: datetime | None = None) -> date:
    """The day that it is in a zone."""
    return timezone.localdate(now, tz)


def day_begins(day: date, tz: tzinfo) -> datetime:
    """When a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


def midnight(tz: tzinfo, now: datetime | None = None) -> datetime:
    """When the day that it is in a zone ends, in UTC."""
    return day_begins(today(tz, now) + DAY, tz)


def next_minute(now: datetime) -> datetime:
    """When the next minute begins: until then a number of minutes stays right."""
    return now.replace(second=0, microsecond=0) + MINUTE


def next_hour(now: datetime) -> datetime:
    """When the next full hour of UTC begins."""
    return now.replace(minute=0, second=0, microsecond=0) + HOUR


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of these moments; None where all of them are None."""
    return min(filter(None, moments), default=None)
