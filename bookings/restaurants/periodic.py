"""Jobs that the serving process runs by itself."""

from bookings.restaurants.models import waitlist
from live.periodic import every


@every(1)
def serve_waitlists() -> None:
    waitlist.serve_waitlists()
