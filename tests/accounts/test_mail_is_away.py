"""No page of accounts waits for a mail server, or fails with it: the mail is a row, and is sent later."""

import time

import pytest

from post.models import Message
from post.sending import send_due
from tests.accounts.conftest import PASSWORD
from tests.post.conftest import mail_server, no_mail_server  # noqa: F401  (fixtures)
from tests.post.servers import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_UP = "/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
SIGN_UP_AGAIN = "/accounts/signup/", {**SIGN_UP[1], "email": "alice@example.com"}
RESET = "/accounts/password/reset/", {"email": "alice@example.com"}
RESET_UNKNOWN = "/accounts/password/reset/", {"email": "nobody@example.org"}


@pytest.fixture(params=["hangs", "is away"])
def bad_server(request):
    if request.param == "is away":
        return request.getfixturevalue("no_mail_server")
    return request.getfixturevalue("mail_server")({"GREETING": MailServer.HANG})


@pytest.mark.parametrize("asked", [SIGN_UP, SIGN_UP_AGAIN, RESET, RESET_UNKNOWN])
def test_the_answer_is_as_always(client, alice, bad_server, settings, asked):
    settings.EMAIL_TIMEOUT = 60
    address, data = asked
    began = time.monotonic()
    answer = client.post(address, data)
    assert answer.status_code == 302, "and not 500"
    assert time.monotonic() - began < 30, "the hanging server would take 60"
    assert Message.objects.get().to == data["email"]


def test_it_is_sent_later(client, alice, settings, mail_server, no_mail_server):  # noqa: F811
    client.post(*RESET)
    settings.EMAIL_TIMEOUT = 0.3
    send_due()
    assert Message.objects.get().state == "waiting"
    settings.EMAIL_TIMEOUT = 10
    server = mail_server()
    Message.objects.update(due_at=Message.objects.get().made_at)
    send_due()
    ((to, text),) = server.taken
    assert to == "alice@example.com" and "/accounts/password/reset/key/" in text


def test_no_line_of_the_log_has_the_link_or_the_address(client, alice, no_mail_server, caplog):  # noqa: F811
    client.post(*RESET)
    send_due()
    body = Message.objects.get().body
    assert "/password/reset/key/" in body
    assert "reset/key" not in caplog.text and "alice@example.com" not in caplog.text
