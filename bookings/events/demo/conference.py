"""The conference of the demo: some days ahead, with places left, several ticket types under shared quotas, vouchers, a type
that the organiser approves, questions, and a programme of three days."""

import random
from datetime import datetime, time

from bookings.events.demo.making import Type, events_named, make, moment_on, slug_of
from bookings.events.demo.people import fill, parties, register, someone, staff
from bookings.events.demo.programmes import take_in
from bookings.events.models import Event, QuestionKind, Voucher
from clocks import DAY, HOUR

NAME = "gate-to-gate"
DAYS_AHEAD, BEGINS, LENGTH = 16, time(9, 30), 2 * DAY + 6 * HOUR
DAYS = ("Day one", "Day two", "Day three")
SIZES = (120, 120, 90)  # of the hall on each day; the Studio is closed on the last one
WHOLE, PER_DAY = 30, (18, 27, 6)  # places that are sold at the beginning
ASKING = 3  # parties that wait for the organiser's approval
ROOM_FOR = 20  # places that demo people leave to others


def conference(now: datetime) -> Event | None:
    """The one that has not begun."""
    return events_named(NAME).filter(starts_at__gt=now + DAY).order_by("starts_at").first()


def put_on(now: datetime) -> Event:
    """Announce one, unless there is one already."""
    if event := conference(now):
        return event
    event = make_event(now)
    ask(event)
    take_in(event, "gate-to-gate", by=staff("organiser"))
    issue_vouchers(event)
    chance = random.Random(event.slug)  # noqa: S311
    types = {type_.name: type_ for type_ in event.types.all()}
    wanted = {types["All three days"]: WHOLE} | {types[day]: sold for day, sold in zip(DAYS, PER_DAY, strict=True)}
    sold = list(parties(chance, wanted, (1, 2, 3, 4, 6), (2, 4, 3, 3, 3)))
    chance.shuffle(sold)
    fill(event, sold, chance, days=30)
    for _number in range(ASKING):
        register(event, {types["Working at the airport"]: chance.choice((1, 1, 2))}, someone(chance), chance)
    register(event, {types["All three days"]: 2}, someone(chance), chance, voucher="EARLYBIRD")
    register(event, {types["Speaker"]: 1}, someone(chance), chance, voucher="SPEAKER")
    return event


def make_event(now: datetime) -> Event:
    starts_at = moment_on(now, DAYS_AHEAD, BEGINS)
    halls = dict(zip((f"Hall, {day.lower()}" for day in DAYS), SIZES, strict=True))
    return make(
        slug_of(NAME, starts_at),
        "skyline-hall",
        starts_at,
        LENGTH,
        quotas=halls,
        types=[
            Type("All three days", 24000, list(halls)),
            *(Type(day, 9500, [hall]) for day, hall in zip(DAYS, halls, strict=True)),
            Type("Working at the airport", 0, list(halls), "Free, with your badge.", fields={"needs_approval": True}),
            Type("Speaker", 0, list(halls), fields={"is_hidden": True}),
        ],
        organisers=["organiser"],
        lists={
            **{day: ["All three days", day, "Working at the airport", "Speaker"] for day in DAYS},
            "Speakers’ room": ["Speaker"],
        },
        title="Gate to Gate",
        subtitle="Three days for everybody who moves an airport",
        about=(
            "Pilots, planners, cooks and cleaners seldom meet. Here they do: talks in the hall, workshops in the "
            "studio, and the roof deck for those who want to see what it is all about.\n\n"
            "Places on single days and for all three days are of the same hall."
        ),
        policy="Cancel until a week before it begins, and what you paid goes back. After that somebody else may come instead.",
        cancel_before=7 * 24 * 60,
        most_places=6,
        pay_minutes=60,
    )


def ask(event: Event) -> None:
    """The organiser's questions."""
    diets = "Everything\nVegetarian\nVegan\nNo gluten"
    event.questions.create(
        text="What do you eat at lunch?", kind=QuestionKind.CHOICE, choices=diets, is_required=True, position=0
    )
    event.questions.create(text="Do you need step-free access?", kind=QuestionKind.YES, is_required=True, position=1)
    badge = event.questions.create(text="Where at the airport do you work?", kind=QuestionKind.TEXT, position=2)
    badge.types.set(event.types.filter(needs_approval=True))


def issue_vouchers(event: Event) -> None:
    """One with a discount, and one that reserves places of a type that others do not see."""
    Voucher.objects.issue(event, "EARLYBIRD", most=40, discount=20, comment="Until the posters hang")
    speakers = event.types.get(is_hidden=True)
    Voucher.objects.issue(event, "SPEAKER", most=12, type=speakers, reserves=True, comment="For those on the programme")
