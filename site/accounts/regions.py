from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import Http404

from accounts import topics
from accounts.models import Mail
from live.regions import ListRegion


class MailRow(NamedTuple):
    id: int
    to: str
    subject: str
    text: str
    at: datetime


class Mailbox(ListRegion):
    """The demo's mail, newest first. Open to all, since the demo's visitors are one person; elsewhere there is none."""

    path = "mailbox/"
    template, row_template, row_prefix = "accounts/_mailbox.html", "accounts/_mailbox_row.html", "mail-"
    public = True

    def topics(self):
        return [topics.mailbox()]

    def context(self):
        if not settings.DEMO:
            raise Http404("There is a mailbox in the demo only.")
        return {}

    def rows(self):
        return [MailRow(*mail) for mail in Mail.objects.order_by("-pk").values_list(*MailRow._fields)]
