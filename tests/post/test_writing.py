"""A mail is a row of its verb's transaction."""

from contextlib import suppress

import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from accounts.models import User
from post.mail import Attachment, post
from post.models import Message
from post.text import one_line
from tests.post.conftest import TEMPLATE

pytestmark = pytest.mark.django_db


def test_a_mail_waits_as_a_row(write):
    message = Message.objects.get(pk=write().pk)
    assert (message.to, message.subject) == ("ada@example.org", "Cancelled: Ada")
    assert message.body == "Dear Ada\n\nGate B22\n"
    assert message.state == "waiting"
    assert mail.outbox == []


def test_what_is_rolled_back_is_never_sent(write):
    with suppress(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError
    assert not Message.objects.exists()


def test_it_is_written_in_its_readers_language_whatever_the_writers_is(write):
    with translation.override("es"):
        message = write(language="de")
        assert translation.get_language() == "es"
    assert message.subject == "Storniert: Ada" and message.language == "de"


def test_each_address_has_a_row_of_its_own(db):
    messages = post(TEMPLATE, ["ada@example.org", "bob@example.org", "ada@example.org"], {"name": "you"}, "en")
    assert [message.to for message in messages] == ["ada@example.org", "bob@example.org"]
    assert Message.objects.count() == 2


def test_nothing_is_escaped_in_plain_text(write):
    message = write(name="O’Hara & <Sons>")
    assert "O’Hara & <Sons>" in message.body and "O’Hara & <Sons>" in message.subject


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_a_subject_is_one_line_whatever_is_in_a_name(write, end):
    message = write(name=f"Ada{end}Bcc: eve@example.org")
    assert message.subject == "Cancelled: Ada Bcc: eve@example.org"


def test_a_subject_is_not_endless(write):
    assert len(write(name="x" * 1000).subject) == 200


def test_one_line_keeps_the_words():
    assert one_line("  Zoë\t\r\n de la  Cruz ") == "Zoë de la Cruz"


@pytest.mark.parametrize(
    "to", ["nonsense", "", "ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org"]
)
def test_an_address_that_is_none_is_refused_at_once_and_the_verb_succeeds(write, to):
    message = Message.objects.get(pk=write(to).pk)
    assert message.state == "refused" and message.problem == "not an e-mail address"
    assert "\n" not in message.to


def test_it_knows_what_it_is_about(write):
    alice = User.objects.create_user("alice@example.org")
    message = write(about=alice)
    assert message.about == alice
    assert list(Message.objects.about(alice)) == [message]
    alice.delete()
    assert Message.objects.get(pk=message.pk).about is None


def test_it_is_about_nothing_that_is_not_saved(write):
    with pytest.raises(ValueError, match="not saved"):
        write(about=User())


def test_a_file_goes_with_it(write):
    message = write(attachment=Attachment("a.ics", b"BEGIN:VCALENDAR", "text/calendar; method=PUBLISH"))
    assert bytes(Message.objects.get(pk=message.pk).attachment) == b"BEGIN:VCALENDAR"


def test_only_the_demo_publishes_its_mailbox(write, settings, assert_published):
    with assert_published():
        write()
    settings.DEMO = True
    with assert_published("mailbox"):
        write()
