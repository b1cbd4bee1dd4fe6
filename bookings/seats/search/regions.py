"""The results of one search, live. Public, and the same for all who search the same.

Nothing moves under the finger: the page names in ``seen`` the list that it was given, and its rows stay, in that order,
whatever becomes of them. What is cancelled is struck through until the next search. An address without ``seen`` is a new
search each time.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.seats import topics
from bookings.seats.models import Assignment
from bookings.seats.search import timetable
from bookings.seats.search.finding import Fares, Results, search
from bookings.seats.search.forms import Asked, SearchForm
from bookings.seats.search.offers import Offers
from bookings.seats.search.rows import ResultRow, fare_row, result_row
from bookings.seats.search.shown import Memory, kept_list
from clocks import DAY, day_words, earliest
from live.regions import ListRegion
from tracking.flights import topics as flights
from tracking.flights.models import Airline


class FlightUpdates(ListRegion):
    path, public, row_prefix = "flight_updates/", True, "itinerary-"
    query = (
        *("from", "to", "day", "adults", "children", "infants_seated", "infants_lap", "cabin"),
        *("stops", "airlines", "departs", "max_price", "order", "seen"),
    )
    template, row_template = "seats/search/_results.html", "seats/search/_result.html"

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def form(self) -> SearchForm:
        return SearchForm(self.filters)

    @cached_property
    def asked(self) -> Asked | None:
        return self.form.asked_or_none()

    @cached_property
    def offers(self) -> Offers:
        return Offers(self.asked.party, self.asked.cabin, self.now)

    @cached_property
    def results(self) -> Results:
        """What is sold now; an open page follows its own list instead, and asks for prices only where they are shown."""
        if self.asked is None:
            return Results([], {}, [], False, False)
        ids = kept_list(self.filters.get("seen", ""))
        if ids is not None:
            return Results(timetable.by_ids(ids), None, [], False, False)
        return search(self.asked, self.offers, self.now)

    @cached_property
    def fares(self) -> Fares:
        found = self.results
        return self.offers.of(found.itineraries) if found.fares is None else found.fares

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What each fare looked like before, by "itinerary/family"."""
        asked = self.asked
        memory = Memory(asked.origin.iata, asked.destination.iata, asked.day, *asked.party, asked.cabin)
        fares = (
            (f"{itinerary.id}/{fare.family}", fare.total.amount, fare.seats_left)
            for itinerary in self.results.itineraries
            for fare in self.fares.get(itinerary.id, {}).values()
        )
        return memory.see(fares, self.now)

    def topics(self) -> list[str]:
        """The markets and the flights of all legs; seats and prices change in the one, times in the other."""
        found = {topics.fares(), topics.connections(), flights.names()}
        for itinerary in self.results.itineraries:
            for leg in itinerary.legs:
                found.add(topics.market(leg.origin.iata, leg.destination.iata, leg.day))
                found.add(flights.flight(leg.pk))
        if self.asked:
            found.add(topics.market(self.asked.origin.iata, self.asked.destination.iata, self.asked.day))
        return sorted(found)

    def context(self) -> dict[str, Any]:
        if self.asked is None:
            return {"errors": [error for errors in self.form.errors.values() for error in errors]}
        return {
            "asked": self.asked,
            "day_words": day_words(self.asked.day),
            "is_cut": self.results.is_cut,
            "is_filtered": self.results.is_filtered,
            "travellers": sum(self.asked.party),
        }

    def rows(self) -> Iterator[ResultRow]:
        if self.asked is None:
            return
        airlines = dict(Airline.objects.values_list("pk", "name"))
        families = [(family, tuple(family.terms.words())) for family in self.offers.families]
        found = self.results.itineraries
        for itinerary in found:
            fares = self.fares.get(itinerary.id, {})
            cells = tuple(
                fare_row(
                    itinerary, family, terms, fares.get(family.code), self.marks.get(f"{itinerary.id}/{family.code}")
                )
                for family, terms in families
            )
            yield result_row(itinerary, found, airlines, cells, self.now)

    def stale_at(self, now: datetime) -> datetime | None:
        """When a sale closes, a hold expires, a former price goes, or a departure is a day nearer, which prices go by."""
        if self.asked is None:
            return None
        sold = [found for found in self.results.itineraries if found.is_sold(now)]
        legs = {leg.inventory for found in sold for leg in found.legs}
        holds = Assignment.objects.filter(inventory__in=legs, held_until__gt=now).order_by("held_until")
        marks = [mark.until for mark in self.marks.values() if mark.until and mark.until > now]
        return earliest(
            *(found.sale_closes for found in sold),
            *(leg.departs - (leg.departs - now) // DAY * DAY for found in sold for leg in found.legs),
            holds.values_list("held_until", flat=True).first(),
            *marks,
        )
