"""Taxes and charges on top of a fare: which are due on the flights of an itinerary, and how much they are."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.seats.fares.shares import share
from tracking.flights.geo import zone_of


class TaxKind(TextChoices):
    """What a tax is counted by."""

    FARE = "fare", _("per cent of the fare")
    SEGMENT = "segment", _("each flight")
    ONE_WAY = "one_way", _("each one-way trip")
    BOARDING = "boarding", _("each airport where passengers board")


class Reach(TextChoices):
    """Which flights a tax of a country or an airport is for."""

    ANY = "any", _("all flights from there")
    DOMESTIC = "domestic", _("flights within the country")
    INTERNATIONAL = "international", _("flights out of the country")


class Dated(TextChoices):
    """Which day must be within the validity of a tax: the law of each tax says which."""

    SALE = "sale", _("the day of sale")
    TRAVEL = "travel", _("the day of departure")


def day_of_sale(now: datetime) -> date:
    """On the clock of the airport where the seller is."""
    return timezone.localdate(now, zone_of(settings.HOME_AIRPORT))


class Hop(NamedTuple):
    """What taxes ask of a flight. ``direction``: 0 on the way there, 1 on the way back. ``day``: the local one of departure.

    ``sold``: the day of sale; None where it is that of the departure.
    """

    origin: str
    origin_country: str
    destination_country: str
    day: date
    direction: int = 0
    sold: date | None = None


class TaxRule(NamedTuple):
    """One tax. ``amount``: minor units, or basis points where it is a share of the fare. None and "" mean any.

    ``valid_to`` is the last day, and ``dated`` says of what: the sale or the departure. ``most``: how often it is due in one direction at most, 0 for no limit.
    """

    code: str
    name: str
    kind: str
    amount: int
    country: str = ""
    airport: str = ""
    reach: str = Reach.ANY
    valid_from: date | None = None
    valid_to: date | None = None
    for_lap_infants: bool = False
    most: int = 0
    dated: str = Dated.TRAVEL

    def is_due(self, hop: Hop) -> bool:
        """Whether it is for this flight."""
        day = hop.sold if self.dated == Dated.SALE and hop.sold else hop.day
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        if self.airport and hop.origin != self.airport:
            return False
        if self.country and hop.origin_country != self.country:
            return False
        is_domestic = hop.origin_country == hop.destination_country
        return self.reach == Reach.ANY or (self.reach == Reach.DOMESTIC) == is_domestic


class Due(NamedTuple):
    """A tax that is due on a flight, by the flight's position."""

    leg: int
    tax: TaxRule

    def amount(self, fare: int) -> int:
        """For a traveller whose fare on this flight is this."""
        return share(fare, self.tax.amount) if self.tax.kind == TaxKind.FARE else self.tax.amount


def taxes_due(hops: Sequence[Hop], rules: Iterable[TaxRule]) -> list[Due]:
    """The taxes of an itinerary, in the order of its flights.

    Those that are due once a direction belong to the first flight that they are for. Where an airport has a tax of its
    own, the tax of its country with the same code is not due there.
    """
    rules = list(rules)
    due = []
    times: dict[tuple[str, int], int] = {}
    for leg, hop in enumerate(hops):
        here = [rule for rule in rules if rule.is_due(hop)]
        own = {rule.code for rule in here if rule.airport}
        for rule in here:
            if rule.code in own and not rule.airport:
                continue
            most = 1 if rule.kind == TaxKind.ONE_WAY else rule.most
            counted = times.get((rule.code, hop.direction), 0)
            if not most or counted < most:
                times[rule.code, hop.direction] = counted + 1
                due.append(Due(leg, rule))
    return due
