"""What is known of a flight near its time. That nothing is reported of a flight is never good news.

A flight waits for its departure while it is at its gate, and for its arrival while it is on its way. Until ``GRACE`` after
that time a report from ``NEAR`` before it, or later, is news of it: without one the flight is merely scheduled. From then on
it is overdue: expected, while the last report is younger than ``GRACE``, and without news after that.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Min, Q

from clocks import earliest
from tracking.flights.models.codes import AT_GATE, EN_ROUTE

NEAR = timedelta(hours=3)
GRACE = timedelta(minutes=15)

AHEAD, KNOWN, OVERDUE, SILENT = "ahead", "known", "overdue", "silent"


def news(
    phase: str, departure: datetime | None, arrival: datetime | None, heard_at: datetime | None, now: datetime
) -> str:
    """AHEAD, KNOWN, OVERDUE or SILENT, by the best known times and the time of the last report."""
    awaited = departure if phase in AT_GATE else arrival if phase in EN_ROUTE else None
    if phase in AT_GATE and awaited is None:
        return AHEAD
    if awaited is None:
        return KNOWN
    if now < awaited + GRACE:
        return KNOWN if heard_at and heard_at >= awaited - NEAR else AHEAD
    return OVERDUE if heard_at and now < heard_at + GRACE else SILENT


def next_change_at(flights: models.QuerySet, now: datetime) -> datetime | None:
    """When time alone next changes what is known of one of these flights."""
    since = now - GRACE
    passed = Q(phase__in=AT_GATE, best_departure__lte=since) | Q(phase__in=EN_ROUTE, best_arrival__lte=since)
    found = flights.order_by().aggregate(
        departure=Min("best_departure", filter=Q(phase__in=AT_GATE, best_departure__gt=since)),
        arrival=Min("best_arrival", filter=Q(phase__in=EN_ROUTE, best_arrival__gt=since)),
        heard=Min("heard_at", filter=passed & Q(heard_at__gt=since)),
    )
    first = earliest(*found.values())
    return first and first + GRACE
