"""The pace: how many guests come in each quarter of an hour, against what the kitchen takes."""

from collections import Counter
from typing import NamedTuple

from bookings.restaurants.hosts.reservation_list import of_day, services_of
from bookings.restaurants.models import State, Use
from bookings.restaurants.models.slots import moment_of, slot_of
from bookings.restaurants.models.states import ENDED
from clocks import clock


class Quarter(NamedTuple):
    """Guests who come in one quarter, in all and booked online, and how many may; the heights are in percent."""

    clock: str
    guests: int
    online: int
    pace: int
    pace_online: int
    top: int  # of what the chart shows

    @property
    def is_full(self):
        return self.guests >= self.pace

    @property
    def is_full_online(self):
        return self.online >= self.pace_online or self.is_full

    @property
    def bar(self):
        return percent(self.guests, self.top)

    @property
    def rest(self):
        return 100 - self.bar

    @property
    def pace_line(self):
        return 100 - percent(self.pace, self.top)

    @property
    def online_line(self):
        return 100 - percent(self.pace_online, self.top)


def percent(part, whole):
    return min(100, round(100 * part / whole)) if whole else 0


def pace_of(restaurant, day, now, service=""):
    """``services``: of each service, or this one (its key), its quarters; ``booked`` and so on: guests of the day."""
    reservations = [row for row in of_day(restaurant, day, now) if row.state not in (State.NO_SHOW, State.CANCELLED)]
    return {
        "services": [
            (one, quarters_of(one, restaurant, day, reservations))
            for one in services_of(restaurant, day)
            if service in ("", str(one.pk))
        ],
        "booked": guests(reservations, State),
        "here": guests(reservations, (State.ARRIVED, State.SEATED)),
        "to_come": guests(reservations, (State.HELD, State.BOOKED)),
        "waiting": guests(reservations, (State.ARRIVED,)),
        "gone": guests(reservations, ENDED),
    }


def guests(reservations, states):
    return sum(reservation.party for reservation in reservations if reservation.state in states)


def quarters_of(service, restaurant, day, reservations):
    coming, online = Counter(), Counter()
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
