"""Whether a restaurant has room for a party: the rules that every way of booking asks, under the lock."""

from datetime import timedelta

from django.utils.translation import gettext as _

from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Use
from bookings.restaurants.models.refusals import Closed, Full, Unfit
from bookings.restaurants.models.slots import moment_of, slots_for
from bookings.restaurants.models.venue import LARGEST_PARTY
from clocks import clock


def check_party(restaurant, party: int) -> None:
    """Raise Unfit for a party size that no table takes."""
    if not 1 <= party <= LARGEST_PARTY:
        raise Unfit(_("How many guests? From 1 to %(most)s.") % {"most": LARGEST_PARTY})
    if party > (most := restaurant.table_plan.largest_party):
        words = {"name": restaurant.name, "most": most}
        raise Unfit(_("%(name)s has no tables for so many together: its largest take %(most)s.") % words)


def check_online(restaurant, party: int) -> None:
    """Raise Unfit for a party that can't book online."""
    check_party(restaurant, party)
    if party > restaurant.max_party_online:
        words = {"most": restaurant.max_party_online, "name": restaurant.name}
        raise Unfit(_("Parties of more than %(most)s are booked by %(name)s itself: please call.") % words)
    if not restaurant.table_plan.fitting(party, Use.ONLINE):
        words = {"party": party, "name": restaurant.name}
        raise Unfit(_("Tables for %(party)s are booked by %(name)s itself: please call.") % words)


def room_for(restaurant, slot: int, party: int, channel, area=None, given=None):
    """The Time at a slot and the best free tables: ``(Time, tables)``. Raises Closed or Full.

    ``given`` tables are not checked here: whether they are free is decided when they are taken.
    """
    day = moment_of(slot).astimezone(restaurant.tz).date()
    availability = Availability(restaurant, day - timedelta(days=1), day)
    time = availability.find(slot, party, channel, area)
    if time is None:
        raise Closed(_("%(name)s takes no guests at that time.") % {"name": restaurant.name})
    tables = given or availability.free_tables(slot, slots_for(time.turn), party, channel, area)
    if not tables or not (time.is_free or given):
        words = {"time": clock(time.at, restaurant.tz), "party": party}
        raise Full(_("At %(time)s there is no table left for %(party)s.") % words)
    return time, tables
