"""What the itineraries of a search cost for a party: all of them from one count of seats and one reading of the rules."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from bookings.seats.fares.quote import Leg, Party
from bookings.seats.fares.rulebook import RuleBook
from bookings.seats.layouts import layout
from bookings.seats.models import Assignment, Rules
from bookings.seats.search.itineraries import FlightForSale, Itinerary
from money import Money


class Fare(NamedTuple):
    """One fare family of an itinerary: the price for the whole party, and how many seats are left of it."""

    family: str  # its code
    total: Money
    seats_left: int


class Offers:
    """Prices itineraries of one cabin for one party, at one moment::

    offers = Offers(party, "economy", now)
    offers.of(itineraries)       # {itinerary.id: {family code: Fare}}; families that are closed are missing
    """

    def __init__(self, party: Party, cabin: str, now: datetime, rules: RuleBook | None = None) -> None:
        self.party, self.cabin, self.now = party, cabin, now
        self.rules = rules or Rules.read()
        self.families = self.rules.families(cabin)

    def of(self, itineraries: Sequence[Itinerary]) -> dict[str, dict[str, Fare]]:
        """What is not sold any more has no fares."""
        sold = [itinerary for itinerary in itineraries if itinerary.is_sold(self.now)]
        legs = self.legs({leg.inventory: leg for itinerary in sold for leg in itinerary.legs}.values())
        return {found.id: self.fares([legs[leg.inventory] for leg in found.legs]) for found in sold}

    def lowest(self, itineraries: Sequence[Itinerary]) -> Money | None:
        """The lowest price of all these; None where nothing is left."""
        totals = [fare.total for fares in self.of(itineraries).values() for fare in fares.values()]
        return min(totals, default=None, key=lambda total: total.amount)

    def fares(self, legs: Sequence[Leg]) -> dict[str, Fare]:
        found = {}
        for family in self.families:
            if quote := self.rules.quote(legs, family, self.party, self.now):
                found[family.code] = Fare(family.code, quote.total, quote.seats_left)
        return found

    def legs(self, flights: Iterable[FlightForSale]) -> dict[int, Leg]:
        """By inventory, with the seats that are taken now."""
        flights = list(flights)
        of_cabin = Assignment.objects.counting(self.now).filter(cabin=self.cabin)
        taken = of_cabin.filter(inventory__in=[flight.inventory for flight in flights]).by_rank()
        return {flight.inventory: self.leg(flight, taken[flight.inventory]) for flight in flights}

    def leg(self, flight: FlightForSale, taken: Counter[int | None]) -> Leg:
        return Leg(
            inventory=flight.inventory,
            origin=flight.origin.iata,
            destination=flight.destination.iata,
            origin_country=flight.origin.country,
            destination_country=flight.destination.country,
            day=flight.day,
            departs=flight.departs,
            miles=flight.miles,
            capacity=capacity(flight.layout, self.cabin) - taken[None],
            sold_by_rank=tuple(taken[rank] for rank in range(len(self.families))),
        )


@lru_cache(maxsize=256)
def capacity(slug: str, cabin: str) -> int:
    """The seats of a cabin; none where an aircraft doesn't have it. Layouts never change while the program runs."""
    return layout(slug).capacity(cabin)
