"""Whatever mail it is and whatever the mail server does: nothing is lost, it is sent later, and staff see what is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from prometheus_client import REGISTRY

from accounts.models import User
from post.health import late_mail
from post.mail import post
from post.models import Message, undelivered_about
from post.periodic import send_mail
from tests.post.servers import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = Path(settings.BASE) / "templates"
MAILS = sorted(
    str(path.relative_to(FOLDER)).removesuffix("_subject.txt")
    for path in FOLDER.rglob("*_subject.txt")
    if path.with_name(path.name.replace("_subject", "_message")).exists()
)
CONTEXT = {"reservation": {"party": 2}} | dict.fromkeys(
    ("party", "number", "size", "count", "minutes"), 2
)  # what no template can do without
ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def templates():
    """The site's own, and no others."""


@pytest.fixture
def thing(db):
    return User.objects.create_user("thing@example.org")


def written(template, thing):
    """This mail to two people, as a verb writes it; gives the messages."""
    messages = [*post(template, ADA, CONTEXT, "en", about=thing), *post(template, BOB, CONTEXT, "de", about=thing)]
    assert [message.state for message in messages] == ["waiting", "waiting"]
    return messages


def heal(server):
    server.answers.clear()
    Message.objects.update(due_at=timezone.now())
    send_mail()


def test_every_app_that_writes_mail_is_here():
    assert {"account/email/password_reset_key", "restaurants/guests/mail/booked"} <= set(MAILS)


@pytest.mark.parametrize("how", [MailServer.HANG, MailServer.CUT, "421 not now", "554 go away"])
@pytest.mark.parametrize("template", MAILS)
def test_a_server_that_hangs_or_refuses_loses_nothing(template, how, mail_server, thing, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server = mail_server({"GREETING": how})
    messages = written(template, thing)
    send_mail()
    assert not server.taken
    assert REGISTRY.get_sample_value("airside_post_waiting") == 2
    assert [message.to for message in undelivered_about(thing)] == [ADA], "whose try has failed"
    Message.objects.update(made_at=timezone.now() - timedelta(minutes=5))
    assert late_mail().number == len(messages), "what was not tried yet is seen too"
    settings.EMAIL_TIMEOUT = 10
    heal(server)
    assert sorted(to for to, _mail in server.taken) == [ADA, BOB]
    assert not undelivered_about(thing) and late_mail() is None


@pytest.mark.parametrize("template", MAILS)
def test_one_rejected_address_holds_up_no_other_and_staff_read_which(template, mail_server, thing):
    server = mail_server({f"RCPT {BOB}": "550 no such user"})
    messages = written(template, thing)
    send_mail()
    assert [to for to, _mail in server.taken] == [ADA]
    assert [(message.to, message.state) for message in undelivered_about(thing)] == [(BOB, "refused")]
    messages[1].send_again()
    heal(server)
    assert [to for to, _mail in server.taken] == [ADA, BOB]
