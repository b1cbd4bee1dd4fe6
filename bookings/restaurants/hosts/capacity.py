"""Whether a party fits at another time, and the nearest times at which it does."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from bookings.restaurants.hosts.tables import table_options
from bookings.restaurants.models import Closed, Full, Reservation, Restaurant, Table, Use
from bookings.restaurants.models.availability import DAY, Availability
from bookings.restaurants.models.slots import moment_of, slot_of, slots_for
from bookings.restaurants.models.times import Time
from clocks import clock
from verbs.forms import Alternative


def slot_at(restaurant: Restaurant, day: date, at: time) -> int:
    """The slot of a time on the restaurant's clock."""
    return slot_of(datetime.combine(day, at, restaurant.tz))


def room_to_change(reservation: Reservation, slot: int, party: int) -> tuple[Time, Sequence[Table]]:
    """The Time at a slot and tables that are free then: its own if they fit, else the best. Raises Closed or Full."""
    restaurant = reservation.restaurant
    availability = availability_around(restaurant, slot, reservation.pk)
    found = availability.find(slot, party, Use.IN_HOUSE)
    if found is None:
        raise Closed(_("%(name)s takes no guests at that time.") % {"name": restaurant.name})
    count = slots_for(found.turn)
    own = {table.pk for table in reservation.tables.all()}
    free = [
        option.tables
        for option in table_options(restaurant, party, slot, count, reservation.pk)
        if option.is_whole and option.fits
    ]
    tables = next((tables for tables in free if {table.pk for table in tables} == own), None)
    tables = tables or availability.free_tables(slot, count, party, Use.IN_HOUSE)
    if not tables or not found.is_free:
        words = {"time": reservation.clock(found.at), "party": party}
        raise Full(_("At %(time)s there is no table left for %(party)s.") % words)
    return found, tables


def nearest_times(restaurant: Restaurant, slot: int, party: int, but_for: int | None = None) -> list[Alternative]:
    """The free times closest to a slot, for a form with a QuarterField."""
    found = availability_around(restaurant, slot, but_for).nearest(slot, party, channel=Use.IN_HOUSE)
    local = [time.at.astimezone(restaurant.tz) for time in found]
    return [Alternative("at", at.strftime("%H:%M"), clock(at, restaurant.tz)) for at in local]


def availability_around(restaurant: Restaurant, slot: int, but_for: int | None = None) -> Availability:
    """What is free on the day of a slot, and on the day before, whose last service may go on past midnight."""
    day = moment_of(slot).astimezone(restaurant.tz).date()
    return Availability(restaurant, day - DAY, day, but_for=but_for)
