"""What the plan of a cancelled flight needs from the database: who is on it, and which flights they could take instead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bookings.seats.desk.parties import PartyOn, parties_on
from bookings.seats.desk.rebooking import Need, Option, Plan, plan_rebooking
from bookings.seats.models import Assignment, Inventory, Segment
from bookings.seats.models.connections import ConnectionTimes
from bookings.seats.search import timetable
from bookings.seats.search.itineraries import FlightForSale, Itinerary, Place, arriving, departing

DAYS = timedelta(days=2)  # after the day of the cancelled flight
MOST = 12  # options of a party, the earliest arrivals


class Trip(NamedTuple):
    """The flights of a booking, and which of them is the cancelled one."""

    flights: tuple[FlightForSale, ...]
    start: int


class Wave:
    """All bookings of a cancelled flight, with what they could take instead."""

    def __init__(self, inventory: Inventory, now: datetime) -> None:
        self.inventory, self.now = inventory, now
        self.times = ConnectionTimes.read()
        self.known: dict[tuple[str, str], list[Itinerary]] = {}
        parties = parties_on(inventory, now, with_holds=False)
        self.trips = self.read_trips([party.booking for party in parties])
        self.needs = [self.need(party) for party in parties if party.people and party.booking in self.trips]

    def plan(self) -> Plan:
        keys = {key for need in self.needs for option in need.options for key in option.flights}
        flights = {flight.pk: flight for flight in Inventory.objects.filter(pk__in=keys)}
        layouts = {key: flight.plan for key, flight in flights.items()}
        free = {key: set(plan.seats) for key, plan in layouts.items()}
        for key, seat in (
            Assignment.objects.current(self.now).filter(inventory__in=keys).values_list("inventory", "seat")
        ):
            free[key].discard(seat)
        return plan_rebooking(self.needs, layouts, free)

    def read_trips(self, bookings: Sequence[int]) -> dict[int, Trip]:
        rows = Segment.objects.filter(booking__in=bookings).order_by("booking", "position")
        keys: dict[int, list[int]] = {}
        for booking, key in rows.values_list("booking", "inventory"):
            keys.setdefault(booking, []).append(key)
        read = timetable.read(pk__in={key for flights in keys.values() for key in flights})
        by_key = {flight.inventory: flight for flight in timetable.for_sale(read, timetable.places_of(read))}
        return {
            booking: Trip(tuple(by_key[key] for key in flights), flights.index(self.inventory.pk))
            for booking, flights in keys.items()
            if all(key in by_key for key in flights)
        }

    def need(self, party: PartyOn) -> Need:
        trip = self.trips[party.booking]
        onward = trip.flights[trip.start + 1 :]
        options = [option_of(found.legs) for found in self.found(trip, trip.flights[-1].destination)]
        if onward:
            options += [
                option_of((*found.legs, *onward))
                for found in self.found(trip, trip.flights[trip.start].destination)
                if self.connects(found.legs[-1], onward[0])
            ]
        earliest = sorted(set(options), key=lambda option: (option.arrives, len(option.flights)))[:MOST]
        return Need(party, tuple(earliest), frozenset(flight.inventory for flight in onward))

    def found(self, trip: Trip, destination: Place) -> list[Itinerary]:
        """From where the cancelled flight would have left. None leaves earlier than it: the passengers may not be there."""
        cancelled = trip.flights[trip.start]
        found = [each for each in self.itineraries(cancelled, destination) if each.departs >= cancelled.departs]
        if trip.start:
            before = trip.flights[trip.start - 1]
            found = [each for each in found if self.connects(before, each.legs[0])]
        return found

    def itineraries(self, cancelled: FlightForSale, destination: Place) -> list[Itinerary]:
        market = cancelled.origin.iata, destination.iata
        if market not in self.known:
            ends = cancelled.day + DAYS
            found = timetable.search(cancelled.origin, destination, cancelled.day, ends, self.now, self.times)
            self.known[market] = found
        return self.known[market]

    def connects(self, first: FlightForSale, then: FlightForSale) -> bool:
        needed = self.times.needed(first.destination.iata, arriving(first), departing(then))
        arrives = max(first.arrives, first.expects_arrival or first.arrives)
        return first.destination.iata == then.origin.iata and then.departs - arrives >= needed


def option_of(legs: Sequence[FlightForSale]) -> Option:
    return Option(tuple(leg.inventory for leg in legs), legs[0].departs, legs[-1].arrives)
