"""Two processes that send at once send each message once."""

import pytest

from post.models import Message, MessageQuerySet
from post.sending import send_due
from tests.races import answers_at_once

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS, MESSAGES = 4, 25


@pytest.fixture
def send_at_once(write, mail_server):
    """Let several senders read what is due, then send; gives the addresses that the server was sent, in order."""

    def send():
        server = mail_server()
        for number in range(MESSAGES):
            write(f"guest{number:02}@example.org")
        answers_at_once(*[send_due] * SENDERS)
        return sorted(to for to, _mail in server.taken)

    return send


def test_each_message_is_sent_once(send_at_once):
    assert send_at_once() == [f"guest{number:02}@example.org" for number in range(MESSAGES)]
    assert set(Message.objects.values_list("state", "tries")) == {("sent", 1)}


def test_without_the_claim_it_is_sent_twice(send_at_once, monkeypatch):
    """That the test above can fail: here the guard is taken out."""
    monkeypatch.setattr(MessageQuerySet, "claim", lambda messages, pk, now: messages.get(pk=pk))
    assert len(send_at_once()) > MESSAGES
