"""An event: when and where, who works for it, and its rules for registrations."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.events import topics
from bookings.events.models.copying import copy_of
from bookings.events.models.event_verbs import EventState, EventVerbs
from bookings.events.models.halls import Hall
from bookings.events.models.series import Series, local_moment
from bookings.offers import WaitlistOwner
from live.outbox import publish
from verbs.history import Change

RESERVED_SLUGS = {
    "held",
    "mine",
    "ticket",
    "registration",
    "waiting",
    "calendar",
    "doors",
    "organised",
}  # addresses of pages beside the events' own


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Those that anybody may see: drafts are for their organisers."""
        return self.exclude(state=EventState.DRAFT)

    def of(self, user: Any) -> "EventQuerySet":
        """Those that somebody organises; all of them for administrators."""
        if getattr(user, "is_superuser", False):
            return self
        return self.filter(organisers=user) if getattr(user, "is_authenticated", False) else self.none()

    def with_door_of(self, user: Any) -> "EventQuerySet":
        """Those at whose doors somebody may check people in: organisers and door staff."""
        if getattr(user, "is_superuser", False):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(organisers=user) | Q(door_staff=user)).distinct()

    def named(self, slug: str) -> "Event":
        """The one with this address, with its hall and airport. Raises Http404 if there is none."""
        found = self.select_related("hall__airport").filter(slug=slug).first()
        if found is None:
            raise Http404(f"No event {slug}")
        return found


class Event(EventVerbs, WaitlistOwner):
    """Its days and times of day are in the airport's time zone. Its prices are minor units of ``currency``, with tax."""

    TRACKED: ClassVar = ("state", "starts_at", "ends_at", "hall", "title")

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=160, blank=True)
    about = models.TextField(_("about"), max_length=4000, blank=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="events", verbose_name=_("hall"))
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="events")
    state = models.CharField(_("state"), max_length=9, choices=EventState, default=EventState.DRAFT)
    reason = models.CharField(_("why it is cancelled"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    moved_from = models.DateTimeField(null=True, editable=False)  # when it was to begin before it was moved last

    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="events", blank=True, verbose_name=_("organisers")
    )
    door_staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="doors", blank=True, verbose_name=_("staff of the doors")
    )

    sale_from = models.DateTimeField(_("sale from"), null=True, blank=True)
    sale_until = models.DateTimeField(_("sale until"), null=True, blank=True, help_text=_("Empty: until it begins."))
    most_places = models.PositiveSmallIntegerField(
        _("places that one registration may have"), default=10, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    pay_minutes = models.PositiveIntegerField(_("minutes to pay"), default=30)
    cancel_before = models.PositiveIntegerField(
        _("minutes before it begins until which attendees may cancel"), default=60
    )
    policy = models.TextField(_("what attendees agree to"), max_length=600, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")

    has_waitlist = models.BooleanField(_("waitlist"), default=True)
    offer_minutes = models.PositiveSmallIntegerField(_("minutes to take an offer from the waitlist"), default=30)
    gather_minutes = models.PositiveSmallIntegerField(_("minutes that places are gathered for a group"), default=30)

    chat_is_open = models.BooleanField(_("chat"), default=True)
    quiet_minutes = models.PositiveSmallIntegerField(
        _("minutes without a change of the programme before attendees get a mail about it"), default=5
    )
    answers_kept_days = models.PositiveSmallIntegerField(_("days after the end that answers are kept"), default=30)
    imported = models.JSONField(default=dict, editable=False)  # the head of the frab file that the programme came from
    day_begins = models.TimeField(
        _("the programme's day begins"), default=time(4)
    )  # what is earlier belongs to the day before

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["state", "ends_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins")
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:event", args=[self.slug])

    @property
    def tz(self) -> ZoneInfo:
        return self.hall.tz

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at, self.tz)

    @property
    def sale_ends_at(self) -> datetime:
        return min(self.sale_until or self.starts_at, self.ends_at)

    @property
    def cancel_until(self) -> datetime:
        return self.starts_at - timedelta(minutes=self.cancel_before)

    @property
    def answers_until(self) -> datetime:
        """When the answers to the organiser's questions are deleted."""
        return self.ends_at + timedelta(days=self.answers_kept_days)

    def is_on_sale(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        begins = self.sale_from is None or self.sale_from <= now
        return self.state == EventState.PUBLISHED and begins and now < self.sale_ends_at

    def takes_waiters(self, now: datetime | None = None) -> bool:
        """Whether somebody who waits can still be offered a place: not once it has begun."""
        return self.has_waitlist and (now or timezone.now()) < self.starts_at

    def has_ended(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())

    def open_chat(self, is_open: bool = True) -> None:
        """Let people write in the chat, or not: what was written stays."""
        with transaction.atomic():
            if Event.objects.filter(pk=self.pk, chat_is_open=not is_open).update(chat_is_open=is_open):
                publish(topics.present(self.pk), topics.moderation(self.pk))
        self.chat_is_open = is_open

    def close_chat(self) -> None:
        self.open_chat(False)

    def topics(self) -> list[str]:
        return [topics.events(), topics.places(self.pk), topics.programme(self.pk)]

    def copy_to(self, slug: str, starts_at: datetime, length: timedelta, series: Series | None = None) -> "Event":
        """A draft for another date, with all that is set up for this one and nobody in it."""
        made: Event = copy_of(self, slug, starts_at, length, series)
        return made

    def copy_a_week_later(self) -> "Event":
        """At the same local time, under an address that is free."""
        starts_at = local_moment(self.starts_at.astimezone(self.tz).replace(tzinfo=None) + timedelta(days=7), self.tz)
        with transaction.atomic():
            return self.copy_to(free_slug(self.slug), starts_at, self.ends_at - self.starts_at)

    def changed(self) -> None:
        """Publish that it was set up anew, in the admin."""
        publish(*self.topics(), topics.present(self.pk), topics.guests(self.pk))

    def next_expiry(self, now: datetime) -> datetime | None:
        """When time alone will free a place next."""
        found: datetime | None = self.places.next_expiry(now)
        return found


def free_slug(slug: str) -> str:
    """The address with a number that no other event has."""
    taken = set(Event.objects.filter(slug__startswith=slug[:50]).values_list("slug", flat=True))
    return next(each for number in count(2) if (each := f"{slug[:50]}-{number}") not in taken)


class EventChange(Change):
    event = models.ForeignKey(Event, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["event", "revision"])]
