"""Screens that say nothing any more, and troubles that last: staff see them, and get a mail."""

from datetime import datetime, timedelta

from django.db import transaction

from live.outbox import publish
from screens import mail, topics
from screens.kiosk import beats
from screens.models import Glass, State, Trouble

LASTS = timedelta(minutes=2)  # before a mail tells of a trouble


def notice(now: datetime) -> None:
    """Mark screens that have fallen silent, and tell of what lasts. Harmless when two processes do it at once."""
    watched = list(Glass.objects.filter(screen__state=State.PAIRED).select_related("screen"))
    newest = beats.newest_of([glass.pk for glass in watched])
    for glass in watched:
        if glass.trouble != Trouble.SILENT and now >= beats.silent_from(glass, newest.get(glass.pk)):
            mark_silent(glass)
    mail.tell([glass for glass in watched if glass.is_to_be_told(now - LASTS)], now)


def mark_silent(glass: Glass) -> None:
    with transaction.atomic():
        glass = Glass.objects.select_for_update().get(pk=glass.pk)
        if glass.trouble != Trouble.SILENT:
            glass.tell(Trouble.SILENT)
            publish(topics.screens())
