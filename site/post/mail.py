"""Writing mail: ``post()`` renders a mail and saves it as a row, in the transaction of the caller."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import override

from live.outbox import publish
from post import strangers, topics
from post.models import Message
from post.text import one_line
from structured import structured

LONGEST_SUBJECT = 200


class Attachment(NamedTuple):
    name: str  # such as 7KQ2MX.ics
    content: bytes
    content_type: str  # such as text/calendar; method=PUBLISH


def post(
    template: str,
    to: str | Iterable[str],
    context: Mapping[str, object],
    language: str,
    attachment: Attachment | None = None,
    about: models.Model | None = None,
    bounded: bool = True,
    data: object = None,
) -> list[Message]:
    """Write a mail: one row for each address in ``to``, sent soon after the caller's transaction has committed.

    ``template``    ``{template}_subject.txt`` and ``{template}_message.txt`` are rendered in ``language``. They are
                    plain text, so nothing is escaped. Line breaks in the subject become spaces.
    ``about``       the saved instance that the mail belongs to. Its pages can show what was not delivered, and its
                    ``message_changed`` is called (see ``post.models.Concerned``).
    ``bounded``     False for mail that only its recipient can cause. All other mail that a request of a stranger causes
                    is bounded (see ``post.strangers``); beyond the bound it is refused, or left out if it is about nothing.

    ``data``        what programs read in the mail, as JSON-LD of schema.org. It makes an HTML form of the same text.

    An invalid address is saved as refused, so that the verb succeeds and staff see it.
    """
    with override(language):
        subject = one_line(render(f"{template}_subject.txt", context))[:LONGEST_SUBJECT]
        body = render(f"{template}_message.txt", context).strip().replace("\0", "") + "\n"  # which PostgreSQL refuses
    fields: dict[str, object] = {"subject": subject, "body": body, "language": language}
    if data is not None:
        fields["html"] = html_of(body, data, language)
    if attachment:
        fields |= {
            "attachment_name": one_line(attachment.name),
            "attachment_type": one_line(attachment.content_type),
            "attachment": attachment.content,
        }
    if about is not None:
        if about.pk is None:
            raise ValueError(f"A mail can't be about a {about._meta.label} that is not saved.")
        fields |= {"about_model": about._meta.label_lower, "about_key": str(about.pk)}
    addresses = dict.fromkeys([to] if isinstance(to, str) else to)
    made = [message_to(address, fields, bounded) for address in addresses]
    with transaction.atomic():
        messages = Message.objects.bulk_create(message for message in made if message)
        if settings.DEMO:
            publish(topics.mailbox())
    return messages


def message_to(address: str, fields: dict[str, object], bounded: bool) -> Message | None:
    """The row of one address; None for one that is neither sent nor seen by staff."""
    message = Message(to=one_line(address)[:254], **fields)
    try:
        validate_email(address)
    except ValidationError:
        return refused(message, "not an e-mail address")
    if bounded and not strangers.may_cause(address):
        return (
            refused(message, "too many mails to this address, or caused by one visitor") if message.about_key else None
        )
    return message


def refused(message: Message, problem: str) -> Message:
    message.state, message.problem, message.ended_at = Message.State.REFUSED, problem, timezone.now()
    return message


def html_of(body: str, data: object, language: str) -> str:
    """The text as HTML, with data for programs in it."""
    context = {"body": body, "data": structured(data), "language": language}
    return get_template("post/message.html").render(context)


def render(name: str, context: Mapping[str, object]) -> str:
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    return engine.engine.get_template(name).render(Context(dict(context), autoescape=False))
