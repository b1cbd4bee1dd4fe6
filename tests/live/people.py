"""A region to test the live layer with: the names of all people, each a row, behind a topic of its own."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.models import User
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
