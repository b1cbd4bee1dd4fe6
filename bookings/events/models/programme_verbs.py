"""What organisers do with a session of a programme, and what those who chose it have to be told."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events.models.refusals import Unfit
from verbs.models import Tracked, verb

LONGEST = 24 * 60  # minutes of a session
TEXTS = ("title", "subtitle", "track", "kind", "language", "abstract", "description", "speakers", "code", "extra")


class SessionState(models.TextChoices):
    PLANNED = "planned", gettext_lazy("Planned")
    CANCELLED = "cancelled", pgettext_lazy("a session", "Cancelled")


class SessionVerbs(Tracked):
    """Time, room and state are what calendars and attendees know: with them ``calendar_sequence`` grows."""

    event: Any
    state: str
    room: Any
    room_id: int
    starts_at: datetime
    minutes: int
    calendar_sequence: int
    favourites: Any
    moved_notices: Any

    class Meta:
        abstract = True

    @verb
    def move(self, starts_at: datetime, minutes: int, room: Any) -> None:
        """To another time or room. Who chose it sees it at once, and gets a mail once the programme was quiet for a while."""
        if not 1 <= minutes <= LONGEST:
            raise Unfit(_("A session takes from 1 minute to 24 hours."))
        if room.event_id != self.event.pk:
            raise Unfit(_("This event has no such room."))
        if (starts_at, minutes, room.pk) != (self.starts_at, self.minutes, self.room_id):
            self.remember()
            self.calendar_sequence += 1
        self.starts_at, self.minutes, self.room = starts_at, minutes, room

    @verb
    def edit(self, **texts: Any) -> None:
        """Other words. Nobody has to be told of them."""
        for name, value in texts.items():
            if name not in TEXTS:
                raise TypeError(f"a session has no text {name}")
            setattr(self, name, value)

    @verb
    def call_off(self) -> None:
        self.remember()
        self.state = SessionState.CANCELLED
        self.calendar_sequence += 1

    @verb
    def reinstate(self) -> None:
        self.remember()
        self.state = SessionState.PLANNED
        self.calendar_sequence += 1

    def remember(self) -> None:
        """Keep what those who chose it know, until they are told. What they know already stays."""
        if self.starts_at <= timezone.now():
            return
        now = timezone.now()
        self.moved_notices.update(changed_at=now)
        told = set(self.moved_notices.values_list("ticket", flat=True))
        notice = self.moved_notices.model
        notice.objects.bulk_create(
            [
                notice(
                    ticket_id=ticket,
                    session=self,
                    was_at=self.starts_at,
                    was_in=self.room.name,
                    was_cancelled=self.state == SessionState.CANCELLED,
                    changed_at=now,
                )
                for ticket in self.favourites.exclude(ticket__in=told).values_list("ticket", flat=True)
            ],
            ignore_conflicts=True,
        )
