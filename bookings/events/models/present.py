"""What organisers say to everybody present, and what those present say to each other: announcements and chat."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events import topics
from bookings.events.models.events import Event, EventState
from bookings.events.models.refusals import Closed, Unfit
from bookings.events.models.tickets import Ticket
from live.outbox import publish
from once import OnceQuerySet

TEXT, NAME = 280, 40  # characters


def check_open(event: Event, now: datetime | None = None) -> None:
    """Raise Closed where nobody takes part any more, or not yet."""
    if event.state == EventState.CANCELLED:
        raise Closed(_("This event is cancelled."))
    if event.state != EventState.PUBLISHED:
        raise Closed(_("This event is not open yet."))
    if event.has_ended(now):
        raise Closed(_("This event is over."))


def check_ticket(event: Event, ticket: Ticket) -> None:
    """Raise Unfit for a ticket of another event, and for one that was cancelled."""
    if ticket.event_id != event.pk or ticket.is_cancelled:
        raise Unfit(_("This ticket is not valid for this event."))


def one_line(text: str) -> str:
    """Without line breaks and other runs of spaces."""
    return " ".join(text.split())


class AnnouncementQuerySet(OnceQuerySet["Announcement"]):
    def announce(self, event: Event, text: str, key: UUID | None = None, by: Any = None) -> "Announcement":
        """Tell it to everybody present."""
        if not one_line(text):
            raise Unfit(_("Write something first."))

        def make() -> "Announcement":
            made = self.create(event=event, text=one_line(text)[:TEXT], key=key, by=by)
            publish(topics.present(event.pk))
            return made

        with transaction.atomic():
            return self.make_once(key, make, event_id=event.pk)

    def current(self) -> "AnnouncementQuerySet":
        return self.filter(taken_back_at=None)


class Announcement(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="announcements")
    key = models.UUIDField(unique=True, null=True, editable=False)
    text = models.CharField(gettext_lazy("announcement"), max_length=TEXT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text

    def take_back(self) -> bool:
        """Nobody sees it any more. Whether it was seen until now."""
        with transaction.atomic():
            rows = Announcement.objects.filter(pk=self.pk, taken_back_at=None)
            return tell(rows.update(taken_back_at=timezone.now()), self.event_id)


class ChatQuerySet(OnceQuerySet["ChatMessage"]):
    def say(
        self, event: Event, text: str, name: str, key: UUID | None = None, ticket: Ticket | None = None
    ) -> "ChatMessage":
        """Everybody present sees it at once. Without a ticket it is from an organiser, who may write where the chat is closed."""
        check_open(event)
        if ticket:
            check_ticket(event, ticket)
        text, name = one_line(text)[:TEXT], one_line(name)[:NAME]
        if not text or not name:
            raise Unfit(_("Write something first."))

        def make() -> "ChatMessage":
            is_open = Event.objects.filter(pk=event.pk).values_list("chat_is_open", flat=True).get()
            if ticket and not is_open:
                raise Closed(_("The chat is closed."))
            made = self.create(event=event, text=text, name=name, key=key, ticket=ticket)
            publish(topics.present(event.pk))
            return made

        with transaction.atomic():
            return self.make_once(key, make, event_id=event.pk, ticket_id=ticket.pk if ticket else None)

    def visible(self) -> "ChatQuerySet":
        return self.filter(hidden_at=None)


class ChatMessage(models.Model):
    """``name`` is the one that its author wants to be seen with."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="chat")
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")
    is_staff = models.BooleanField(default=False)
    key = models.UUIDField(unique=True, null=True, editable=False)
    name = models.CharField(max_length=NAME)
    text = models.CharField(max_length=TEXT)
    at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ChatQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["event", "at"])]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whether an organiser wrote it stays known when a ticket is deleted."""
        if self._state.adding:
            self.is_staff = self.ticket_id is None
        super().save(*args, **kwargs)

    def hide(self, by: Any = None) -> bool:
        """Nobody present sees it any more. Whether it was seen until now."""
        with transaction.atomic():
            rows = ChatMessage.objects.filter(pk=self.pk, hidden_at=None)
            return tell(rows.update(hidden_at=timezone.now(), hidden_by=by), self.event_id)

    def bring_back(self) -> bool:
        """Whether it was hidden until now."""
        with transaction.atomic():
            rows = ChatMessage.objects.filter(pk=self.pk, hidden_at__isnull=False)
            return tell(rows.update(hidden_at=None, hidden_by=None), self.event_id)


def tell(changed: int, event: int) -> bool:
    """Publish that something changed, where something did. Whether it did."""
    if changed:
        publish(topics.present(event))
    return bool(changed)
