"""What would change if staff saved these rules: prices by load and days, and those of the next flights."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.seats.desk.fares.markets import Coming, Market
from bookings.seats.fares.quote import Party
from bookings.seats.fares.rulebook import RuleBook
from bookings.seats.fares.rules import FamilyRule, TariffRule
from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.steps import ANY_DAY, Steps
from bookings.seats.fares.terms import percent
from money import Money


class Cell(NamedTuple):
    """A price before and after; "" where the fare is not sold."""

    before: str
    after: str

    @property
    def has_changed(self) -> bool:
        return self.before != self.after


class Row(NamedTuple):
    label: str
    cells: list[Cell]


class Table(NamedTuple):
    """The prices of one family: days across, load down. ``terms``: what the fare would allow, in words."""

    name: str
    terms: list[str]
    columns: list[str]
    rows: list[Row]


class FlightRow(NamedTuple):
    """One flight to come: for each family the price with taxes for an adult, and the seats left."""

    name: str
    departs: datetime
    tz: ZoneInfo
    load: str
    families: list[tuple[Cell, Cell]]  # price, seats left


class Preview:
    """Compares the rules as they are with the same rules where one tariff is another."""

    def __init__(self, rules: RuleBook, tariff: TariffRule, market: Market) -> None:
        self.before, self.cabin, self.market = rules, tariff.cabin, market
        tariffs = tuple(tariff if each.cabin == tariff.cabin else each for each in rules.tariffs)
        self.after = replace(rules, tariffs=tariffs)
        self.currency = tariff.currency

    @property
    def pairs(self) -> list[tuple[FamilyRule, FamilyRule]]:
        """Each family before and after."""
        return list(zip(self.before.families(self.cabin), self.after.families(self.cabin), strict=True))

    @property
    def has_changed(self) -> bool:
        return self.before != self.after

    # By load and days

    def tables(self) -> Iterator[Table]:
        loads, days = self.edges()
        for before, after in self.pairs:
            rows = [Row(percent(load), [self.cell(before, after, load, day) for day in days]) for load in loads]
            yield Table(after.name, after.terms.words(), [day_label(day) for day in days], rows)

    def edges(self) -> tuple[list[int], list[int]]:
        """The loads, and the days from the longest before the departure, at which any price changes."""
        steps = [step for pair in self.pairs for family in pair for step in family.steps]
        loads = sorted({0, *(step.load for step in steps)})
        return loads, sorted({ANY_DAY, *(step.days for step in steps)}, reverse=True)

    def cell(self, before: FamilyRule, after: FamilyRule, load: int, days: int) -> Cell:
        return Cell(self.price(self.before, before, load, days), self.price(self.after, after, load, days))

    def price(self, rules: RuleBook, family: FamilyRule, load: int, days: int) -> str:
        rate = Steps(family.steps).rate(load, WHOLE, days)
        return "" if rate is None else self.words(rules.fare_at(self.market.miles, family, rate))

    def words(self, amount: int) -> str:
        return Money(amount, self.currency).format()

    # By flight

    def flights(self, coming: Sequence[Coming], now: datetime) -> Iterator[FlightRow]:
        for flight in coming:
            sold = sum(flight.leg.sold_by_rank)
            families = [(self.prices(pair, flight, now), self.seats(pair, flight)) for pair in self.pairs]
            load = f"{sold}/{flight.leg.capacity}"
            yield FlightRow(flight.name, flight.departs, flight.tz, load, families)

    def prices(self, pair: tuple[FamilyRule, FamilyRule], flight: Coming, now: datetime) -> Cell:
        return Cell(self.total(self.before, pair[0], flight, now), self.total(self.after, pair[1], flight, now))

    def seats(self, pair: tuple[FamilyRule, FamilyRule], flight: Coming) -> Cell:
        before, after = pair
        left = self.before.seats_left([flight.leg], before), self.after.seats_left([flight.leg], after)
        return Cell(*map(str, left))

    def total(self, rules: RuleBook, family: FamilyRule, flight: Coming, now: datetime) -> str:
        quote = rules.quote([flight.leg], family, Party(), now)
        return quote.total.format() if quote else ""


def day_label(days: int) -> str:
    if days == ANY_DAY:
        return _("earlier")
    return ngettext("%(days)s day ahead", "%(days)s days ahead", days) % {"days": days}
