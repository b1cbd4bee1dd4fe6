"""The part of the demo that flights for sale are."""

from django.conf import settings
from django.contrib.auth.models import Group

from bookings.seats.apps import DESK, FARES, GATE
from bookings.seats.demo.people import book_trips_of, fill_next_flights
from bookings.seats.demo.timetable import put_on_sale
from bookings.seats.models.fares import load_defaults
from demo.parts import Demo, about, setup
from tracking.flights.demo.day import Day
from tracking.flights.demo.setup import DAY

STAFF = [("sales", "Yusuf", "Aydın", DESK), ("gate", "Tomás", "Reyes", GATE), ("fares", "Ingrid", "Maas", FARES)]

about(30, "seats/demo/_about.html")


@setup(order=30)
def seats(demo: Demo) -> None:
    """The flights of the next 30 days on sale, people who have booked, and those who work at the desk and at the gates."""
    load_defaults()
    put_on_sale(Day.read(DAY))
    for email, first, last, role in STAFF:
        demo.account(f"{email}@airside.example", first, last, role).groups.add(Group.objects.get(name=role))
    customer = demo.account("passenger@airside.example", "Nia", "Byrne", "passenger")
    fill_next_flights(settings.HOME_AIRPORT)
    book_trips_of(customer, settings.HOME_AIRPORT)
    demo.start("demo_passengers", settings.HOME_AIRPORT)
