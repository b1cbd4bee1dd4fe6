"""What the serving process does by itself."""

from bookings.restaurants.models import offers
from live.chores import every


@every(5)
def offer_tables():
    offers.make_all()
