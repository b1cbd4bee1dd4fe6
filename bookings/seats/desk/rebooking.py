"""Who of a cancelled flight goes on which other one. Pure: nothing here asks the database.

The order is ``PartyOn.precedence``: children who travel alone, who needs help, who has a connection, families, then all
others by when they booked. Each party stays together on its flights, in the cabin that it booked, and gets the earliest
arrival that has room; a party with children only where each child sits beside an adult. Where somebody is left over, the
parties are also tried with the largest first, and then one party at a time gives way to another that has no other flight.
The plan with the fewest people left over is the one that is shown; of two, the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bookings.seats.desk.parties import PartyOn, seats_for
from bookings.seats.layouts import Layout

TRIES = 400  # of one party giving way to another


class Option(NamedTuple):
    """Flights, given by key, that lead a party to where it wanted to go."""

    flights: tuple[int, ...]
    departs: datetime
    arrives: datetime


class Need(NamedTuple):
    """A party that needs other flights. ``has``: flights of its own that it may go on using, with its seats there."""

    party: PartyOn
    options: tuple[Option, ...]
    has: frozenset[int] = frozenset()

    @property
    def people(self) -> int:
        return len(self.party.people)

    @property
    def in_order(self) -> list[Option]:
        return sorted(
            self.options, key=lambda option: (option.arrives, len(option.flights), option.departs, option.flights)
        )


class Place(NamedTuple):
    """Where a party goes: the flights, and its seats on each that is new to it, in the order of its people."""

    need: Need
    option: Option
    seats: Mapping[int, tuple[str, ...]]


class Plan(NamedTuple):
    places: tuple[Place, ...]
    left: tuple[Need, ...]

    @property
    def people_left(self) -> int:
        return sum(need.people for need in self.left)

    @property
    def people_placed(self) -> int:
        return sum(place.need.people for place in self.places)


class Room:
    """The free seats of the flights, while parties are put into them."""

    def __init__(self, layouts: Mapping[int, Layout], free: Mapping[int, Iterable[str]]) -> None:
        self.layouts = layouts
        self.free: dict[int, dict[str, set[str]]] = {}
        for key, seats in free.items():
            by_cabin: dict[str, set[str]] = defaultdict(set)
            for seat in seats:
                by_cabin[layouts[key].seats[seat].cabin].add(seat)
            self.free[key] = by_cabin

    def place(self, need: Need, avoid: Option | None = None) -> Place | None:
        """Take the seats of the first option with room."""
        for option in need.in_order:
            if option != avoid and (place := self.fit(need, option)):
                self.take(place)
                return place
        return None

    def fit(self, need: Need, option: Option) -> Place | None:
        seats: dict[int, tuple[str, ...]] = {}
        for key in option.flights:
            if key in need.has:
                continue
            free = self.free.get(key, {}).get(need.party.cabin, set())
            if len(free) < need.people:
                return None
            found = seats_for(self.layouts[key], free, need.party)
            if not found:
                return None
            seats[key] = tuple(found)
        return Place(need, option, seats)

    def take(self, place: Place) -> None:
        for key, seats in place.seats.items():
            self.free[key][place.need.party.cabin] -= set(seats)

    def give_back(self, place: Place) -> None:
        for key, seats in place.seats.items():
            self.free[key][place.need.party.cabin] |= set(seats)


def plan_rebooking(needs: Sequence[Need], layouts: Mapping[int, Layout], free: Mapping[int, Iterable[str]]) -> Plan:
    """``layouts`` and ``free`` seats of all flights of the options, by key."""
    free = {key: set(seats) for key, seats in free.items()}
    in_order = sorted(needs, key=lambda need: need.party.precedence)
    best = fill(in_order, Room(layouts, free))
    if best.left:
        largest_first = sorted(in_order, key=lambda need: -need.people)
        best = min(best, fill(largest_first, Room(layouts, free)), key=lambda plan: plan.people_left)
    places = {place.need.party.booking: place for place in best.places}
    in_table = tuple(places[need.party.booking] for need in in_order if need.party.booking in places)
    return Plan(in_table, tuple(need for need in in_order if need.party.booking not in places))


def fill(needs: Sequence[Need], room: Room) -> Plan:
    """Place one after the other; then those who are left, if one that has been placed can go elsewhere."""
    places: list[Place] = []
    left: list[Need] = []
    for need in needs:
        if place := room.place(need):
            places.append(place)
        else:
            left.append(need)
    tries = TRIES
    for need in list(left):
        for index in reversed(range(len(places))):
            if not shares(need, places[index]):
                continue
            if not tries:
                return Plan(tuple(places), tuple(left))
            tries -= 1
            if found := give_way(room, need, places[index]):
                places[index] = found[0]
                places.append(found[1])
                left.remove(need)
                break
    return Plan(tuple(places), tuple(left))


def shares(need: Need, place: Place) -> bool:
    """Whether it would help this party if another one left its flights."""
    return len(place.need.options) > 1 and any(
        not set(place.seats).isdisjoint(option.flights) for option in need.options
    )


def give_way(room: Room, need: Need, place: Place) -> tuple[Place, Place] | None:
    """Another place for the party that is there, and one for the party that is left; None leaves all as it was."""
    room.give_back(place)
    if seated := room.place(need):
        if moved := room.place(place.need, avoid=place.option):
            return moved, seated
        room.give_back(seated)
    room.take(place)
    return None
