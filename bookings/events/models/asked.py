"""Questions from the audience to the stage, and the votes for them."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events import topics
from bookings.events.models.events import Event
from bookings.events.models.present import NAME, TEXT, check_open, check_ticket, one_line
from bookings.events.models.refusals import IllegalMove, Unfit
from bookings.events.models.stage import Pinnable
from bookings.events.models.tickets import Ticket
from live.outbox import publish
from once import OnceQuerySet
from strangers import bounds, check_bound
from verbs.history import Change
from verbs.models import verb

MOST_WAITING = 5  # questions of one ticket that no moderator has looked at
ORDER_STAYS = timedelta(seconds=5)  # the order does not move under a thumb that is about to vote
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

bounds("event_questions")


def order_of(now: datetime) -> datetime:
    """The moment whose votes decide the order now. Votes that came later are counted, and decide the next order."""
    return now - (now - EPOCH) % ORDER_STAYS


class AskedState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("a question from the audience", "Waits for a moderator")
    SHOWN = "shown", pgettext_lazy("a question from the audience", "Shown")
    ANSWERED = "answered", pgettext_lazy("a question from the audience", "Answered")
    DISMISSED = "dismissed", pgettext_lazy("a question from the audience", "Not shown")


class AskedQuerySet(OnceQuerySet["AudienceQuestion"]):
    def ask(
        self, event: Event, text: str, ticket: Ticket, name: str = "", key: UUID | None = None
    ) -> "AudienceQuestion":
        """It waits for a moderator: until then nobody else sees it."""
        check_open(event)
        check_ticket(event, ticket)
        if not one_line(text):
            raise Unfit(_("Write your question first."))

        def make() -> "AudienceQuestion":
            waiting = self.filter(event=event, ticket=ticket, state=AskedState.WAITING).count()
            words = _("%(count)s questions of yours wait for a moderator. Ask again once they were looked at.")
            check_bound("event_questions", waiting, MOST_WAITING, words % {"count": waiting})
            question = self.model(
                event=event, ticket=ticket, key=key, text=one_line(text)[:TEXT], name=one_line(name)[:NAME]
            )
            return question.begin("ask")

        with transaction.atomic():
            Ticket.objects.select_for_update(no_key=True).values_list("pk").get(pk=ticket.pk)
            return self.make_once(key, make, event_id=event.pk, ticket_id=ticket.pk)

    def by_votes(self, now: datetime | None = None) -> "AskedQuerySet":
        """With ``count``, their votes; those with the most first, and of equals the one that was asked first."""
        settled = Count("votes", filter=Q(votes__at__lt=order_of(now or timezone.now())))
        return self.annotate(count=Count("votes"), settled=settled).order_by("-settled", "at", "pk")


class AudienceQuestion(Pinnable):
    """A question to the stage. Nobody sees it before a moderator has shown it."""

    LEGAL: ClassVar = {
        "show": (AskedState.WAITING, AskedState.DISMISSED, AskedState.ANSWERED),
        "dismiss": (AskedState.WAITING, AskedState.SHOWN),
        "pin": (AskedState.SHOWN,),
        "unpin": (AskedState.SHOWN,),
        "answer": (AskedState.SHOWN,),
    }
    TRACKED: ClassVar = ("state", "pinned_at")

    event = models.ForeignKey(Event, models.CASCADE, related_name="asked")
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="asked")
    key = models.UUIDField(unique=True, null=True, editable=False)
    name = models.CharField(max_length=NAME, blank=True)  # that its author wants to be seen with
    text = models.CharField(gettext_lazy("question"), max_length=TEXT)
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=AskedState, default=AskedState.WAITING)
    at = models.DateTimeField(default=timezone.now)

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(pinned_at__isnull=False), name="one_pinned_question")
        ]
        indexes = [models.Index(fields=["event", "state"])]

    def __str__(self) -> str:
        return self.text

    @property
    def is_shown(self) -> bool:
        return self.state in (AskedState.SHOWN, AskedState.ANSWERED)

    # Verbs of moderators; pin and unpin are in stage.py

    @verb
    def show(self) -> None:
        self.state = AskedState.SHOWN

    @verb
    def dismiss(self) -> None:
        self.state, self.pinned_at = AskedState.DISMISSED, None

    @verb
    def answer(self) -> None:
        """It was answered on the stage."""
        self.state, self.pinned_at = AskedState.ANSWERED, None

    # Votes

    def vote(self, ticket: Ticket) -> bool:
        """One ticket's vote. Whether it is new. It takes no lock: of a question that is answered in this moment it may still count."""
        check_open(self.event)
        check_ticket(self.event, ticket)
        if self.state != AskedState.SHOWN:
            raise IllegalMove(_("Nobody can vote for this question any more."))
        try:
            with transaction.atomic():
                Vote.objects.create(question=self, ticket=ticket)
                publish(topics.votes(self.event_id))
        except IntegrityError:  # it has voted before
            return False
        return True

    def unvote(self, ticket: Ticket) -> bool:
        """Take the vote back. Whether there was one."""
        check_open(self.event)
        with transaction.atomic():
            deleted, _rows = Vote.objects.filter(question=self, ticket=ticket).delete()
            if deleted:
                publish(topics.votes(self.event_id))
        return bool(deleted)


class AudienceQuestionChange(Change):
    question = models.ForeignKey(AudienceQuestion, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["question", "revision"])]


class Vote(models.Model):
    """One ticket's vote for a question. Votes are counted by a query; taking one back deletes it."""

    question = models.ForeignKey(AudienceQuestion, models.CASCADE, related_name="votes")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="votes")
    at = models.DateTimeField(default=timezone.now)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "ticket"], name="one_vote_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.question}"
