"""What a party pays on an itinerary."""

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext as _

from money import Money
from verbs.refusals import Refused

MOST = 9  # travellers of one booking


class Party(NamedTuple):
    """Who travels together."""

    adults: int = 1
    children: int = 0
    infants_seated: int = 0
    infants_lap: int = 0

    @property
    def seats(self) -> int:
        return self.adults + self.children + self.infants_seated

    @property
    def travellers(self) -> int:
        return sum(self)

    def check(self) -> None:
        """Raise Refused for a party that can't be booked."""
        if min(self) < 0 or not 1 <= self.travellers <= MOST:
            raise Refused(_("A booking is for 1 to %(most)s travellers.") % {"most": MOST})
        if self.infants_lap > self.adults:
            raise Refused(_("Each infant on a lap needs an adult of its own."))


class Leg(NamedTuple):
    """What the rules ask of a flight. ``sold_by_rank``: seats sold and held in its cabin, by rank of the fare family."""

    inventory: int
    origin: str
    destination: str
    origin_country: str
    destination_country: str
    day: datetime.date
    departs: datetime.datetime
    miles: int
    capacity: int
    sold_by_rank: tuple[int, ...]


class Line(NamedTuple):
    """One printed amount. ``traveller`` and ``leg`` count from 0; a leg of None is the whole itinerary."""

    traveller: int
    leg: int | None
    code: str
    amount: int


class Quote(NamedTuple):
    currency: str
    lines: list[Line]
    seats_left: int

    @property
    def total(self) -> Money:
        return Money(sum(line.amount for line in self.lines), self.currency)


class Family(NamedTuple):
    code: str
    rank: int

    def terms(self) -> dict[str, Any]:
        return {"family": self.code, "change_fee": None, "refund_percent": 0, "seat_choice": "free"}


class Rules:
    """Placeholder until the rules stand: a dollar a mile, and fifty for each family above the lowest."""

    @classmethod
    def read(cls) -> Self:
        return cls()

    def families(self, cabin: str) -> list[Family]:
        return [Family("basic", 0), Family("standard", 1), Family("flex", 2)]

    def quote(self, legs: Sequence[Leg], family: str, party: Party, now: datetime.datetime) -> Quote | None:
        left = min(leg.capacity - sum(leg.sold_by_rank) for leg in legs)
        if left < party.seats:
            return None
        rank = next(each.rank for each in self.families("") if each.code == family)
        lines = [
            Line(traveller, number, "fare", Money.of(leg.miles + 50 * rank, "USD").amount)
            for traveller in range(party.travellers)
            for number, leg in enumerate(legs)
        ]
        return Quote("USD", lines, left)
