"""People at the talks: they ask, vote and write on their phones."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from django.utils import timezone

from bookings.events.demo import words
from bookings.events.demo.talks import first_name, talks
from bookings.events.models import AskedState, Event, Ticket
from demo.browser import Page, browser

OPEN = 7  # questions that are shown or wait: beyond them nobody asks
OFF_TOPIC = 0.1  # the share of questions that a moderator does not show


def on_now() -> Event:
    """The talks that are on. Raises LookupError where there are none."""
    event = talks(timezone.now())
    if event is None:
        raise LookupError("no talks are on")
    return event


class Audience:
    url: str
    chance: random.Random

    @contextmanager
    def holder(self) -> Iterator[tuple[Page, Ticket]]:
        """Somebody inside, who has opened their ticket and looks at what is on. No account's: those are for visitors."""
        event = on_now()
        inside = Ticket.objects.valid().filter(event=event, is_inside=True, registration__user=None)
        ticket = self.chance.choice(inside.select_related("registration"))
        with browser(self.url) as phone:
            Page.get(phone, ticket.get_absolute_url())
            yield Page.get(phone, reverse("events:now", args=[event.slug])), ticket

    def vote(self) -> None:
        """Somebody votes for a question; the first ones are seen by most."""
        with self.holder() as (page, _ticket):
            questions = sorted(set(page.buttons("question")), key=page.buttons("question").index)
            page.press("/now/vote/", self.chance.choices(questions, range(len(questions), 0, -1))[0])

    def choose(self) -> None:
        """Somebody votes in a poll."""
        with self.holder() as (page, _ticket):
            options = page.buttons("option")
            page.press("/now/choose/", self.chance.choices(options, likely(len(options)))[0])

    def say(self) -> None:
        """Somebody writes in the chat what nobody has written lately."""
        lately = on_now().chat.order_by("-at").values_list("text", flat=True)[: len(words.CHAT) // 2]
        with self.holder() as (page, ticket):
            text = self.chance.choice(sorted(set(words.CHAT) - set(lately)))
            page.send("/now/say/", name=first_name(ticket), text=text)

    def ask(self) -> None:
        """Somebody asks, unless there is enough to answer already."""
        event = on_now()
        asked = event.asked.filter(state__in=(AskedState.WAITING, AskedState.SHOWN))
        is_off = self.chance.random() < OFF_TOPIC
        texts = set(words.OFF_TOPIC if is_off else words.QUESTIONS) - set(asked.values_list("text", flat=True))
        if texts and asked.count() < OPEN:
            with self.holder() as (page, ticket):
                name = first_name(ticket) if self.chance.random() < 0.6 else ""
                page.send("/now/ask/", name=name, text=self.chance.choice(sorted(texts)))


def likely(options: int) -> list[int]:
    """Some choices of a poll are more popular."""
    return [(3, 5, 2, 1)[position % 4] for position in range(options)]
