"""The values that ``rulebook`` takes and returns: the party, the flights and the price."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.functional import cached_property

from bookings.seats.fares.party import Party, WrongParty
from money import Money

__all__ = ["FARE", "Leg", "Line", "Party", "Quote", "Share", "WrongParty"]

FARE = "fare"  # the code of the line that is the fare; all others of a quote are the codes of taxes


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
