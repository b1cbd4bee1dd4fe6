"""Polls: what organisers ask everybody present, with the choices that there are."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events import topics
from bookings.events.models.events import Event
from bookings.events.models.present import check_open, check_ticket, one_line
from bookings.events.models.refusals import IllegalMove, Unfit
from bookings.events.models.stage import Pinnable
from bookings.events.models.tickets import Ticket
from live.outbox import publish
from once import OnceQuerySet
from verbs.history import Change
from verbs.models import verb

LEAST_OPTIONS, MOST_OPTIONS = 2, 8
TEXT, OPTION = 160, 80  # characters


class PollState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a poll", "Draft")
    OPEN = "open", pgettext_lazy("a poll", "Open")
    CLOSED = "closed", pgettext_lazy("a poll", "Closed")


class PollQuerySet(OnceQuerySet["Poll"]):
    def draft(
        self,
        event: Event,
        text: str,
        options: Sequence[str],
        hides_results: bool = False,
        key: UUID | None = None,
        by: Any = None,
    ) -> "Poll":
        """Nobody sees it before it is opened."""
        wanted = list(dict.fromkeys(filter(None, (one_line(option)[:OPTION] for option in options))))
        if not one_line(text) or not LEAST_OPTIONS <= len(wanted) <= MOST_OPTIONS:
            words = {"least": LEAST_OPTIONS, "most": MOST_OPTIONS}
            raise Unfit(_("A poll has a question and %(least)s to %(most)s different choices.") % words)

        def make() -> "Poll":
            poll = self.model(event=event, text=one_line(text)[:TEXT], hides_results=hides_results, key=key)
            poll.begin("draft", by=by)
            PollOption.objects.bulk_create(
                PollOption(poll=poll, text=option, position=position) for position, option in enumerate(wanted)
            )
            return poll

        with transaction.atomic():
            return self.make_once(key, make, event_id=event.pk)

    def visible(self) -> "PollQuerySet":
        return self.exclude(state=PollState.DRAFT)


class Poll(Pinnable):
    """``hides_results``: until somebody has voted, or it is closed, they see no numbers."""

    LEGAL: ClassVar = {
        "open": (PollState.DRAFT, PollState.CLOSED),
        "close": (PollState.OPEN,),
        "pin": (PollState.OPEN, PollState.CLOSED),
        "unpin": (PollState.OPEN, PollState.CLOSED),
    }
    TRACKED: ClassVar = ("state", "pinned_at")

    event = models.ForeignKey(Event, models.CASCADE, related_name="polls")
    key = models.UUIDField(unique=True, null=True, editable=False)
    text = models.CharField(gettext_lazy("question"), max_length=TEXT)
    state = models.CharField(gettext_lazy("state"), max_length=6, choices=PollState, default=PollState.DRAFT)
    hides_results = models.BooleanField(gettext_lazy("results only after voting"), default=False)
    at = models.DateTimeField(default=timezone.now)

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(pinned_at__isnull=False), name="one_pinned_poll")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_shown(self) -> bool:
        return self.state != PollState.DRAFT

    @property
    def shows_results(self) -> bool:
        """Whether everybody sees the numbers."""
        return self.state == PollState.CLOSED or not self.hides_results

    # Verbs of moderators; pin and unpin are in stage.py

    @verb
    def open(self) -> None:
        self.state = PollState.OPEN

    @verb
    def close(self) -> None:
        self.state = PollState.CLOSED

    def discard(self) -> None:
        """Delete a draft."""
        with transaction.atomic():
            self.lock()
            if self.state != PollState.DRAFT:
                raise IllegalMove(self.refusal("discard", self.state))
            event = self.event_id
            self.delete()
            publish(topics.moderation(event))

    # Votes

    def choose(self, option: int, ticket: Ticket) -> bool:
        """One ticket's choice, which replaces an earlier one. Whether that changed anything.

        The poll is locked: once it is closed, no vote comes in.
        """
        check_open(self.event)
        check_ticket(self.event, ticket)
        with transaction.atomic():
            poll = Poll.objects.select_for_update(no_key=True).get(pk=self.pk)
            if poll.state != PollState.OPEN:
                raise IllegalMove(_("This poll is closed."))
            if not poll.options.filter(pk=option).exists():
                raise Unfit(_("This poll has no such choice."))
            vote, is_new = PollVote.objects.get_or_create(poll=poll, ticket=ticket, defaults={"option_id": option})
            if not is_new and vote.option_id == option:
                return False
            if not is_new:
                PollVote.objects.filter(pk=vote.pk).update(option=option, at=timezone.now())
            publish(topics.votes(self.event_id))
        return True


class PollChange(Change):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["poll", "revision"])]


class PollOptionQuerySet(models.QuerySet["PollOption"]):
    def with_votes(self) -> "PollOptionQuerySet":
        """With ``count``, their votes."""
        return self.annotate(count=Count("votes"))


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    text = models.CharField(max_length=OPTION)
    position = models.PositiveSmallIntegerField(default=0)

    objects = PollOptionQuerySet.as_manager()

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
