"""The restaurants' part of the demo."""

from bookings.restaurants.demo.guests import half_book
from bookings.restaurants.demo.venues import open_restaurants
from demo.parts import Demo, about, setup

HOSTS = [
    ("host@airside.example", "Dora", "Hale", ["idlewild-kitchen", "nonna-at-five"]),
    ("host2@airside.example", "Dave", "Imai", ["idlewild-kitchen"]),
]
BUSY = "idlewild-kitchen"  # where actors book, come and leave

about(20, "restaurants/demo/_about.html")


@setup(order=20)
def restaurants(demo: Demo) -> None:
    """Four restaurants with half-booked days, their hosts, and actors who are the guests and the host of one."""
    opened = {restaurant.slug: restaurant for restaurant in open_restaurants()}
    for restaurant in opened.values():
        half_book(restaurant)
    for email, first, last, slugs in HOSTS:
        names = ", ".join(opened[slug].name for slug in slugs)
        host = demo.account(email, first, last, f"host: {names}")
        for slug in slugs:
            opened[slug].staff.add(host)
    demo.start("demo_guests", BUSY)
