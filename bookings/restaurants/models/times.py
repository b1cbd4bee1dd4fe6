"""A time at which guests may come, and the time that it is now."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from bookings.restaurants.models.services import DEFAULT_TURN, Service
from bookings.restaurants.models.slots import moment_of, slot_of

FREE, HELD, FULL = "free", "held", "full"


class Time(NamedTuple):
    """A slot of a service, and whether a party could have it: free, held or full.

    ``turn`` is in minutes. ``frees_at`` is for held ones: when the hold that is in the way expires.
    """

    day: date
    service: Service | None
    slot: int
    turn: int
    state: str
    frees_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return moment_of(self.slot)

    @property
    def is_free(self) -> bool:
        return self.state == FREE


def current(restaurant: Any, party: int, now: datetime) -> Time:
    """The current Time for a walk-in, with the running service or None."""
    today = restaurant.today(now)
    slot = slot_of(now)
    for day in (today, today - timedelta(days=1)):
        for service in restaurant.services.prefetch_related("turns"):
            slots, ends = service.times(day, restaurant.tz)
            if service.is_on(day) and slots.start <= slot < ends:
                return Time(day, service, slot, service.turn(party), FREE)
    return Time(today, None, slot, DEFAULT_TURN, FREE)
