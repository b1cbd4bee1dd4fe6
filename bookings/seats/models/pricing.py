"""What an itinerary costs now: reads the inventories, and asks the rules of fares."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.seats.fares.quote import Leg, Party, Quote
from bookings.seats.layouts import Cabin
from bookings.seats.models.fares import Rules
from bookings.seats.models.inventory import Inventory
from bookings.seats.models.refusals import FareGone, Full, PriceChanged
from money import Money


class Price(NamedTuple):
    """A quote, with the rank and the terms of its fare family."""

    quote: Quote
    rank: int
    terms: dict[str, Any]


def price_of(
    inventories: Sequence[Inventory],
    cabin: str,
    family: str,
    party: Party,
    now: datetime,
    but_for: int | None = None,
    rules: Rules | None = None,
) -> Price:
    """The price of one fare family on these flights, for a party. The seats of the booking ``but_for`` (a key) count as free.

    ``rules``: those of now, where they are read already: under a lock, and for many prices, each reading counts.
    Raises FareGone where the family is closed on one of them, and Full where a cabin has too few seats.
    """
    rules = rules or Rules.read()
    families = rules.families(cabin)
    chosen = rules.family(cabin, family)
    if chosen is None:
        raise FareGone(_("This fare is not sold. Choose another one."))
    legs = [leg(inventory, cabin, len(families), now, but_for) for inventory in inventories]
    found = rules.quote(legs, chosen, party, now)
    if found is None:
        for inventory, sold in zip(inventories, legs, strict=True):
            if sold.capacity - sum(sold.sold_by_rank) < party.seats:
                raise too_few(inventory, party.seats)
        raise FareGone(_("This fare is not sold any more. Choose another one: there are still seats."))
    return Price(found, chosen.rank, chosen.terms._asdict())


def too_few(inventory: Inventory, seats: int) -> Full:
    """That a cabin has fewer seats than are needed."""
    text = ngettext(
        "%(flight)s has no seat left in this cabin.",
        "%(flight)s has fewer than %(seats)s seats left in this cabin.",
        seats,
    )
    return Full(text % {"flight": inventory.flight.designator, "seats": seats})


def leg(inventory: Inventory, cabin: str, families: int, now: datetime, but_for: int | None) -> Leg:
    """What the rules of fares ask of a flight."""
    flight = inventory.flight
    taken = inventory.assignments.counting(now, but_for).filter(cabin=cabin).by_rank()[inventory.pk]
    return Leg(
        inventory=inventory.pk,
        origin=flight.origin_id,
        destination=flight.destination_id,
        origin_country=flight.origin.country,
        destination_country=flight.destination.country,
        day=inventory.day,
        departs=flight.off_block_scheduled,
        miles=inventory.miles,
        capacity=inventory.plan.capacity(Cabin(cabin)) - taken[None],
        sold_by_rank=tuple(taken[rank] for rank in range(families)),
    )


def check_price(quote: Quote, fees: int, accepted: int | None, was: int) -> None:
    """Raise PriceChanged where the price is another one than the one that was accepted.

    ``fees``: for chosen seats, on top of the quote; ``was``: the price so far. All are minor units.
    """
    check_total(quote.total.amount + fees, quote.currency, accepted, was)


def check_total(price: int, currency: str, accepted: int | None, was: int) -> None:
    """Raise PriceChanged where this price is another one than the accepted one; None accepts all. Amounts are minor units."""
    if accepted is not None and price != accepted:
        words = {"old": Money(was, currency), "new": Money(price, currency)}
        raise PriceChanged(
            _("The price has changed from %(old)s to %(new)s. Nothing is booked yet.") % words, was, price, currency
        )
