"""Which times a flight can have."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from verbs.refusals import Refused


class ImpossibleTime(Refused):
    """A time that a flight can't have."""


EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=48)  # a departure, relative to its schedule
AHEAD = timedelta(minutes=5)  # how far a source's clock may be ahead of ours


def check_times(flight: Any) -> None:
    """Raise ImpossibleTime where a flight's times contradict each other, its schedule or the clock."""
    scheduled = flight.off_block_scheduled
    if flight.off_block_estimated and not EARLIEST <= flight.off_block_estimated - scheduled <= LATEST:
        raise ImpossibleTime(_("A departure can be expected from 12 hours before its schedule to 48 hours after it."))
    if flight.on_block_scheduled and not timedelta() < flight.on_block_scheduled - scheduled <= timedelta(hours=24):
        raise ImpossibleTime(_("The scheduled arrival must follow the scheduled departure within 24 hours."))
    actual = [flight.off_block_actual, flight.take_off_actual, flight.landing_actual, flight.on_block_actual]
    actual = [at for at in actual if at]
    if any(at > timezone.now() + AHEAD for at in actual):
        raise ImpossibleTime(_("An actual time can't lie in the future."))
    if any(at - scheduled < EARLIEST for at in actual):
        raise ImpossibleTime(_("An actual time can't lie more than 12 hours before the scheduled departure."))
    if any(earlier > later for earlier, later in pairwise(actual)):
        raise ImpossibleTime(_("A flight leaves its gate, takes off, lands and reaches its gate in this order."))


def arrival_after_delay(flight: Any, departure: datetime) -> datetime | None:
    """The expected arrival after a departure at this time: as late as the departure is. None without a schedule."""
    if not flight.on_block_scheduled:
        return None
    # A departure later than LATEST is refused, and might be too late to add.
    late = min(max(departure - flight.off_block_scheduled, timedelta()), LATEST)
    arrival: datetime = flight.on_block_scheduled + late
    return arrival


def minutes_between(earlier: datetime | None, later: datetime | None) -> int:
    """Whole minutes, negative where the second is earlier; 0 where one of them is unknown."""
    return int((later - earlier).total_seconds() // 60) if earlier and later else 0
