"""Room for a party at another time, and the nearest times at which there is some."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.restaurants.hosts.tables import offers
from bookings.restaurants.models import Closed, Full, Use
from bookings.restaurants.models.availability import DAY, Availability
from bookings.restaurants.models.slots import moment_of, slot_of, slots_for


def slot_at(restaurant, day, clock):
    return slot_of(datetime.combine(day, clock, restaurant.tz))


def room_to_change(reservation, slot, party):
    """The Time at a slot, and tables for it: its own if they do, else the best that are free. Raises Closed or Full."""
    restaurant = reservation.restaurant
    availability = availability_around(restaurant, slot, reservation.pk)
    time = availability.find(slot, party, Use.IN_HOUSE)
    if time is None:
        raise Closed(_("%(name)s takes no guests at that time.") % {"name": restaurant.name})
    count = slots_for(time.turn)
    own = {table.pk for table in reservation.tables.all()}
    free = [
        offer.tables
        for offer in offers(restaurant, party, slot, count, reservation.pk)
        if offer.is_whole and offer.fits
    ]
    tables = next((tables for tables in free if {table.pk for table in tables} == own), None)
    tables = tables or availability.free_tables(slot, count, party, Use.IN_HOUSE)
    if not tables or not time.is_free:
        words = {"time": reservation.clock(time.at), "party": party}
        raise Full(_("At %(time)s there is no table left for %(party)s.") % words)
    return time, tables


def nearest(restaurant, slot, party, but_for=None):
    """The free times closest to a slot, on its day, as the field takes them: 18:30."""
    found = availability_around(restaurant, slot, but_for).nearest(slot, party, channel=Use.IN_HOUSE)
    return [time.at.astimezone(restaurant.tz).strftime("%H:%M") for time in found]


def availability_around(restaurant, slot, but_for=None):
    day = moment_of(slot).astimezone(restaurant.tz).date()
    return Availability(restaurant, day - DAY, day, but_for=but_for)
