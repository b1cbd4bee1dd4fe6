"""When the mail server is back, one mail that it takes makes those due at once that its absence has delayed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from post.models import Message, MessageQuerySet, Outage
from post.sending import send_due

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delayed(write, no_mail_server):
    """Mails that a missing server has delayed, each for minutes."""
    messages = [write(f"guest{number}@example.org") for number in range(3)]
    for _ in messages:
        send_due()
    assert set(Message.objects.values_list("outage", flat=True)) == {Outage.DELAYED}
    assert all(message.due_at > timezone.now() + timedelta(seconds=30) for message in Message.objects.all())
    return messages


def test_one_success_makes_the_others_due(delayed, write, mail_server, again):
    server = mail_server()
    write("new@example.org")
    send_due()
    send_due()
    assert [to for to, _mail in server.taken] == [
        "new@example.org",
        *[f"guest{number}@example.org" for number in range(3)],
    ]
    assert {again(message).state for message in delayed} == {"sent"}


def test_without_it_they_wait_out_their_pause(delayed, write, mail_server, again, monkeypatch):
    """That the test above can fail: here the guard is taken out."""
    monkeypatch.setattr(MessageQuerySet, "hurry", lambda messages, now: 0)
    mail_server()
    write("new@example.org")
    send_due()
    send_due()
    assert {again(message).state for message in delayed} == {"waiting"}


def test_one_that_breaks_the_connection_itself_is_hurried_once(delayed, write, mail_server, again):
    server = mail_server({f"RCPT guest{number}@example.org": "421 go away" for number in range(3)})
    for number in range(8):
        write(f"new{number}@example.org")
        send_due()
    assert sum(to.startswith("new") for to, _mail in server.taken) >= 4
    assert all(again(message).tries <= 2 for message in delayed)


def test_a_pause_that_the_server_asked_for_an_address_stays(write, mail_server, again):
    mail_server({"RCPT bob@example.org": "451 try later"})
    message = write("bob@example.org")
    send_due()
    before = again(message).due_at
    write("new@example.org")
    send_due()
    assert again(message).due_at == before
