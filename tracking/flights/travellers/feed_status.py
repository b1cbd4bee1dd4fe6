"""Whether the sources of a board still call, so that missing news is not taken for good news."""

from datetime import datetime
from typing import NamedTuple

from clocks import earliest, recent
from tracking.flights.models import Airport, Source


class FeedStatus(NamedTuple):
    """When a source last called, and the sources that are silent: ``(name, last call)``. Times are in words."""

    heard: str
    silent: list[tuple[str, str]]
    is_silent: bool  # all sources are


def feed_status(airport: Airport) -> FeedStatus | None:
    """The status on the clock of an airport; None if no source ever called."""
    sources = list(Source.objects.in_use().order_by("heard_at"))
    if not sources:
        return None
    silent = [(source.name, last_call(source, airport)) for source in sources if source.is_silent]
    return FeedStatus(last_call(sources[-1], airport), silent, len(silent) == len(sources))


def last_call(source: Source, airport: Airport) -> str:
    """14:05, or 20 Nov 14:05 of another day."""
    return recent(source.heard_at, airport.tz)


def falls_silent_at(now: datetime) -> datetime | None:
    """When the next source falls silent if none calls."""
    return earliest(*(source.silent_from for source in Source.objects.in_use() if source.silent_from > now))
