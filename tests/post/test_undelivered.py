"""Whoever works on a thing sees what mail about it did not arrive, and the thing hears of it."""

from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.template import engines

from accounts.models import User
from post.models import Message, undelivered_about
from post.sending import send_due

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def heard(monkeypatch):
    """What the thing was told: states and problems."""
    told = []
    monkeypatch.setattr(
        User, "message_changed", lambda user, message: told.append((message.state, message.problem)), raising=False
    )
    return told


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@example.org")


def notice(thing):
    template = engines["django"].from_string("{% load post %}{% undelivered thing tz %}")
    return " ".join(template.render({"thing": thing, "tz": NEW_YORK}).split())


@pytest.fixture
def templates(settings, templates):
    """The tests' mail, and the site's own templates."""
    options = settings.TEMPLATES[0]["OPTIONS"]
    options["loaders"].append(("django.template.loaders.filesystem.Loader", [settings.BASE / "templates"]))


def test_a_thing_hears_that_its_mail_was_sent(write, mail_server, alice, heard):
    mail_server()
    write(about=alice)
    send_due()
    assert heard == [("sent", "")]
    assert undelivered_about(alice) == [] and notice(alice) == ""


def test_it_hears_of_a_refusal_and_staff_read_whom_to_ask(write, mail_server, alice, heard, time_machine):
    time_machine.move_to("2026-11-05T19:03:00Z", tick=False)
    mail_server({"RCPT": "550 no such user"})
    write("bob@example.org", about=alice)
    assert notice(alice) == "", "what waits for its first try is no trouble"
    send_due()
    assert heard == [("refused", "550 no such user")]
    assert "Mail to bob@example.org was refused (5 Nov 14:03)." in notice(alice)
    assert "Cancelled: Ada" in notice(alice)


def test_it_hears_once_that_a_mail_is_late(write, mail_server, alice, heard):
    mail_server({"RCPT": "451 try later"})
    write(about=alice)
    send_due()
    Message.objects.update(due_at=Message.objects.get().made_at)
    send_due()
    assert Message.objects.get().tries == 2
    assert heard == [("waiting", "451 try later")]
    assert "has not been delivered since" in notice(alice)


def test_a_later_mail_that_arrives_makes_up_for_it(write, mail_server, alice):
    mail_server({"RCPT bob@example.org": "550 no such user"})
    write("bob@example.org", about=alice)
    send_due()
    assert notice(alice)
    write("ada@example.org", about=alice)
    send_due()
    assert notice(alice) == ""


def test_a_thing_that_fails_to_hear_does_not_send_twice(write, mail_server, alice, monkeypatch, caplog):
    server = mail_server()

    def fail(user, message):
        User.objects.filter(pk=user.pk).update(first_name="half done")
        raise RuntimeError

    monkeypatch.setattr(User, "message_changed", fail, raising=False)
    write(about=alice)
    send_due()
    send_due()
    assert len(server.taken) == 1 and Message.objects.get().state == "sent"
    assert "message_changed of accounts.user failed" in caplog.text
    alice.refresh_from_db()
    assert alice.first_name == ""


def test_it_is_told_inside_the_transaction(write, mail_server, alice, monkeypatch):
    mail_server()
    seen = []
    monkeypatch.setattr(User, "message_changed", lambda *args: seen.append(connection.in_atomic_block), raising=False)
    write(about=alice)
    send_due()
    assert seen == [True]


def test_a_thing_need_not_care(write, mail_server, alice):
    mail_server()
    write(about=alice)
    alice.delete()
    send_due()
    assert Message.objects.get().state == "sent"


def test_what_is_in_it_is_text(write, mail_server, alice):
    mail_server({"RCPT": "550 <b>no</b>"})
    write(name="<script>alert(1)</script>", about=alice)
    send_due()
    assert "<script>" not in notice(alice) and "&lt;script&gt;" in notice(alice)
