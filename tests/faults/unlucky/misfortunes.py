"""What goes wrong in a serving process, and the guards that are taken out there."""

import asyncio
import random

from django.conf import settings

from live import outbox
from live.hub import hub
from live.threads import SharedThreads, Threads
from tests.faults.test_any_interleaving import (  # noqa: F401
    without_asking_what_the_page_shows,
    without_one_rendering_at_a_time,
    without_waiting_for_a_rendering_that_begins_later,
)
from tracking.flights.models import Source


def loses_hints(monkeypatch):
    misdirect(monkeypatch, lambda message: [])


def doubles_hints(monkeypatch):
    misdirect(monkeypatch, lambda message: [message, message])


def swaps_hints(monkeypatch):
    """Each second one overtakes the one before."""
    kept = []

    def swap(message):
        if not kept:
            kept.append(message)
            return []
        return [message, kept.pop()]

    misdirect(monkeypatch, swap)


def misdirect(monkeypatch, fate):
    """``fate(message)`` is a list of those that are sent instead."""
    send = outbox.send

    async def misdirected(message):
        for sent in fate(message):
            await send(sent)

    monkeypatch.setattr(outbox, "send", misdirected)


def forgets_when_feeds_called(monkeypatch):
    """Boards show the minute, so the first call in each minute is a change too."""
    monkeypatch.setattr(Source, "record_call", lambda source: None)


def forgets_groups(monkeypatch):
    """The layer in memory, after a second; Redis keeps who subscribes."""
    if not settings.REDIS_URL:
        settings.CHANNEL_LAYERS["default"]["CONFIG"] = {"group_expiry": 1}
    settings.LIVE["renews_every"] = 0.3


def renders_slowly(monkeypatch):
    """What the hub renders is old when it has it."""
    delay_renderings(monkeypatch, [0.2])


def renders_raggedly(monkeypatch):
    """Of what the hub renders, that which began later may well come first."""
    delay_renderings(monkeypatch, [0, 0, 0.2])


def delay_renderings(monkeypatch, delays):
    run = Threads.run

    async def delayed(self, job, *args):
        result = await run(self, job, *args)
        if job.__name__ == "render":
            await asyncio.sleep(random.choice(delays))
        return result

    monkeypatch.setattr(Threads, "run", delayed)


def without_remembering_what_was_heard(monkeypatch):
    class Forgetful(dict):
        def __contains__(self, key):
            return False

    monkeypatch.setattr(hub.listener, "seen", Forgetful())


def without_renewing(monkeypatch):
    settings.LIVE["renews_every"] = 3600


def without_looking_back(monkeypatch):
    settings.LIVE["looks_back"] = -1  # each reading begins where the one before ended


def without_threads_to_spare(monkeypatch):
    monkeypatch.setattr(hub, "renders", SharedThreads("render", 1))
