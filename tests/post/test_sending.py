"""What becomes of a row: sent, tried again, refused, given up."""

import email
import time
from datetime import timedelta
from email import policy

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client import REGISTRY

from post import sending
from post.mail import Attachment
from post.models import GIVE_UP_AFTER, LEASE, PAUSES, Message
from post.sending import send_due
from tests.post.servers import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def counted(name):
    return REGISTRY.get_sample_value(f"airside_post_{name}_total")


def test_what_waits_is_sent_once(write, mail_server, again):
    server, before = mail_server(), counted("sent")
    message = write(attachment=Attachment("7KQ2MX.ics", "Gruß".encode(), "text/calendar; method=CANCEL"))
    send_due()
    send_due()
    ((recipient, text),) = server.taken
    assert recipient == "ada@example.org"
    mail = email.message_from_bytes(text.encode(), policy=policy.default)
    assert mail["Subject"] == "Cancelled: Ada" and mail["To"] == "ada@example.org"
    assert mail["From"] == "Airside <desk@airside.example>" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{message.key}@airside.example>"
    body, calendar = mail.iter_parts()
    assert body.get_content() == "Dear Ada\n\nGate B22\n"
    assert calendar.get_content_type() == "text/calendar" and calendar["Content-Type"].params["method"] == "CANCEL"
    assert calendar.get_filename() == "7KQ2MX.ics" and calendar.get_content().strip() == "Gruß"
    assert again(message).state == "sent" and again(message).ended_at
    assert counted("sent") == before + 1


def test_a_round_uses_one_connection(write, mail_server):
    server = mail_server()
    write("ada@example.org"), write("bob@example.org")
    send_due()
    assert len(server.taken) == 2 and server.connections == 1


def test_an_empty_round_asks_no_server(db, mail_server):
    server = mail_server()
    send_due()
    assert server.connections == 0


@pytest.mark.parametrize("when", ["RCPT bob@example.org", "."])
def test_an_address_refused_for_good_holds_up_no_other(write, mail_server, again, when, caplog):
    if when == ".":
        server = mail_server({".": "550 5.1.1 bob@example.org: no such user"})
        refused = write("bob@example.org")
        send_due()
    else:
        server = mail_server({when: "550 5.1.1 bob@example.org: no such user"})
        first, refused, last = write("ada@example.org"), write("bob@example.org"), write("cleo@example.org")
        send_due()
        assert [to for to, _mail in server.taken] == ["ada@example.org", "cleo@example.org"]
        assert again(first).state == again(last).state == "sent"
    assert again(refused).state == "refused"
    assert again(refused).problem == "550 5.1.1 bob@example.org: no such user"
    assert "bob@example.org" not in caplog.text and "550" in caplog.text
    send_due()
    assert again(refused).tries == 1


def test_a_refusal_may_say_anything(write, mail_server, again):
    mail_server({"RCPT": "550-no\x00\r\n550 such\x1b[31m user"})
    message = write()
    send_due()
    assert again(message).problem == "550 no such [31m user"


@pytest.mark.parametrize("when", ["RCPT bob@example.org", "."])
def test_an_address_refused_for_now_is_tried_again_later(write, mail_server, again, when):
    server, before = mail_server({when: "451 try later"}), counted("retried")
    message = write("bob@example.org")
    began = timezone.now()
    send_due()
    found = again(message)
    assert found.state == "waiting" and found.problem == "451 try later"
    assert found.due_at - began >= PAUSES[0]
    assert counted("retried") == before + 1
    server.answers.clear()
    send_due()
    assert not server.taken, "not before its pause is over"
    Message.objects.update(due_at=timezone.now())
    send_due()
    assert again(message).state == "sent" and again(message).problem == ""


def test_the_pauses_grow_and_end(write, mail_server, again, time_machine):
    mail_server({"RCPT": "451 try later"})
    message, began, pauses = write(), timezone.now(), []
    while (found := again(message)).state == "waiting":
        time_machine.move_to(found.due_at + timedelta(seconds=1), tick=False)
        now = timezone.now()
        send_due()
        pauses.append(again(message).due_at - now)
    assert pauses[:6] == [*PAUSES, PAUSES[-1]]
    assert found.state == "failed" and found.problem == "451 try later"
    assert GIVE_UP_AFTER - PAUSES[-1] <= found.ended_at - began <= GIVE_UP_AFTER


def test_giving_up_is_loud(write, no_mail_server, again, time_machine, caplog):
    before = counted("failed")
    message = write()
    time_machine.move_to(timezone.now() + GIVE_UP_AFTER)
    send_due()
    assert again(message).state == "failed" and counted("failed") == before + 1
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "given up after 1 tries: ConnectionRefusedError" in record.getMessage()
    assert "ada@example.org" not in caplog.text


