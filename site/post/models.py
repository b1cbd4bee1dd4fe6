"""Mail as rows, one for each address: written by a verb, sent by a periodic job, deleted some days later."""

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol, Self
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from post.text import one_line

log = logging.getLogger("airside.post")

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]  # after each failed try; the last one repeats
LONGEST_WITHOUT_SERVER = timedelta(minutes=5)  # so that all mail goes out soon after the server has come back
GIVE_UP_AFTER = timedelta(days=2)
LEASE = timedelta(minutes=10)  # far longer than a try takes
UNDELIVERED_KEPT = timedelta(days=90)
LONGEST_PROBLEM = 200


class Concerned(Protocol):
    """A model that messages are ``about`` may have this method."""

    def message_changed(self, message: "Message") -> None:
        """The message was sent, refused or given up, or its first try failed: see ``message.state`` and ``.problem``.

        Called in the transaction that saves this. It publishes what shows the message, or acts on it. Where it raises,
        what it wrote is rolled back, a line is logged, and the message's own state stays.
        """


class Outage(models.IntegerChoices):
    """What the mail server's absence has done to a message."""

    NONE = 0, "none"
    DELAYED = 1, "delayed"  # a try failed because of it
    HURRIED = 2, "hurried"  # its next try was moved forward when the server was back: once, as it may be its own fault


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> Self:
        return self.filter(state=Message.State.WAITING)

    def due(self, now: datetime) -> Self:
        """Those to send now: waiting, with their pause over, and unclaimed."""
        return self.unclaimed(now).filter(due_at__lte=now)

    def unclaimed(self, now: datetime) -> Self:
        """Those that wait and that no process is sending. A claim ends after LEASE, in case its process was killed."""
        return self.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def claim(self, pk: int, now: datetime) -> "Message | None":
        """Claim a due message: no other process sends it for LEASE. None if it is not due any more."""
        lease = now + LEASE
        taken = self.filter(pk=pk).due(now).update(claimed_until=lease, tries=F("tries") + 1)
        return self.get(pk=pk) if taken else None

    def hurry(self, now: datetime) -> int:
        """The server is back: make those due that it has delayed. Returns how many."""
        delayed = self.unclaimed(now).filter(outage=Outage.DELAYED)
        return delayed.update(outage=Outage.HURRIED, due_at=now)

    def about(self, thing: models.Model) -> Self:
        """All messages about a model's instance."""
        return self.filter(about_model=thing._meta.label_lower, about_key=str(thing.pk))

    def withdraw(self) -> int:
        """Delete those that wait and are not being sent at this moment. Returns how many."""
        count, _by_model = self.unclaimed(timezone.now()).delete()
        return count

    def undelivered(self) -> Self:
        """Those that were refused or given up, and those that have failed at least once and will be tried again."""
        ended = Q(state__in=[Message.State.REFUSED, Message.State.FAILED])
        return self.filter(ended | Q(state=Message.State.WAITING, tries__gt=0) & ~Q(problem=""))

    def prune(self, now: datetime) -> None:
        """Delete old messages, since they hold personal data: sent ones after AIRSIDE_MAIL_KEPT_DAYS, others later."""
        kept = timedelta(days=settings.MAIL_KEPT_DAYS)
        self.filter(state=Message.State.SENT, ended_at__lt=now - kept).delete()
        self.filter(ended_at__lt=now - max(kept, UNDELIVERED_KEPT)).delete()


