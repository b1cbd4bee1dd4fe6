"""Tickets, what their holders were asked, and what they answered."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bookings.events import topics
from bookings.events.models.events import Event
from bookings.events.models.places import Place
from bookings.events.models.quotas import TicketType
from bookings.events.models.states import State
from links import tokens
from links.models import LinkedQuerySet
from live.outbox import publish

QR_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # of QR's alphanumeric mode, so that the code is small
CODE_LENGTH = 26  # 130 bits


def new_secret() -> str:
    return "".join(secrets.choice(QR_ALPHABET) for _place in range(CODE_LENGTH))


class TicketQuerySet(LinkedQuerySet[Any]):
    def with_token(self, token: str, kind: str = "") -> Self:
        """The links of tickets end with those of their registration, such as when it is transferred."""
        opened = tokens.read(token, kind or self.model.link_kind())
        return self.filter(pk=opened[0], registration__link_version=opened[1]) if opened else self.none()

    def valid(self) -> Self:
        """Those that open the door: of registrations that are confirmed."""
        return self.filter(cancelled_at=None, registration__state=State.CONFIRMED)


class Ticket(models.Model):
    """One person of a registration. It stays when it is cancelled, so that the door can say so; its place is free then.

    ``price``: minor units, as it was when it was registered; ``given_back`` of it was refunded. ``secret``: what its QR code
    says. ``is_inside``: as the scans have it, written under the hall's lock. ``people_inside``: how many people came in on
    it, which is more than one only where doors without a network could not know of each other.
    ``calendar_sequence``: how often its own status or its holder has changed; ``events.calendar`` adds the moves of the event.
    """

    registration = models.ForeignKey("events.Registration", models.CASCADE, related_name="tickets")
    event = models.ForeignKey(Event, models.CASCADE, related_name="tickets")
    type = models.ForeignKey(TicketType, models.PROTECT, related_name="tickets", verbose_name=_("ticket type"))
    place = models.OneToOneField(Place, models.SET_NULL, null=True, related_name="ticket")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    price = models.PositiveIntegerField(default=0)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=3, default=0)
    given_back = models.PositiveIntegerField(default=0)
    secret = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_secret, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    is_inside = models.BooleanField(default=False, editable=False)
    people_inside = models.PositiveSmallIntegerField(default=0, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "position"]
        indexes = [models.Index(fields=["event", "is_inside"])]
        constraints = [
            models.UniqueConstraint(fields=["registration", "position"], name="ticket_position"),
            models.CheckConstraint(
                condition=models.Q(given_back__lte=models.F("price")), name="ticket_no_more_back_than_paid"
            ),
        ]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")

    def __str__(self) -> str:
        return self.name or f"{self.registration} {self.position}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def forget_holder(self) -> None:
        """Delete what its holder has answered and chosen. Questions to the stage stay, without a holder.

        Their votes are deleted, and counted no more: a ticket has one vote, which is the next holder's.
        """
        for rows in (self.answers, self.moved_notices, self.favourites, self.votes, self.poll_votes):
            rows.all().delete()
        self.asked.update(ticket=None)
        publish(topics.own_programme(self.pk), topics.votes(self.event_id))

    # Its link, as links.models.Linked has it

    @classmethod
    def link_kind(cls) -> str:
        return cls._meta.label_lower

    @property
    def link_version(self) -> int:
        return int(self.registration.link_version)

    @property
    def token(self) -> str:
        return tokens.token(self.link_kind(), self.pk, self.link_version)

    def get_absolute_url(self) -> str:
        return reverse("events:ticket", args=[self.token])


class QuestionKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("a kind of answer", "Text")
    CHOICE = "choice", pgettext_lazy("a kind of answer", "One of several")
    YES = "yes", pgettext_lazy("a kind of answer", "Yes or no")
    NUMBER = "number", pgettext_lazy("a kind of answer", "Number")


class Question(models.Model):
    """What the organiser asks about each ticket, such as diets. ``choices``: one a line."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions", verbose_name=_("event"))
    text = models.CharField(_("question"), max_length=160)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=QuestionKind, default=QuestionKind.TEXT)
    choices = models.TextField(_("choices"), max_length=1000, blank=True, help_text=_("One a line."))
    is_required = models.BooleanField(_("has to be answered"), default=False)
    types = models.ManyToManyField(
        TicketType, related_name="questions", blank=True, verbose_name=_("only for"), help_text=_("Empty: for all.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("question to attendees")
        verbose_name_plural = _("questions to attendees")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.kind == QuestionKind.CHOICE and len(self.options) < 2:
            raise ValidationError({"choices": gettext("Write two choices or more, one a line.")})

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class AnswerQuerySet(models.QuerySet["Answer"]):
    def due(self, now: datetime | None = None) -> "AnswerQuerySet":
        """Those that have to be deleted: by the end of their event as it is now, however often it was moved."""
        now = now or timezone.now()
        over = Event.objects.filter(ends_at__lte=now, questions__answers__isnull=False).distinct()
        return self.filter(question__event__in=[event.pk for event in over if event.answers_until <= now])

    def prune(self, now: datetime | None = None) -> int:
        deleted: tuple[int, dict[str, int]] = self.due(now).delete()
        return deleted[0]


class Answer(models.Model):
    """What somebody answered. It is deleted at ``answers_until`` of its event."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.CharField(max_length=500)

    objects: Any = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question__position", "question"]
        constraints = [models.UniqueConstraint(fields=["ticket", "question"], name="one_answer")]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.text
