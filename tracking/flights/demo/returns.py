"""The flights back, made up: the record has departures only, and so nothing ever arrives at its airports.

Each aircraft turns round where its flight ends and flies back, with the next number of its airline that is free. Its delays
follow: it leaves late if it came late, and is cancelled if it never came. At night it stays where it is until the morning.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from tracking.flights.demo.day import DAY, Day, Departure
from tracking.flights.demo.invented import HOUR, MINUTE, number_from, to_five_minutes, to_minute
from tracking.flights.geo import known, zone_of

LAST, FIRST = time(23, 30), time(5, 30)  # departures, on the local clock
LEAST_TURN = 35 * MINUTE
WIND, FAR = (
    0.12,
    45,
)  # the share by which it is faster across so many degrees from west to east, and slower the other way
HIGHEST = 9999


class Return(NamedTuple):
    """The flight back after a departure."""

    out: Departure
    number: str

    def on(self, date: date) -> Departure:
        """The flight back on a date, by the local clock where it leaves."""
        backs = [self.after(self.out.on(date - days * DAY)) for days in (0, 1, 2)]
        # Where clocks change on that day, none may leave on it by itself.
        return next((back for back in backs if back.date == date), backs[0].on(date))

    def after(self, out: Departure) -> Departure:
        """The flight back of the aircraft that flew there."""
        leaves = morning(out.scheduled_arrival + self.turn(out), out, self.pick("morning", 18) * 5 * MINUTE)
        block = to_minute((out.scheduled_arrival - out.scheduled_departure) * (1 - wind(out)))
        back = out._replace(
            number=self.number,
            origin=out.destination,
            destination=out.origin,
            scheduled_departure=leaves,
            scheduled_arrival=leaves + block,
            actual_departure=None,
            actual_arrival=None,
            outcome="cancelled",
        )
        came = out.actual_arrival
        if leaves - out.scheduled_arrival > 4 * HOUR:
            came = leaves - 2 * HOUR  # another aircraft comes in the night if this one does not
        if came is None:
            return back
        left = max(came + LEAST_TURN, leaves - self.pick("early", 6) * MINUTE) + self.pick("late", 9) * MINUTE
        flown = to_minute(block * (94 + self.pick("flown", 10)) / 100)
        return back._replace(actual_departure=left, actual_arrival=left + flown, outcome="landed")

    def turn(self, out: Departure) -> timedelta:
        """How long it is planned to stay."""
        block = out.scheduled_arrival - out.scheduled_departure
        least = 45 if block < 2 * HOUR else 60 if block < 4 * HOUR else 80
        return (least + self.pick("turn", 6) * 5) * MINUTE

    def pick(self, question: str, options: int) -> int:
        """The same number on each day, so that it is one timetable."""
        return number_from(f"{self.out.carrier} {self.number} {question}") % options


def morning(leaves: datetime, out: Departure, later: timedelta) -> datetime:
    """When it leaves: at a time of five minutes, and not in the night."""
    leaves = to_five_minutes(leaves)
    zone = zone_of(out.destination)
    local = leaves.astimezone(zone)
    if FIRST <= local.time() <= LAST:
        return leaves
    day = local.date() + DAY if local.time() > LAST else local.date()
    return datetime.combine(day, FIRST, zone).astimezone(UTC) + later


def wind(out: Departure) -> float:
    """The share by which the flight back is faster."""
    east = known()[out.origin]["lon"] - known()[out.destination]["lon"]
    return WIND * max(-1.0, min(1.0, east / FAR))


def returns_of(day: Day) -> list[Return]:
    """The flights back of all departures of a day."""
    taken = {(departure.carrier, departure.number) for departure in day.departures}
    returns = []
    for departure in day.departures:
        carrier, number = departure.carrier, int(departure.number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        while (carrier, str(number)) in taken:
            number = number % HIGHEST + 1
        taken.add((carrier, str(number)))
        returns.append(Return(departure, str(number)))
    return returns