class Message(models.Model):
    """A mail to one address."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")  # the mail server will never accept it for this address
        FAILED = "failed", _("Given up")

    to = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))  # may hold links that grant access: never logged, not shown in the admin
    html = models.TextField(blank=True)  # the same text, with data for programs; "" where there is none
    language = models.CharField(max_length=10)
    attachment_name = models.CharField(max_length=100, blank=True)
    attachment_type = models.CharField(max_length=100, blank=True)
    attachment = models.BinaryField(null=True)
    about_model = models.CharField(max_length=100, blank=True)  # such as restaurants.reservation
    about_key = models.CharField(max_length=64, blank=True)

    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    problem = models.CharField(_("problem"), max_length=LONGEST_PROBLEM, blank=True)  # of the last try
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    outage = models.PositiveSmallIntegerField(choices=Outage, default=Outage.NONE)
    claimed_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(_("written"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    key = models.UUIDField(default=uuid4, unique=True)  # makes the Message-ID: the same at each try

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="post_waiting"),
            models.Index(fields=["about_model", "about_key"], name="post_about"),
            models.Index(fields=["state", "ended_at"], name="post_ended"),
        ]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def about(self) -> models.Model | None:
        """The instance that it is about; None if it was deleted, or if there never was one."""
        try:
            model = apps.get_model(self.about_model)
        except (LookupError, ValueError):
            return None
        found: models.Model | None = model._default_manager.filter(pk=self.about_key).first()
        return found

    # The result of a try. Each method returns False if the claim had ended before.

    def sent(self, now: datetime) -> bool:
        return self.end(self.State.SENT, "", now)

    def refused(self, problem: str, now: datetime) -> bool:
        return self.end(self.State.REFUSED, problem, now)

    def failed(self, problem: str, now: datetime, server_is_away: bool = False) -> bool:
        """Try again after a pause that grows with each try, or give up GIVE_UP_AFTER it was written.

        While the whole server is away the pauses stay short: only one message a round is tried then.
        """
        pause = PAUSES[min(self.tries, len(PAUSES)) - 1]
        if server_is_away:
            pause = min(pause, LONGEST_WITHOUT_SERVER)
        if now + pause > self.made_at + GIVE_UP_AFTER:
            return self.end(self.State.FAILED, problem, now)
        first = not self.problem
        outage = max(self.outage, Outage.DELAYED) if server_is_away else self.outage
        return self.save_result(first, problem=problem, due_at=now + pause, outage=outage)

    def end(self, state: State, problem: str, now: datetime) -> bool:
        return self.save_result(True, state=state, problem=problem, ended_at=now)

    def save_result(self, notify: bool, **fields: Any) -> bool:
        """Save the result of the try that this claim was for, and ``notify`` the instance that it is about."""
        fields["problem"] = one_line(fields["problem"])[:LONGEST_PROBLEM]
        claimed = Message.objects.waiting().filter(pk=self.pk, claimed_until=self.claimed_until)
        for name, value in fields.items():
            setattr(self, name, value)
        with transaction.atomic():
            if notify:
                self.notify_about()  # first: it may lock what verbs lock before they write messages
            is_saved = bool(claimed.update(claimed_until=None, **fields))
            if not is_saved:
                transaction.set_rollback(True)
        return is_saved

    def notify_about(self) -> None:
        """Call ``message_changed`` of the instance that it is about, if it has that method."""
        try:
            with transaction.atomic():
                if message_changed := getattr(self.about, "message_changed", None):
                    message_changed(self)
        except Exception:
            log.exception("message_changed of %s failed", self.about_model)

    def send_again(self) -> None:
        """Try a refused or given-up message again. Its two days are counted from now."""
        now = timezone.now()
        ended = Message.objects.filter(pk=self.pk, state__in=[self.State.REFUSED, self.State.FAILED])
        ended.update(
            state=self.State.WAITING,
            problem="",
            tries=0,
            due_at=now,
            made_at=now,
            ended_at=None,
            claimed_until=None,
            outage=Outage.NONE,
        )


def undelivered_about(thing: models.Model) -> list[Message]:
    """The undelivered messages about an instance since the last delivered one, which replaces what came before it."""
    found = Message.objects.about(thing)
    last_sent = found.filter(state=Message.State.SENT).order_by("-pk").values_list("pk", flat=True).first() or 0
    return list(found.undelivered().filter(pk__gt=last_sent).order_by("pk").defer("body", "attachment"))
