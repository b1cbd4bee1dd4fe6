"""A region to test the live layer with: the names of all people, each a row, behind a topic of its own."""

import asyncio
from contextlib import asynccontextmanager
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from live.hub import Hub
from live.outbox import publish
from live.regions import ROWS, Region, Snapshot

TOPIC = "people"


class People(Region):
    public = True
    address = id = TOPIC
    renderings = 0
    hook = staticmethod(lambda: None)  # runs between reading and answering

    def topics(self):
        return [TOPIC]

    def render(self):
        self.renderings += 1
        now = timezone.now()
        rows = {f"person-{pk}": f'<li id="person-{pk}">{name}</li>' for pk, name in self.names()}
        shell = f'<ul id="{self.rows_id}">{ROWS}</ul>'
        self.hook()
        return Snapshot(self.id, self.rows_id, shell, rows, sha256(str(rows).encode()).hexdigest()[:12], now)

    def names(self):
        return list(User.objects.order_by("pk").values_list("pk", "first_name"))


def rename(user, name, publishes=True):
    """A verb: state and publish in one transaction."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(first_name=name)
        if publishes:
            publish(TOPIC)


@asynccontextmanager
async def working_hub():
    """A hub of its own, that ends with the block."""
    hub = Hub()
    try:
        yield hub
    finally:
        working = {*hub.tasks, *(watched.task for watched in hub.watched.values() if watched.task)}
        while working:  # Redis's layer loses a cancellation that comes while it subscribes
            for task in working:
                task.cancel()
            _, working = await asyncio.wait(working, timeout=0.1)
        hub.readers.shutdown()
