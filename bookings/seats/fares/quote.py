"""What an itinerary costs in a fare family, for all who travel, and how many seats are left at that price.

The rules are read from the database by ``bookings.seats.models.fares.read_rules()``::

    rules = read_rules()
    for family in rules.families(Cabin.ECONOMY):
        quote = rules.quote(legs, family, Party(adults=2), timezone.now())   # None: not to be had
        quote.total, quote.seats_left, family.terms.words()
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.functional import cached_property

from bookings.seats.fares.nesting import seats_open
from bookings.seats.fares.party import Party, WrongParty
from bookings.seats.fares.rules import FamilyRule, RuleBook, State, TariffRule
from bookings.seats.fares.shares import WHOLE, share, to_step
from bookings.seats.fares.taxes import Due, Hop, taxes_due
from bookings.seats.fares.terms import Terms, strictest
from money import Money

__all__ = ["Leg", "Line", "Party", "Quote", "Rules", "State", "Terms", "WrongParty", "strictest"]

DAY = timedelta(days=1)
FARE = "fare"  # the code of the line that is the fare; all others of a quote are the codes of taxes
MOST_KEPT = 4096  # itineraries whose taxes are remembered


class Leg(NamedTuple):
    """One flight of an itinerary, with what is sold in the cabin. ``day`` is the local day of its departure.

    ``sold_by_rank``: seats sold and held by each fare family, the lowest first. ``direction``: 1 on the way back.
    """

    inventory: int
    origin: str
    destination: str
    origin_country: str
    destination_country: str
    day: date
    departs: datetime
    miles: int
    capacity: int
    sold_by_rank: tuple[int, ...]
    direction: int = 0


class Line(NamedTuple):
    """One amount of one traveller on one flight, by their positions. ``code``: "fare", or that of a tax. Minor units."""

    traveller: int
    leg: int | None
    code: str
    amount: int


class Share(NamedTuple):
    """The lines of one traveller, and how many travellers have the same."""

    travellers: int
    lines: tuple[tuple[int, str, int], ...]  # leg, code, amount

    @property
    def amount(self) -> int:
        return sum(amount for _leg, _code, amount in self.lines)


@dataclass(frozen=True)
class Quote:
    """A price. Travellers are in the order of Party: adults, children, infants with a seat, infants on a lap.

    ``seats_left``: how many seats can be had at this fare, on the flight that has the fewest.
    """

    currency: str
    shares: tuple[Share, ...]
    seats_left: int

    @cached_property
    def total(self) -> Money:
        """The sum of its lines."""
        return Money(sum(share.travellers * share.amount for share in self.shares), self.currency)

    @cached_property
    def lines(self) -> list[Line]:
        return [
            Line(traveller, *line) for traveller, share in enumerate(self.for_each_traveller()) for line in share.lines
        ]

    @property
    def by_traveller(self) -> list[Money]:
        """What each traveller pays."""
        return [Money(share.amount, self.currency) for share in self.for_each_traveller()]

    def for_each_traveller(self) -> Iterator[Share]:
        for share in self.shares:
            yield from [share] * share.travellers


class Rules(RuleBook):
    """The rules of fares, and the prices that follow from them."""

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
        return Quote(tariff.currency, tuple(self.shares(legs, fares, party, tariff)), left)

    def state(self, legs: Sequence[Leg], family: FamilyRule, party: Party, now: datetime) -> State:
        """Whether a party can have this family, and if not, whether the fare has gone or the seats."""
        if any(leg.capacity - sum(leg.sold_by_rank) < party.seats for leg in legs):
            return State.FULL
        return State.OPEN if self.quote(legs, family, party, now) else State.GONE

    def seats_left(self, legs: Sequence[Leg], family: FamilyRule) -> int:
        """How many seats a family can still sell, on the flight that has the fewest."""
        rank = self.families(family.cabin).index(family)
        return min(
            seats_open(leg.capacity, leg.sold_by_rank, self.protect(family.cabin, leg.capacity))[rank] for leg in legs
        )

    def fare(self, leg: Leg, family: FamilyRule, now: datetime) -> int | None:
        """What an adult pays for a flight, without taxes; None where the family is not sold now."""
        days = (leg.departs - now) // DAY
        rate = None if days < 0 else self.steps[family.cabin, family.code].rate(sum(leg.sold_by_rank), leg.capacity, days)
        return None if rate is None else self.fare_at(leg.miles, family, rate)

    def fare_at(self, miles: int, family: FamilyRule, rate: int) -> int:
        """What an adult pays for so many miles, at this part of the family's price."""
        tariff = self.by_cabin[family.cabin]
        base = tariff.fixed + tariff.per_mile * miles
        return to_step(base * family.rate * rate, WHOLE * WHOLE, tariff.rounding)

    def shares(self, legs: Sequence[Leg], fares: Sequence[int], party: Party, tariff: TariffRule) -> Iterator[Share]:
        """The lines of each kind of traveller. Each amount is rounded by itself, once for each traveller."""
        due = self.taxes_due(legs)
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

    def taxes_due(self, legs: Sequence[Leg]) -> list[Due]:
        """The taxes of an itinerary. They are the same for all families, so they are kept."""
        hops = tuple(
            Hop(leg.origin, leg.origin_country, leg.destination_country, leg.day, leg.direction) for leg in legs
        )
        due = self.kept.get(hops)
        if due is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            due = self.kept[hops] = taxes_due(hops, self.taxes)
        return due

    @cached_property
    def kept(self) -> dict[tuple[Hop, ...], list[Due]]:
        return {}


def lines(fares: Sequence[int], due: Sequence[Due]) -> tuple[tuple[int, str, int], ...]:
    """The fare of each flight, then its taxes."""
    return (
        *((leg, FARE, fare) for leg, fare in enumerate(fares)),
        *((each.leg, each.tax.code, each.amount(fares[each.leg])) for each in due),
    )
