"""The concert of the demo: sold out, with people waiting: singles, and a group that stays together."""

import random
from datetime import datetime, time, timedelta

from bookings.events.demo.making import Type, events_named, make, moment_on, slug_of
from bookings.events.demo.people import Person, fill, parties, someone, staff
from bookings.events.models import Event, TicketType, WaitlistEntry
from clocks import DAY, HOUR, MINUTE

NAME = "blue-hour"
AT, LENGTH = time(20, 0), 100 * MINUTE
AHEAD = 5 * HOUR  # at least, so that there is time to wait, to cancel and to be offered a place
SEATS, SUPPERS = 32, 12
WAITING = [1, 4, 1, 2]  # the parties that wait for seats; after the second one comes the attendee of the demo


def concert(now: datetime) -> Event | None:
    """The one that people wait for."""
    return events_named(NAME).filter(starts_at__gt=now + HOUR).order_by("starts_at").first()


def put_on(now: datetime) -> Event:
    """Sell one out on the next evening, unless there is one already."""
    if event := concert(now):
        return event
    event = make_event(now)
    seat, supper = event.types.all()
    chance = random.Random(event.slug)  # noqa: S311
    sold = list(parties(chance, {seat: SEATS, supper: SUPPERS}, (1, 2, 3, 4), (2, 8, 3, 2)))
    chance.shuffle(sold)
    fill(event, sold, chance, days=9)
    wait(event, seat, chance, now)
    return event


def make_event(now: datetime) -> Event:
    starts_at = next(at for days in range(3) if (at := moment_on(now, days, AT)) > now + AHEAD)
    return make(
        slug_of(NAME, starts_at),
        "blue-hour-lounge",
        starts_at,
        LENGTH,
        quotas={"Lounge": SEATS + SUPPERS, "Kitchen": SUPPERS},
        types=[
            Type("Seat", 1800, ["Lounge"]),
            Type("Seat and supper", 3900, ["Lounge", "Kitchen"], "Three small plates, one of them warm."),
        ],
        organisers=["organiser"],
        lists={"Lounge door": []},
        title="Blue Hour: the Terminal Trio",
        subtitle="Piano, double bass and the rattle of an old flap display",
        about=(
            "Nine short pieces for people with time between two flights. The lounge has its lights out, the apron has "
            "its own.\n\nDoors open at 19:30. If your flight is called you may leave between any two pieces."
        ),
        policy="Cancel until one hour before it begins, and what you paid goes back.",
        offer_minutes=15,
        gather_minutes=20,
        chat_is_open=False,
    )


def wait(event: Event, type_: TicketType, chance: random.Random, now: datetime) -> None:
    """Parties join the waitlist, the first one a day ago."""
    people = [(size, someone(chance)) for size in WAITING]
    if attendee := staff("attendee"):
        people.insert(2, (1, Person.of(attendee)))
    for number, (size, person) in enumerate(people):
        WaitlistEntry.objects.join(
            event, type_, size, made_at=now - DAY + number * timedelta(hours=4, minutes=37), **person._asdict()
        )
