"""Whether a restaurant has room for a party: the rules that every way of booking checks, under the lock."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Table, Use
from bookings.restaurants.models.refusals import Closed, Full, Unfit
from bookings.restaurants.models.slots import moment_of, slots_for
from bookings.restaurants.models.times import Time
from bookings.restaurants.models.venue import LARGEST_PARTY, Restaurant
from clocks import clock


def check_party(restaurant: Restaurant, party: int) -> None:
    """Raise Unfit for a party size that no table takes."""
    if not 1 <= party <= LARGEST_PARTY:
        raise Unfit(_("How many guests? From 1 to %(most)s.") % {"most": LARGEST_PARTY})
    if party > (most := restaurant.table_plan.largest_party):
        words = {"name": restaurant.name, "most": most}
        raise Unfit(_("%(name)s has no table for so many: its largest takes %(most)s.") % words)


def check_online(restaurant: Restaurant, party: int) -> None:
    """Raise Unfit for a party size that can't book online."""
    check_party(restaurant, party)
    if party > restaurant.max_party_online:
        words = {"most": restaurant.max_party_online, "name": restaurant.name}
        raise Unfit(_("Parties of more than %(most)s are booked by %(name)s itself: please call.") % words)
    if not restaurant.table_plan.fitting(party, Use.ONLINE):
        words = {"party": party, "name": restaurant.name}
        raise Unfit(_("Tables for %(party)s are booked by %(name)s itself: please call.") % words)


def room_for(
    restaurant: Restaurant,
    slot: int,
    party: int,
    channel: str,
    area: int | None = None,
    given: Iterable[Table] | None = None,
    but_for: int | None = None,
) -> tuple[Time, Iterable[Table]]:
    """The Time at a slot, and the best free tables or those ``given``. Raises Closed or Full.

    Given tables are not checked here: whether they are free is decided when they are taken. The tables of the reservation
    ``but_for`` (a key) count as free.
    """
    day = moment_of(slot).astimezone(restaurant.tz).date()
    availability = Availability(restaurant, day - timedelta(days=1), day, but_for=but_for)
    time = availability.find(slot, party, channel, area)
    if time is None:
        raise Closed(_("%(name)s takes no guests at that time.") % {"name": restaurant.name})
    tables = given or availability.free_tables(slot, slots_for(time.turn), party, channel, area)
    if not tables or not (time.is_free or given):
        words = {"time": clock(time.at, restaurant.tz), "party": party}
        raise Full(_("At %(time)s there is no table left for %(party)s.") % words)
    return time, tables
