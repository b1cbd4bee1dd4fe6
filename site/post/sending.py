"""Sending the messages that are due. A process claims a row in the database before it sends it, so that no other does.

A process that is killed between the server's acceptance and the row's "sent" leaves the row claimed. When the claim ends,
the message is sent again: delivery is at least once, not at most once. A confirmation that arrives twice is a nuisance; one
that never arrives is a lost table. The second copy has the same Message-ID, and many mailboxes show only one of them.

No transaction is open and no row is locked during the conversation with the server.
"""

import logging
import smtplib
from contextlib import suppress
from email.utils import parseaddr
from enum import Enum, auto
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from post import metrics
from post.models import Message

log = logging.getLogger("airside.post")

ROUND = 100  # messages at most, so that a round ends and the metrics are measured


class Outcome(Enum):
    SENT = auto()
    REFUSED = auto()  # permanently, for this address
    LATER = auto()  # a temporary refusal, or a fault of this message alone
    AWAY = auto()  # the server does not answer, or accepts no mail from this site


class Answer(NamedTuple):
    outcome: Outcome
    problem: str = ""


def send_due() -> None:
    """Send what is due, oldest first. The first failure of the server itself ends the round, so it costs one time limit."""
    now = timezone.now()
    due = list(Message.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:ROUND])
    if not due:
        return
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    is_back = False
    try:
        for pk in due:
            if message := Message.objects.claim(pk, timezone.now()):
                answer = try_to_send(connection, message)
                save(message, answer)
                if answer.outcome is Outcome.AWAY:
                    break
                if not is_back:
                    is_back = True
                    Message.objects.hurry(timezone.now())
    finally:
        with suppress(Exception):  # a failure to close changes nothing: what was sent is sent
            connection.close()


def try_to_send(connection: BaseEmailBackend, message: Message) -> Answer:
    """Send the message, and return what the mail server or another backend answered."""
    try:
        connection.open()  # kept for the round: if sending closed it, closing could fail after the mail was accepted
        connection.send_messages([mail_of(message)])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        return refused_or_later(code, text)
    except smtplib.SMTPDataError as refusal:
        return refused_or_later(refusal.smtp_code, refusal.smtp_error)
    except (smtplib.SMTPException, OSError) as fault:
        with suppress(Exception):
            connection.close()
        return Answer(Outcome.AWAY, words(fault))
    except Exception as fault:
        log.exception("message %s can't be sent", message.pk)
        return Answer(Outcome.LATER, type(fault).__name__)
    return Answer(Outcome.SENT)


def refused_or_later(code: int, text: bytes | str) -> Answer:
    """4xx is temporary, 5xx permanent (RFC 5321, 4.2.1). 421 ends the session; any other code is an incomplete answer."""
    said = f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    if code == 421 or not 400 <= code < 600:
        return Answer(Outcome.AWAY, said)
    return Answer(Outcome.REFUSED if code >= 500 else Outcome.LATER, said)


def words(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "no answer in time"
    return f"{type(fault).__name__}: {fault}"


def save(message: Message, answer: Answer) -> None:
    """Save the result of a try, count it, and log a failure, without addresses or text of the mail."""
    now = timezone.now()
    match answer.outcome:
        case Outcome.SENT:
            is_saved = message.sent(now)
        case Outcome.REFUSED:
            is_saved = message.refused(answer.problem, now)
        case outcome:
            is_saved = message.failed(answer.problem, now, server_is_away=outcome is Outcome.AWAY)
    if not is_saved:
        log.warning("message %s was sent or deleted by another process", message.pk)
        return
    code = answer.problem[:3] if answer.problem[:3].isdecimal() else answer.problem.partition(":")[0]
    match message.state:
        case Message.State.SENT:
            metrics.sent.inc()
        case Message.State.REFUSED:
            metrics.refused.inc()
            log.warning("message %s was refused: %s", message.pk, code)
        case Message.State.FAILED:
            metrics.failed.inc()
            log.error("message %s was given up after %s tries: %s", message.pk, message.tries, code)
        case _:
            metrics.retried.inc()
            log.warning("message %s will be tried again: %s", message.pk, code)


def mail_of(message: Message) -> EmailMessage:
    """The row as a mail. ``Auto-Submitted`` suppresses out-of-office replies (RFC 3834)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(message.subject, message.body, to=[message.to], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment is not None:
        mail.attach(message.attachment_name, bytes(message.attachment), message.attachment_type)
    return mail
