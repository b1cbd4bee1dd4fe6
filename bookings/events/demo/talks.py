"""The talks of the demo: on stage now, whenever the demo runs, with people inside, questions, votes, a chat and a poll."""

import random
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from bookings.events.demo import words
from bookings.events.demo.making import Type, events_named, make, slug_of
from bookings.events.demo.people import Person, fill, parties, register, staff
from bookings.events.demo.programmes import take_in
from bookings.events.models import (
    Announcement,
    AudienceQuestion,
    ChatMessage,
    Event,
    Poll,
    PollVote,
    Scan,
    Ticket,
    Vote,
)
from bookings.events.models.scanning import Press
from clocks import HOUR, MINUTE
from live.outbox import publish

NAME = "layover-talks"
LENGTH = 10 * HOUR
BEGAN = 70 * MINUTE  # before the demo starts
NEXT = 15 * MINUTE  # before one ends, the next one begins
MAIN, WORKSHOP = 120, 30  # places
SOLD_MAIN, SOLD_WORKSHOP = 58, 16
INSIDE = 0.8  # the share of the tickets whose holders are inside
DOORS = ("North", "South")
ASKED, ANSWERED, WAITING, MESSAGES = 8, 2, 2, 9  # questions that are shown, answered of them, not shown yet; the chat


def talks(now: datetime) -> Event | None:
    """Those that are on."""
    return events_named(NAME).filter(starts_at__lte=now, ends_at__gt=now).order_by("starts_at").last()


def put_on(now: datetime) -> Event:
    """Put them on stage, unless they are on for a while still."""
    event = talks(now)
    if event and event.ends_at > now + NEXT:
        return event
    event = make_event(now)
    chance = random.Random(event.slug)  # noqa: S311
    take_in(event, "layover-talks", by=staff("organiser"))
    main, workshop = event.types.all()
    sold = list(parties(chance, {main: SOLD_MAIN, workshop: SOLD_WORKSHOP}, (1, 2, 3, 4, 6), (2, 5, 3, 3, 2)))
    chance.shuffle(sold)
    fill(event, sold, chance, days=6)
    if attendee := staff("attendee"):
        register(event, {main: 1}, Person.of(attendee), chance)
    inside = let_in(event, chance, now)
    talk(event, inside, chance, now)
    return event


def make_event(now: datetime) -> Event:
    begins = now - BEGAN
    begins -= (begins - begins.replace(minute=0, second=0, microsecond=0)) % (5 * MINUTE)
    return make(
        slug_of(NAME, begins),
        "hangar-room",
        begins,
        LENGTH,
        quotas={"Hangar Room": MAIN + WORKSHOP, "Workshop corner": WORKSHOP},
        types=[
            Type("Talks", 0, ["Hangar Room"]),
            Type("Talks and workshops", 0, ["Hangar Room", "Workshop corner"], "With a place at a table."),
        ],
        organisers=["organiser", "moderator"],
        lists={"Hangar Room": [], "Workshop corner": ["Talks and workshops"]},
        title="Layover Talks",
        subtitle="Half an hour about how an airport works, then the next one",
        about=(
            "Come in whenever you have time, leave when you are called. Ask from your phone, vote for what others ask, "
            "and see it on the stage.\n\nThe talks go on all day and all night."
        ),
        sale_until=begins + LENGTH - HOUR,
        has_waitlist=False,
        quiet_minutes=2,
    )


def let_in(event: Event, chance: random.Random, now: datetime) -> list[Ticket]:
    """Most people have come, by two doors. Returns their tickets."""
    list_, by = event.lists.all()[0], staff("door")
    tickets = list(Ticket.objects.valid().filter(event=event, registration__user=None).order_by("pk"))
    inside = sorted(chance.sample(tickets, round(len(tickets) * INSIDE)), key=lambda ticket: chance.random())
    for number, ticket in enumerate(inside):
        at = event.starts_at - 15 * MINUTE + (now - event.starts_at) * number / len(inside)
        Scan.objects.press(Press(list_, ticket.pk, uuid4(), chance.choice(DOORS), by), now=at)
    return inside


def talk(event: Event, inside: Sequence[Ticket], chance: random.Random, now: datetime) -> None:
    """What was announced, asked, written and voted on until now."""
    by = staff("moderator")
    told = Announcement.objects.announce(event, words.ANNOUNCEMENTS[0], by=by)
    put_back(told, now - 55 * MINUTE)
    for number, text in enumerate(chance.sample(words.CHAT, MESSAGES)):
        said = ChatMessage.objects.say(event, text, first_name(ticket := chance.choice(inside)), ticket=ticket)
        put_back(said, now - (MESSAGES - number) * 4 * MINUTE)
    ask(event, inside, chance, now)
    vote_on_poll(event, inside, chance)
    publish(*event.topics())


def ask(event: Event, inside: Sequence[Ticket], chance: random.Random, now: datetime) -> None:
    """Questions with their votes: two are answered, one is on the stage's screen, some wait for a moderator."""
    by = staff("moderator")
    texts = chance.sample(words.QUESTIONS, ASKED + WAITING)
    for number, (text, ticket) in enumerate(zip(texts, chance.sample(list(inside), len(texts)), strict=True)):
        question = AudienceQuestion.objects.ask(event, text, ticket, first_name(ticket) if number % 3 else "")
        put_back(question, now - (len(texts) - number) * 5 * MINUTE)
        if number >= ASKED:
            continue
        question.show(by=by)
        share = (ASKED - number) / ASKED * 0.6  # who asks early has more time
        voters = [voter for voter in inside if chance.random() < share]
        Vote.objects.bulk_create(Vote(question=question, ticket=voter, at=question.at) for voter in voters)
        if number < ANSWERED:
            question.answer(by=by)
        elif number == ANSWERED:
            question.pin(by=by)


def vote_on_poll(event: Event, inside: Sequence[Ticket], chance: random.Random) -> None:
    """One poll is open, and half of those inside have voted."""
    text, options, weights = words.POLLS[0]
    poll = Poll.objects.draft(event, text, options, by=staff("moderator"))
    poll.open(by=staff("moderator"))
    choices = list(poll.options.all())
    PollVote.objects.bulk_create(
        PollVote(poll=poll, option=chance.choices(choices, weights)[0], ticket=ticket)
        for ticket in inside
        if chance.random() < 0.5
    )


def first_name(ticket: Ticket) -> str:
    return ticket.name.split()[0]


def put_back(made: Announcement | ChatMessage | AudienceQuestion, at: datetime) -> None:
    """It was written then."""
    made.at = at
    type(made).objects.filter(pk=made.pk).update(at=at)
