"""Actors of the demo: people at the events, a moderator and a door, who use the same pages and forms as everybody."""

import random
from typing import Any

import httpx
from django.urls import reverse
from django.utils import timezone

from bookings.events.demo.audience import Audience
from bookings.events.demo.queue import Queue
from bookings.events.demo.setup import open_events
from bookings.events.demo.team import Team
from demo.actors import Actor
from demo.browser import Page, browser
from demo.parts import PASSWORD, check_demo_mode

PAUSE = 5  # seconds between two steps, on average
# How often each step is taken, by the method that takes it.
AT_TALKS = {"vote": 30, "choose": 14, "say": 9, "ask": 6, "moderate": 16, "pass_door": 7}
BEFORE = {"cancel": 4, "answer": 8, "wait": 4, "register": 5}  # at the concert and the conference
STEPS = {**AT_TALKS, **BEFORE, "open": 3}
CHANCE = random.Random()  # noqa: S311


class Visitors(Audience, Team, Queue, Actor):
    """People at the events of the demo, and those who work there. What is over is followed by the next one."""

    speed_help = "how many times as often something happens"

    def act(self, **options: Any) -> None:
        check_demo_mode()
        self.start()
        self.open()
        self.act_for_ever(STEPS, PAUSE, CHANCE)

    def start(self) -> None:
        self.chance = CHANCE
        self.signed_in: dict[str, httpx.Client] = {}

    def skipped(self) -> None:
        self.signed_in.clear()

    def open(self) -> None:
        """Whatever is over is followed by the next one, which fills in many short transactions: nobody has to wait."""
        open_events(timezone.now())

    def browser_of(self, name: str) -> httpx.Client:
        """The browser of a member of staff, signed in."""
        if name not in self.signed_in:
            client = browser(self.url)
            email = f"{name}@airside.example"
            Page.get(client, reverse("account_login")).send("login/", login=email, password=PASSWORD)
            self.signed_in[name] = client
        return self.signed_in[name]
