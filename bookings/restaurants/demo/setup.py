from bookings.restaurants.demo import data
from demo.parts import Demo, about, setup

HOSTS = [
    ("host@airside.example", "Dora", "Hale", ["idlewild-kitchen", "nonna-at-five"]),
    ("host2@airside.example", "Dave", "Imai", ["idlewild-kitchen"]),
]
WITH_GUESTS = "idlewild-kitchen"  # where guests come and go by themselves

about(20, "restaurants/demo/_about.html")


@setup(order=20)
def restaurants(demo: Demo) -> None:
    """Four restaurants with half-booked days, their hosts, and guests who come and go at one of them."""
    built = {restaurant.slug: restaurant for restaurant in data.build()}
    for email, first, last, slugs in HOSTS:
        names = ", ".join(built[slug].name for slug in slugs)
        host = demo.account(email, first, last, f"host: {names}")
        for slug in slugs:
            built[slug].staff.add(host)
    demo.start("demo_guests", WITH_GUESTS)
