"""What everybody present at an event talks about: announcements, chat, questions with votes, polls."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.events.models.events import Event
from bookings.events.models.tickets import Ticket


class Announcement(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="announcements")
    text = models.CharField(_("announcement"), max_length=280)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text


class ChatMessage(models.Model):
    """``name`` is the one that its author wants to be seen with."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="chat")
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")  # None: from staff
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=40)
    text = models.CharField(max_length=280)
    at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["event", "at"])]

    def __str__(self) -> str:
        return self.text


class AskedState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("a question from the audience", "Waits for a moderator")
    SHOWN = "shown", pgettext_lazy("a question from the audience", "Shown")
    ANSWERED = "answered", pgettext_lazy("a question from the audience", "Answered")
    DISMISSED = "dismissed", pgettext_lazy("a question from the audience", "Not shown")


class AudienceQuestion(models.Model):
    """A question to the stage. Nobody sees it before a moderator has shown it. ``pinned_at``: it is on the stage's screen."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="asked")
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="asked")
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=40, blank=True)
    text = models.CharField(_("question"), max_length=280)
    state = models.CharField(max_length=9, choices=AskedState, default=AskedState.WAITING)
    at = models.DateTimeField(default=timezone.now)
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(pinned_at__isnull=False), name="one_pinned_question")
        ]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """One ticket's vote for a question. Votes are counted by a query; taking one back deletes it."""

    question = models.ForeignKey(AudienceQuestion, models.CASCADE, related_name="votes")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="votes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "ticket"], name="one_vote_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.question}"


class PollState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a poll", "Draft")
    OPEN = "open", pgettext_lazy("a poll", "Open")
    CLOSED = "closed", pgettext_lazy("a poll", "Closed")


class Poll(models.Model):
    """``hides_results``: until somebody has voted, or it is closed, they see no numbers."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="polls")
    text = models.CharField(_("question"), max_length=160)
    state = models.CharField(max_length=6, choices=PollState, default=PollState.DRAFT)
    hides_results = models.BooleanField(_("results only after voting"), default=False)
    at = models.DateTimeField(default=timezone.now)
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(pinned_at__isnull=False), name="one_pinned_poll")
        ]

    def __str__(self) -> str:
        return self.text


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    text = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """One ticket's choice. Another choice replaces it while the poll is open."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes")
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="votes")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="poll_votes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "ticket"], name="one_choice_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.option}"
