from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import Http404

from live.regions import ListRegion
from post import topics
from post.models import Message


class MailRow(NamedTuple):
    id: int
    to: str
    subject: str
    text: str
    at: datetime


class Mailbox(ListRegion):
    """The demo's newest mail. Open to all, since the demo's visitors are one person; outside the demo there is none."""

    path = "mailbox/"
    template, row_template, row_prefix = "accounts/_mailbox.html", "accounts/_mailbox_row.html", "mail-"
    public = True
    SHOWN = 200

    def topics(self) -> list[str]:
        return [topics.mailbox()]

    def context(self) -> dict[str, object]:
        if not settings.DEMO:
            raise Http404("There is a mailbox in the demo only.")
        return {}

    def rows(self) -> list[MailRow]:
        newest = Message.objects.order_by("-pk").values_list("pk", "to", "subject", "body", "made_at")
        return [MailRow(*mail) for mail in newest[: self.SHOWN]]
