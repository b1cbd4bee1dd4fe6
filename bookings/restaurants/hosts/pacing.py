"""The pacing: how many guests come in each quarter of an hour, beside how many the kitchen takes."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from bookings.restaurants.hosts.reservation_list import reservations_of, services_of
from bookings.restaurants.models import Reservation, Restaurant, Service, State, Use
from bookings.restaurants.models.slots import moment_of, slot_of
from bookings.restaurants.models.states import ENDED
from clocks import clock


class Quarter(NamedTuple):
    """The guests who come in one quarter, in all and booked online, and how many may come. Heights are in percent."""

    clock: str
    guests: int
    online: int
    pace: int
    pace_online: int
    top: int  # the number of guests at the top of the chart

    @property
    def is_full(self) -> bool:
        return self.guests >= self.pace

    @property
    def is_full_online(self) -> bool:
        return self.online >= self.pace_online or self.is_full

    @property
    def bar(self) -> int:
        return percent(self.guests, self.top)

    @property
    def rest(self) -> int:
        return 100 - self.bar

    @property
    def online_line(self) -> int:
        return 100 - percent(self.pace_online, self.top)


def percent(part: int, whole: int) -> int:
    return min(100, round(100 * part / whole)) if whole else 0


def pacing_of(restaurant: Restaurant, day: date, now: datetime, service: str = "") -> dict[str, Any]:
    """``services``: the quarters of each service, or of one (its key); ``booked`` and the others: guests of the day."""
    ended_early = (State.NO_SHOW, State.CANCELLED)
    reservations = [row for row in reservations_of(restaurant, day, now) if row.state not in ended_early]
    return {
        "services": [
            (one, quarters_of(one, restaurant, day, reservations))
            for one in services_of(restaurant, day)
            if service in ("", str(one.pk))
        ],
        "booked": guests(reservations, list(State)),
        "here": guests(reservations, (State.ARRIVED, State.SEATED)),
        "to_come": guests(reservations, (State.HELD, State.BOOKED)),
        "waiting": guests(reservations, (State.ARRIVED,)),
        "gone": guests(reservations, ENDED),
    }


def guests(reservations: Iterable[Reservation], states: Collection[State]) -> int:
    return sum(reservation.party for reservation in reservations if reservation.state in states)


def quarters_of(
    service: Service, restaurant: Restaurant, day: date, reservations: Iterable[Reservation]
) -> list[Quarter]:
    coming: Counter[int] = Counter()
    online: Counter[int] = Counter()
    for reservation in reservations:
        slot = slot_of(reservation.starts_at)
        coming[slot] += reservation.party
        if reservation.channel == Use.ONLINE:
            online[slot] += reservation.party
    slots, _ends = service.times(day, restaurant.tz)
    top = max([service.pace, *(coming[slot] for slot in slots)])
    return [
        Quarter(
            clock=clock(moment_of(slot), restaurant.tz),
            guests=coming[slot],
            online=online[slot],
            pace=service.pace,
            pace_online=service.pace_online,
            top=top,
        )
        for slot in slots
    ]
