"""Screens that say nothing any more, and troubles that last: staff see them, and get a mail."""

from datetime import datetime, timedelta

from django.db import transaction

from live.outbox import publish
from screens import mail, topics
from screens.kiosk import beats
from screens.models import Glass, Screen, ScreenChange, State, Trouble

LASTS = timedelta(minutes=2)  # before a mail tells of a trouble
FIRST = timedelta(seconds=90)  # after pairing, until the first heartbeat


def notice(now: datetime) -> None:
    """Mark screens that have fallen silent, and tell of what lasts. Harmless when two processes do it at once."""
    watched = list(Glass.objects.filter(screen__state=State.PAIRED).select_related("screen"))
    newest = beats.newest_of([glass.pk for glass in watched])
    for glass in watched:
        if glass.trouble != Trouble.SILENT and now >= beats.silent_from(glass, newest.get(glass.pk)):
            mark_silent(glass, now)
    for screen in Screen.objects.filter(state=State.PAIRED, glass=None):
        mark_never_heard(screen, now)
    mail.tell([glass for glass in watched if glass.is_to_be_told(now - LASTS)], now)


def mark_silent(glass: Glass, now: datetime) -> None:
    """Look again under the lock: a heartbeat may have arrived since."""
    with transaction.atomic():
        found = Glass.objects.select_for_update().filter(pk=glass.pk).first()
        if found is None or found.trouble == Trouble.SILENT:
            return
        if now >= beats.silent_from(found, beats.newest(found.pk)):
            found.tell(Trouble.SILENT)
            publish(topics.screens())


def mark_never_heard(screen: Screen, now: datetime) -> None:
    """It was paired, and its page has never said anything."""
    paired = ScreenChange.objects.filter(screen=screen, verb="pair").order_by("-pk").first()
    if paired is None or now < paired.at + FIRST:
        return
    with transaction.atomic():
        silent = {"seen_at": paired.at, "trouble": Trouble.SILENT, "trouble_at": now}
        _glass, made = Glass.objects.get_or_create(screen=screen, defaults=silent)
        if made:
            publish(topics.screens())
