from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min
from django.utils import timezone

from live.health import Trouble, check
from post.models import Message

LATE = timedelta(minutes=2)  # by then a message is sent, or its first try has failed


@check("post", vital=False)
def post_goes_out() -> None:
    """Report mail that waits for long. Not vital: no other process would send it sooner, and all else works."""
    if found := late_mail():
        raise Trouble(f"{found.number} waiting, the oldest since {found.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


class LateMail(NamedTuple):
    number: int
    since: datetime


def late_mail() -> LateMail | None:
    """Mail that waits for long, tried or not; None if there is none."""
    found = Message.objects.waiting().filter(made_at__lt=timezone.now() - LATE).aggregate(Count("pk"), Min("made_at"))
    return LateMail(found["pk__count"], found["made_at__min"]) if found["pk__count"] else None
