"""The part of the demo that events are."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from bookings.events.demo import concert, conference, talks
from bookings.events.models import Event
from demo.parts import Demo, about, setup
from screens.models import Screen

STAFF = [
    ("organiser", "Odile", "Marsh", "organiser of all events"),
    ("moderator", "Moses", "Tran", "moderator of the talks that are on stage"),
    ("door", "Dunja", "Peck", "door of all events"),
    ("attendee", "Lena", "Frost", "attendee: has a ticket for the talks, waits for the concert"),
]

about(50, "events/demo/_about.html")


@setup(order=50)
def events(demo: Demo) -> None:
    """Three events, those who work at them, and actors who come, ask, vote, cancel and wait."""
    for name, first, last, role in STAFF:
        demo.account(f"{name}@airside.example", first, last, role)
    with transaction.atomic():  # nobody uses the site yet: all of it, or nothing
        open_events(timezone.now())
    demo.start("demo_visitors")


def open_events(now: datetime) -> None:
    """A concert that is sold out, talks that are on, a conference ahead: those that are missing, or over."""
    concert.put_on(now)
    conference.put_on(now)
    show_on_stage(talks.put_on(now))


def show_on_stage(event: Event) -> None:
    """The kiosk screen beside the stage shows these talks."""
    settings = {"event": event.slug}
    screen = Screen.objects.filter(slug="stage").first()
    if screen is None:
        where = {"place": "Hangar Room, left of the stage", "zone": "hangar-room", "distance": 8}
        screen = Screen.objects.set_up(slug="stage", name="Stage of the Hangar Room", **where)
        screen.show(time(0), "stage", settings)
        screen.pair()
        return
    hours = screen.hours.filter(shows="stage").first()
    if hours and hours.settings != settings and hours.settings["event"].startswith(f"{talks.NAME}-"):
        screen.show(hours.begins, "stage", settings, instead=hours)
