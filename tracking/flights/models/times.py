"""Which times a flight can have."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from verbs.refusals import Refused


class ImpossibleTime(Refused):
    """A time that a flight can't have."""


EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=48)  # a departure, relative to its schedule
LONGEST = timedelta(hours=24)  # of all flights
AHEAD = timedelta(minutes=5)  # how far a source's clock may be ahead of ours
YEARS = range(2000, 2200)  # others can't be told on every clock of the world
DEPARTURES = ("off_block_actual", "off_block_estimated", "off_block_scheduled")  # the best known one first
MOVES = ("take_off", "landing", "on_block")


def is_in_range(moment: datetime) -> bool:
    return moment.year in YEARS


def check_times(flight: Any) -> None:
    """Raise ImpossibleTime where a flight's times contradict each other, its schedule or the clock."""
    scheduled = flight.off_block_scheduled
    check_estimates(flight)
    if flight.off_block_estimated and not EARLIEST <= flight.off_block_estimated - scheduled <= LATEST:
        raise ImpossibleTime(_("A departure can be expected from 12 hours before its schedule to 48 hours after it."))
    if flight.on_block_scheduled and not timedelta() < flight.on_block_scheduled - scheduled <= LONGEST:
        raise ImpossibleTime(_("The scheduled arrival must follow the scheduled departure within 24 hours."))
    actual = [flight.off_block_actual, flight.take_off_actual, flight.landing_actual, flight.on_block_actual]
    actual = [at for at in actual if at]
    if any(at > timezone.now() + AHEAD for at in actual):
        raise ImpossibleTime(_("An actual time can't lie in the future."))
    if any(at - scheduled < EARLIEST for at in actual):
        raise ImpossibleTime(_("An actual time can't lie more than 12 hours before the scheduled departure."))
    if any(earlier > later for earlier, later in pairwise(actual)):
        raise ImpossibleTime(_("A flight leaves its gate, takes off, lands and reaches its gate in this order."))


def check_estimates(flight: Any) -> None:
    """Raise ImpossibleTime where the rest of a flight is expected too far from its schedule."""
    for name in MOVES:
        estimated = getattr(flight, f"{name}_estimated")
        if estimated and not EARLIEST <= estimated - flight.off_block_scheduled <= LATEST + LONGEST:
            raise ImpossibleTime(
                _(
                    "Take-off, landing and arrival can be expected from 12 hours before the schedule to 72 hours after it."
                )
            )


def check_arrival(flight: Any, values: Mapping[str, Any]) -> None:
    """Raise ImpossibleTime where new values expect a landing or an arrival before the departure.

    What was expected before stays, although the flight may depart after it: the next report corrects that.
    """
    departures = [name for name in DEPARTURES if (values[name] if name in values else getattr(flight, name))]
    departure = values.get(departures[0]) or getattr(flight, departures[0])
    for name in ("landing_estimated", "on_block_estimated"):
        at = values.get(name)
        if at and at != getattr(flight, name) and at < departure:
            raise ImpossibleTime(_("A flight can’t be expected to arrive before it departs."))


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
