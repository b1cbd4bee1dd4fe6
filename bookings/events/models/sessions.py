"""The programme of an event: rooms, sessions, and who has chosen which."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.events import topics
from bookings.events.models.events import Event
from bookings.events.models.programme_verbs import SessionState, SessionVerbs
from bookings.events.models.tickets import Ticket
from once import Once, OnceQuerySet
from verbs.history import Change


class Room(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="rooms", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    guid = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_room_of_a_name")]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(OnceQuerySet["Session"]):
    def plan(self, event: Any, by: Any = None, key: UUID | None = None, **fields: Any) -> "Session":
        """A new session. Without a guid it gets one. The same key gives the same session."""
        fields.setdefault("guid", str(uuid4()))
        session: Session = self.model(event=event, key=key, **fields)
        return self.make_once(key, lambda: session.begin("plan", by=by), event_id=event.pk)

    def in_order(self) -> "SessionQuerySet":
        return self.select_related("room").order_by("starts_at", "room__position", "room", "pk")


class Session(SessionVerbs, Once):
    """A talk or workshop. ``guid`` is its identity in a frab file, for ever. ``extra``: what a frab file says of it that has
    no column here, so that it goes out as it came in: ``{"id": 12, "slug": "…", "links": [...], …}``."""

    TRACKED: ClassVar = (
        "title",
        "starts_at",
        "minutes",
        "room",
        "state",
        "subtitle",
        "track",
        "kind",
        "language",
        "abstract",
        "description",
        "speakers",
    )
    LEGAL: ClassVar = {
        "move": (SessionState.PLANNED,),
        "call_off": (SessionState.PLANNED,),
        "reinstate": (SessionState.CANCELLED,),
    }

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions", verbose_name=_("event"))
    room = models.ForeignKey(Room, models.PROTECT, related_name="sessions", verbose_name=_("room"))
    state = models.CharField(_("state"), max_length=9, choices=SessionState, default=SessionState.PLANNED)
    guid = models.CharField(max_length=60)
    code = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=255)
    subtitle = models.CharField(_("subtitle"), max_length=255, blank=True)
    track = models.CharField(_("track"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    abstract = models.TextField(_("summary"), max_length=4000, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    speakers = models.JSONField(_("speakers"), default=list, blank=True)  # names, as they are shown
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=45)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)  # grows with time, room and state only
    extra = models.JSONField(default=dict, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "room", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "guid"], name="one_session_of_a_guid"),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="session_takes_time"),
        ]
        indexes = [models.Index(fields=["event", "starts_at"])]
        verbose_name = pgettext_lazy("of a programme", "session")
        verbose_name_plural = pgettext_lazy("of a programme", "sessions")

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def snapshot(self) -> dict[str, str]:
        """With the speakers as the form has them: a name on each line."""
        return {**super().snapshot(), "speakers": "\n".join(map(str, self.speakers))}

    def topics(self) -> list[str]:
        return [topics.programme(self.event_id)]


class SessionChange(Change):
    session = models.ForeignKey(Session, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["session", "revision"])]


class Favourite(models.Model):
    """A session that the holder of a ticket has chosen for their own programme."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="favourites")
    session = models.ForeignKey(Session, models.CASCADE, related_name="favourites")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "session"], name="chosen_once")]

    def __str__(self) -> str:
        return f"{self.ticket} {self.session}"


class MovedNotice(models.Model):
    """What one person has to be told of one session: as it was when they knew it last. Written by the verb that moves it,
    deleted by the job that writes the mail once the organiser was quiet for some minutes."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="moved_notices")
    session = models.ForeignKey(Session, models.CASCADE, related_name="moved_notices")
    was_at = models.DateTimeField()
    was_in = models.CharField(max_length=200)
    was_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_index=True)  # the last change

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "session"], name="one_notice_of_a_session")]

    def __str__(self) -> str:
        return f"{self.ticket} {self.session}"
