"""The markets that are sold, and their next flights: what a preview can be shown for."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.seats.fares.quote import Leg
from bookings.seats.models import Inventory, Rules
from bookings.seats.models.pricing import leg

USUAL_MILES = 1_000


class Market(NamedTuple):
    """From one airport to another, by their codes; "" for no market in particular."""

    origin: str
    destination: str
    miles: int

    @property
    def label(self) -> str:
        return f"{self.origin} – {self.destination}"


NO_MARKET = Market("", "", USUAL_MILES)


def market_of(origin: str, destination: str) -> Market:
    """The market between two airports, by their codes; NO_MARKET where no flight to come is for sale."""
    ends = {"flight__origin": origin.upper(), "flight__destination": destination.upper()}
    coming = Inventory.objects.filter(**ends, flight__off_block_scheduled__gt=timezone.now())
    found = coming.order_by("pk").values_list("flight__origin", "flight__destination", "miles").first()
    return Market(*found) if found else NO_MARKET


class Coming(NamedTuple):
    """A flight to come, and what is sold in the cabin."""

    name: str
    departs: datetime
    tz: ZoneInfo
    leg: Leg


def next_flights(market: Market, cabin: str, rules: Rules, now: datetime, most: int = 5) -> list[Coming]:
    """The next flights of a market that have the cabin."""
    if not market.origin:
        return []
    ends = {"flight__origin": market.origin, "flight__destination": market.destination}
    found = Inventory.objects.filter(**ends, is_on_sale=True, flight__off_block_scheduled__gt=now)
    related = found.select_related("flight__origin", "flight__destination", "flight__airline")
    flights = related.order_by("flight__off_block_scheduled", "pk")[:most]
    families = len(rules.families(cabin))
    coming = [
        Coming(
            inventory.flight.designator,
            inventory.flight.off_block_scheduled,
            inventory.flight.origin.tz,
            leg(inventory, cabin, families, now, None),
        )
        for inventory in flights
    ]
    return [flight for flight in coming if flight.leg.capacity > 0]