def test_without_a_server_one_message_a_round_is_tried_and_none_waits_long(write, no_mail_server, again):
    messages = [write(f"guest{number}@example.org") for number in range(5)]
    Message.objects.update(tries=4)
    send_due()
    tried = [message for message in map(again, messages) if message.problem]
    assert [message.pk for message in tried] == [messages[0].pk]
    assert tried[0].problem.startswith("ConnectionRefusedError")
    assert tried[0].due_at < timezone.now() + timedelta(minutes=5, seconds=1)


@pytest.mark.parametrize("when", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("how", [MailServer.HANG, MailServer.DRIP, MailServer.CUT])
def test_a_server_that_hangs_drips_or_breaks_off_costs_one_time_limit(settings, write, mail_server, again, when, how):
    settings.EMAIL_TIMEOUT = 0.5
    server = mail_server({when: how})
    messages = [write("ada@example.org"), write("bob@example.org")]
    began = time.monotonic()
    send_due()
    took = time.monotonic() - began
    assert took < 20, "each mail, and the leave, has its limit: what hangs does so for a minute"
    assert [again(message).state for message in messages] == ["waiting", "waiting"]
    assert again(messages[0]).problem and not again(messages[1]).problem
    settings.EMAIL_TIMEOUT = 10
    server.answers.clear()
    server.taken.clear()
    Message.objects.update(due_at=timezone.now())
    send_due()
    assert [to for to, _mail in server.taken] == ["ada@example.org", "bob@example.org"]


def test_a_server_that_hangs_at_the_leave_has_taken_the_mail(settings, write, mail_server, again):
    settings.EMAIL_TIMEOUT = 2
    server = mail_server({"QUIT": MailServer.HANG})
    message = write()
    send_due()
    send_due()
    assert again(message).state == "sent" and len(server.taken) == 1


def test_a_server_that_answers_slowly_is_waited_for(write, mail_server, again):
    mail_server(delay=0.2)
    message = write()
    send_due()
    assert again(message).state == "sent"


def test_a_server_that_takes_nothing_of_ours_is_no_fault_of_the_address(write, mail_server, again):
    mail_server({"MAIL": "550 we do not know you"})
    message = write()
    send_due()
    assert again(message).state == "waiting" and "we do not know you" in again(message).problem


def test_one_that_can_never_be_sent_holds_up_no_other(write, mail_server, again, caplog):
    server = mail_server()
    odd, message = write(), write("bob@example.org")
    Message.objects.filter(pk=odd.pk).update(subject="two\nlines")  # which post() can't write
    send_due()
    assert again(odd).problem == "BadHeaderError" and again(odd).state == "waiting"
    assert again(message).state == "sent" and len(server.taken) == 1
    assert "Traceback" in caplog.text


def test_no_transaction_is_open_while_a_server_is_talked_to(write, monkeypatch, mail_server):
    mail_server()
    write()
    seen, real = [], sending.try_to_send

    def look(*args):
        seen.append(connection.in_atomic_block)
        return real(*args)

    monkeypatch.setattr(sending, "try_to_send", look)
    send_due()
    assert seen == [False]


class Killed(BaseException):
    """What a process that dies doesn't catch."""


@pytest.mark.parametrize("has_sent", [False, True])
def test_a_process_that_dies_while_sending_loses_nothing(
    write, mail_server, again, monkeypatch, has_sent, time_machine
):
    server = mail_server()
    message = write()
    with monkeypatch.context() as patch:

        def die(*args):
            if has_sent:
                real(*args)
            raise Killed

        real = sending.try_to_send
        patch.setattr(sending, "try_to_send", die)
        with pytest.raises(Killed):
            send_due()
    send_due()
    assert again(message).state == "waiting", "its claim has not ended"
    time_machine.move_to(timezone.now() + LEASE + timedelta(seconds=1))
    send_due()
    assert again(message).state == "sent"
    assert len(server.taken) == 1 + has_sent
    assert len({email.message_from_string(text)["Message-ID"] for _to, text in server.taken}) == 1


def test_a_refused_message_can_be_sent_again(write, mail_server, again):
    server = mail_server({"RCPT": "550 relaying denied"})
    message = write()
    send_due()
    server.answers.clear()
    again(message).send_again()
    send_due()
    assert again(message).state == "sent"
    again(message).send_again()
    assert again(message).state == "sent", "what was sent stays sent"
