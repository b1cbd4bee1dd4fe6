"""The rules of fares, and the prices that follow from them.

``Rules.read()`` of ``models/fares.py`` reads them from the database::

    rules = Rules.read()
    for family in rules.families(Cabin.ECONOMY):
        quote = rules.quote(legs, family, Party(adults=2), timezone.now())   # None: not to be had
        quote.total, quote.seats_left, family.terms.words()
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.utils.functional import cached_property

from bookings.seats.fares.nesting import seats_open
from bookings.seats.fares.quote import FARE, Leg, Party, Quote, Share
from bookings.seats.fares.rules import FamilyRule, TariffRule
from bookings.seats.fares.shares import WHOLE, half_up, share, to_step
from bookings.seats.fares.steps import Steps
from bookings.seats.fares.taxes import Due, Hop, TaxRule, day_of_sale, taxes_due
from bookings.seats.fares.terms import SeatChoice, Terms

DAY = timedelta(days=1)
MOST_TOTAL = 10**9  # minor units: what costs more is not sold, as its price would fit into no column
MOST_KEPT = 4096  # itineraries whose taxes are remembered


class State(Enum):
    """Why an itinerary can be had or not."""

    OPEN = "open"
    GONE = "gone"  # this fare is not sold any more, although there are seats
    FULL = "full"  # too few seats are free


@dataclass(frozen=True)
class RuleBook:
    """All rules. Equal ones give equal prices."""

    tariffs: tuple[TariffRule, ...]
    taxes: tuple[TaxRule, ...] = ()

    # Prices

    def quote(self, legs: Sequence[Leg], family: FamilyRule, party: Party, now: datetime) -> Quote | None:
        """The price of these flights in a family for a party; None where it can't be had. All travel in one bucket."""
        left = self.seats_left(legs, family)
        if left < party.seats:
            return None
        fares = []
        for leg in legs:
            fare = self.fare(leg, family, now)
            if fare is None:
                return None
            fares.append(fare)
        tariff = self.by_cabin[family.cabin]
        quote = Quote(tariff.currency, tuple(self.shares(legs, fares, party, tariff, now)), left)
        return quote if quote.total.amount <= MOST_TOTAL else None

    def state(self, legs: Sequence[Leg], family: FamilyRule, party: Party, now: datetime) -> State:
        """Whether a party can have this family, and if not, whether the fare has gone or the seats."""
        if any(leg.capacity - sum(leg.sold_by_rank) < party.seats for leg in legs):
            return State.FULL
        return State.OPEN if self.quote(legs, family, party, now) else State.GONE

    def seats_left(self, legs: Sequence[Leg], family: FamilyRule) -> int:
        """How many seats a family can still sell, on the flight that has the fewest."""
        rank = self.ranks[family.cabin, family.code]
        return min(
            seats_open(leg.capacity, leg.sold_by_rank, self.protect(family.cabin, leg.capacity))[rank] for leg in legs
        )

    def fare(self, leg: Leg, family: FamilyRule, now: datetime) -> int | None:
        """What an adult pays for a flight, without taxes; None where the family is not sold now."""
        days = (leg.departs - now) // DAY
        if days < 0:
            return None
        rate = self.steps[family.cabin, family.code].rate(sum(leg.sold_by_rank), leg.capacity, days)
        return None if rate is None else self.fare_at(leg.miles, family, rate)

    def fare_at(self, miles: int, family: FamilyRule, rate: int) -> int:
        """What an adult pays for so many miles, at this part of the family's price."""
        tariff = self.by_cabin[family.cabin]
        base = tariff.fixed + tariff.per_mile * miles
        return to_step(base * family.rate * rate, WHOLE * WHOLE, tariff.rounding)

    def shares(
        self, legs: Sequence[Leg], fares: Sequence[int], party: Party, tariff: TariffRule, now: datetime
    ) -> Iterator[Share]:
        """The lines of each kind of traveller. Each amount is rounded by itself, once for each traveller."""
        due = self.taxes_due(legs, day_of_sale(now))
        child_fares = [share(fare, tariff.child_rate) for fare in fares]
        infant_fares = [share(fare, tariff.infant_rate) for fare in fares]
        if party.adults:
            yield Share(party.adults, lines(fares, due))
        if party.children:
            yield Share(party.children, lines(child_fares, due))
        if party.infants_seated:
            yield Share(party.infants_seated, lines(child_fares, due))
        if party.infants_lap:
            yield Share(party.infants_lap, lines(infant_fares, [each for each in due if each.tax.for_lap_infants]))

    def taxes_due(self, legs: Sequence[Leg], sold: date) -> list[Due]:
        """The taxes of an itinerary. They are the same for all families, so they are kept."""
        key = tuple(
            [(leg.origin, leg.origin_country, leg.destination_country, leg.day, leg.direction, sold) for leg in legs]
        )
        due = self.kept.get(key)
        if due is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            due = self.kept[key] = taxes_due([Hop(*values) for values in key], self.taxes)
        return due

    # Looking rules up

    @cached_property
    def by_cabin(self) -> dict[str, TariffRule]:
        return {tariff.cabin: tariff for tariff in self.tariffs}

    @cached_property
    def steps(self) -> dict[tuple[str, str], Steps]:
        families = [family for tariff in self.tariffs for family in tariff.families]
        return {(family.cabin, family.code): Steps(family.steps) for family in families}

    @cached_property
    def ranks(self) -> dict[tuple[str, str], int]:
        """How many families of its cabin are below each one, by cabin and code."""
        return {
            (tariff.cabin, family.code): rank for tariff in self.tariffs for rank, family in enumerate(tariff.families)
        }

    def families(self, cabin: str) -> tuple[FamilyRule, ...]:
        """The fare families of a cabin, the lowest first; none where the cabin is not sold."""
        tariff = self.by_cabin.get(cabin)
        return tariff.families if tariff else ()

    def family(self, cabin: str, code: str) -> FamilyRule | None:
        """One family; None where it is not sold."""
        return next((family for family in self.families(cabin) if family.code == code), None)

    def tax_name(self, code: str) -> str:
        """What a tax is called; its code where there is no such tax any more."""
        return next((tax.name for tax in reversed(self.taxes) if tax.code == code), code)

    def protect(self, cabin: str, capacity: int) -> list[int]:
        """How many seats of a cabin are protected, by rank."""
        protect = self.protected.get((cabin, capacity))
        if protect is None:
            protect = [half_up(capacity * family.protected, WHOLE) for family in self.families(cabin)]
            self.protected[cabin, capacity] = protect
        return protect

    def seat_fee(self, cabin: str, terms: Terms, kinds: Collection[str]) -> int | None:
        """What a chosen seat of these kinds costs, the dearest of them; None where the terms let nobody choose."""
        if terms.seat_choice == SeatChoice.NONE:
            return None
        if terms.seat_choice == SeatChoice.FREE or cabin not in self.by_cabin:
            return 0
        return max((fee for kind, fee in self.by_cabin[cabin].seat_fees if kind in kinds), default=0)

    @cached_property
    def kept(self) -> dict[tuple[Any, ...], list[Due]]:
        """Taxes by itinerary."""
        return {}

    @cached_property
    def protected(self) -> dict[tuple[str, int], list[int]]:
        """Protected seats by cabin and capacity."""
        return {}


def lines(fares: Sequence[int], due: Sequence[Due]) -> tuple[tuple[int, str, int], ...]:
    """The fare of each flight, then its taxes."""
    return (
        *((leg, FARE, fare) for leg, fare in enumerate(fares)),
        *((each.leg, each.tax.code, each.amount(fares[each.leg])) for each in due),
    )
