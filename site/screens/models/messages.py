"""Emergency messages, which take over screens. The words are those of CAP 1.2 (OASIS)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from live.outbox import publish
from screens import topics
from screens.models.screens import Screen, State
from verbs.refusals import Refused


class Severity(models.TextChoices):
    EXTREME = "extreme", _("Extreme")
    SEVERE = "severe", _("Severe")
    MODERATE = "moderate", _("Moderate")
    MINOR = "minor", _("Minor")


LONGEST = timedelta(hours=24)


def check_length(lasts: timedelta) -> None:
    """No message stands for ever."""
    if not timedelta() < lasts <= LONGEST:
        raise Refused(_t("A message lasts 24 hours at most. It can be extended."))


class MessageQuerySet(models.QuerySet["Message"]):
    def send(self, by: Any, lasts: timedelta, **fields: Any) -> "Message":
        """Take over the screens now, for a time."""
        check_length(lasts)
        with transaction.atomic():
            now = timezone.now()
            message = self.create(sent_by=by, effective=now, expires=now + lasts, **fields)
            publish(topics.messages())
        return message

    def current(self, now: datetime) -> "MessageQuerySet":
        return self.filter(effective__lte=now, expires__gt=now, cancelled_at=None)

    def for_zone(self, zone: str) -> "MessageQuerySet":
        """Those for all screens, and those for this zone."""
        return self.filter(Q(zone="") | Q(zone=zone))

    def screens_of(self, zone: str) -> "models.QuerySet[Screen]":
        """The screens that a message to this zone takes over, "" for all."""
        paired = Screen.objects.filter(state=State.PAIRED)
        return paired.filter(zone=zone) if zone else paired

    def worst(self) -> "Message | None":
        """The one that a screen shows: the most severe, and of these the newest."""
        order = list(Severity)
        return min(self, key=lambda message: (order.index(Severity(message.severity)), -message.pk), default=None)

    def next_change_at(self, now: datetime) -> datetime | None:
        """When the next one begins or expires."""
        times = self.filter(cancelled_at=None, expires__gt=now).values_list("effective", "expires")
        return min((moment for pair in times for moment in pair if moment > now), default=None)


class Message(models.Model):
    """Takes over all screens, or those of a zone, until it expires or is cancelled."""

    text = models.CharField(_("message"), max_length=200)
    translations = models.JSONField(default=dict)  # language code → text; ``text`` stands for those that are missing
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.SEVERE)
    zone = models.SlugField(_("zone"), max_length=40, blank=True)  # "" for all screens
    effective = models.DateTimeField(_("from"), default=timezone.now)
    expires = models.DateTimeField(_("until"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-effective"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_current(self) -> bool:
        return self.cancelled_at is None and self.effective <= timezone.now() < self.expires

    def cancel(self, by: Any) -> None:
        """End it now. Raises Refused where it has ended already."""
        self.update_current(_t("This message has ended already."), cancelled_at=timezone.now(), cancelled_by=by)

    def extend(self, lasts: timedelta, by: Any) -> None:
        """Let it end so long after now, and name who said so."""
        check_length(lasts)
        ended = _t("This message has ended already. Send it again.")
        self.update_current(ended, expires=timezone.now() + lasts, sent_by=by)

    def update_current(self, refusal: str, **values: Any) -> None:
        with transaction.atomic():
            current = Message.objects.current(timezone.now()).filter(pk=self.pk)
            if not current.update(**values):
                raise Refused(refusal)
            publish(topics.messages())
        self.refresh_from_db()

    def text_in(self, language: str) -> str:
        return self.translations.get(language) or self.text


class Showing(models.Model):
    """A screen has shown a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="showings")
    screen = models.ForeignKey(Screen, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "screen"], name="one_showing_for_each_screen")]

    def __str__(self) -> str:
        return f"{self.message} on {self.screen}"
