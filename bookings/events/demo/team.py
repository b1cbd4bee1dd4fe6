"""The moderator of the talks and the door: they do what is due, one thing at a time."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.urls import reverse
from django.utils import timezone

from bookings.events.demo import words
from bookings.events.demo.audience import on_now
from bookings.events.demo.talks import DOORS
from bookings.events.models import AskedState, Event, PollState, Ticket, Way
from clocks import MINUTE
from demo.browser import Page

# How long the moderator lets things be. A visitor who moderates is quicker.
SHOWN_AFTER, ANSWERED_AFTER, POLLED_FOR, ANNOUNCED_AFTER = 1.5 * MINUTE, 3 * MINUTE, 12 * MINUTE, 20 * MINUTE
TURN = 3  # after so many questions on the stage's screen comes the poll, for as long as an answer takes
LEAVING = 0.3  # the share of those at the door who go


class Team:
    speed: float
    chance: random.Random

    def browser_of(self, name: str) -> httpx.Client:
        raise NotImplementedError

    # The moderator

    def moderate(self) -> None:
        event = on_now()
        due = list(self.due(event, timezone.now()))
        if not due:
            return
        ends = self.chance.choice(due)
        page = Page.get(self.browser_of("moderator"), reverse("events:moderation", args=[event.slug]))
        if ends == "announce":
            told = event.announcements.values_list("text", flat=True)[: len(words.ANNOUNCEMENTS) - 1]
            page.send("/announce/", text=next(text for text in words.ANNOUNCEMENTS if text not in told))
        elif ends == "poll":
            self.make_poll(event, page)
        else:
            page.press(ends)

    def due(self, event: Event, now: datetime) -> Iterator[str]:
        """What the moderator has to do: how the address of a button ends, or what is written."""

        def before(time: timedelta) -> datetime:
            return now - time / self.speed

        for question in event.asked.filter(state=AskedState.WAITING, at__lt=before(SHOWN_AFTER)):
            verb = "dismiss" if question.text in words.OFF_TOPIC else "show"
            yield f"/questions/{question.pk}/{verb}/"
        yield from self.due_on_stage(event, before(ANSWERED_AFTER))
        opened = event.polls.filter(state=PollState.OPEN).last()
        if draft := event.polls.filter(state=PollState.DRAFT).first():
            yield f"/polls/{draft.pk}/open/"
        elif opened is None:
            yield "poll"
        elif opened.at < before(POLLED_FOR):
            yield f"/polls/{opened.pk}/close/"
        told = event.announcements.first()
        if told is None or told.at < before(ANNOUNCED_AFTER):
            yield "announce"

    def due_on_stage(self, event: Event, before: datetime) -> Iterator[str]:
        """A pinned question is answered, and the next one is pinned; in between comes the poll."""
        question = event.asked.filter(pinned_at__isnull=False).first()
        if question and question.pinned_at < before:
            yield f"/questions/{question.pk}/answer/"
        poll = event.polls.filter(pinned_at__isnull=False).first()
        if question or (poll and poll.pinned_at >= before):
            return
        opened = event.polls.filter(state=PollState.OPEN).last()
        if opened and not poll and event.asked.filter(state=AskedState.ANSWERED).count() % TURN == 0:
            yield f"/polls/{opened.pk}/pin/"
        if following := event.asked.filter(state=AskedState.SHOWN).by_votes().first():
            yield f"/questions/{following.pk}/pin/"

    def make_poll(self, event: Event, page: Page) -> None:
        """The next one of the list; after the last comes the first again."""
        text, options, _weights = words.POLLS[event.polls.count() % len(words.POLLS)]
        page.send("/moderation/poll/", text=text, options="\n".join(options))

    # The door

    def pass_door(self) -> None:
        """Somebody comes, or goes, at one of the doors."""
        event = on_now()
        way = Way.EXIT if self.chance.random() < LEAVING else Way.ENTRY
        here = Ticket.objects.valid().filter(event=event, is_inside=way == Way.EXIT, registration__user=None)
        ticket: Any = self.chance.choice(here)
        door = self.browser_of("door")
        page = Page.get(door, reverse("events:door", args=[event.slug]))
        fields = next(fields for _address, fields in page.forms if "door" in fields)
        chosen = {**fields, "list": event.lists.all()[0].pk, "door": self.chance.choice(DOORS)}
        page = Page(door, door.post(page.address, data=chosen))
        page.send("/scan/", text=ticket.secret, way=way)
