"""A region to test the live layer with: the names of all people, each a row, behind a topic of its own."""

import asyncio
from contextlib import asynccontextmanager
from typing import NamedTuple
from unittest.mock import patch

from django.conf import settings
from django.db import transaction

from accounts.models import User
from live import outbox
from live.hub import Hub
from live.outbox import publish
from live.regions import ListRegion
from live.writing import Socket

TOPIC = "people"


class Person(NamedTuple):
    id: int
    name: str


class People(ListRegion):
    """Read and rendered as every region is. It has no path, so that no address leads to it."""

    public = True
    address = id = TOPIC
    template, row_template = "people.html", "_person.html"
    row_prefix = "person-"
    renderings = 0
    hook = staticmethod(lambda: None)  # runs between reading and answering

    def topics(self):
        return [TOPIC]

    def rows(self):
        return [Person(*values) for values in User.objects.order_by("pk").values_list("pk", "first_name")]

    def render(self, fresh=True):
        self.renderings += 1
        snapshot = super().render(fresh)
        self.hook()
        return snapshot


def rename(user, name, publishes=True):
    """A verb: state and publish in one transaction."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(first_name=name)
        if publishes:
            publish(TOPIC)


class Browser:
    """A socket and what its reader does: ``take(text)`` is called with each text, once ``reads`` is set.

    By ``write`` it is written to as the server of manage.py serve does it, else as any ASGI server does.
    """

    def __init__(self, version, write=True, **options):
        self.reads = asyncio.Event()
        self.reads.set()
        self.closed = None
        self.socket = Socket(self.send, self.write if write else self.send_text, version=version, **options)

    def take(self, text):
        raise NotImplementedError

    def write(self, text):
        if not self.reads.is_set():
            return self.send_text(text)
        self.take(text)
        return None

    async def send_text(self, text):
        await self.send({"type": "websocket.send", "text": text})

    async def send(self, message):
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.take(message["text"])


@asynccontextmanager
async def working_hub():
    """A hub of its own, that ends with the block. No hint to it is given up because the machine is busy."""
    hub = Hub()
    try:
        with patch.dict(settings.LIVE, hint_within=60), patch.object(outbox.Layer, "away_until", 0.0):
            yield hub
    finally:
        working = {*hub.tasks, *(watched.task for watched in hub.watched.values() if watched.task)}
        while working:  # Redis's layer loses a cancellation that comes while it subscribes
            for task in working:
                task.cancel()
            _, working = await asyncio.wait(working, timeout=0.1)
        hub.shutdown()
