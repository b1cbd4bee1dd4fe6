"""Jobs that the serving process runs by itself."""

from bookings.restaurants.models import waitlist
from live.chores import every


@every(1)
def serve_waitlists():
    waitlist.serve_due()
