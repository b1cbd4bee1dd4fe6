"""Periodic jobs: sending mail and deleting old messages."""

from django.utils import timezone

from live.periodic import every
from post import metrics
from post.models import Message
from post.sending import send_due


@every(2)
def send_mail() -> None:
    try:
        send_due()
    finally:
        metrics.measure()


@every(3600)
def prune_mail() -> None:
    Message.objects.prune(timezone.now())
