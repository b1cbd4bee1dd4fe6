"""Mail about moved sessions, written by several processes at once: each ticket gets one. On both databases."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.events.models import MovedNotice, Session
from bookings.events.programme import notices, own
from post.models import Message
from tests.races import answers_at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 4


def test_several_processes_write_one_mail(event, register, monkeypatch):
    """All have read the notices before one of them writes."""
    [ticket] = register().tickets.all()
    talk = Session.objects.plan(
        event, room=event.rooms.create(name="Hall A"), title="Radio", starts_at=event.starts_at, speakers=[]
    )
    own.choose(ticket, talk)
    talk.call_off()
    MovedNotice.objects.update(changed_at=event.starts_at - timedelta(days=3))
    Message.objects.all().delete()
    read, each = threading.Barrier(PROCESSES), notices.each

    def wait(*arguments):
        read.wait(30)
        return each(*arguments)

    monkeypatch.setattr(notices, "each", wait)
    answers_at_once(*[lambda: notices.tell_moved_sessions(timezone.now())] * PROCESSES)
    assert Message.objects.count() == 1 and not MovedNotice.objects.exists()
