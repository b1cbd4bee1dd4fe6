"""The waitlist of an event: parties that want places together when there are none."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.events import topics
from bookings.events.models.events import Event
from bookings.events.models.quotas import TicketType
from bookings.events.models.registrations import Registration
from bookings.events.models.states import State
from bookings.waitlist import OPEN, Waiting, WaitingQuerySet
from strangers import Asked
from verbs.history import Change


class WaitlistQuerySet(WaitingQuerySet["WaitlistEntry"]):
    """The queue of an event. ``made_at`` is the order; an entry that lapsed or left is out of it."""

    def serve(self, capacity: Any) -> int:
        """Let offers lapse that were not taken, and offer what is free, under the event's lock. Returns how many offers were made."""
        return 0


class WaitlistEntry(Asked, Waiting):
    """A party of ``size`` people that wants places of one type together. ``least``: it would also take so many.

    Its offer is a registration in the state OFFERED, which it books by the same form as others. While places are gathered
    for it, they are rows of Place with ``entry``, until ``gathers_until``. ``may_gather``: False after a gathering that came
    to nothing, until everybody behind it who fits was served once.
    """

    link_view = "events:waiting"

    event = models.ForeignKey(Event, models.CASCADE, related_name="waitlist")
    type = models.ForeignKey(TicketType, models.CASCADE, related_name="waitlist", verbose_name=_("ticket type"))
    size = models.PositiveSmallIntegerField(_("people"), default=1)
    least = models.PositiveSmallIntegerField(_("at least"), default=1)
    contact = models.CharField(max_length=254, editable=False)  # its mail address, as it is compared
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    offer = models.OneToOneField(Registration, models.SET_NULL, null=True, related_name="waitlist_entry")
    gathers_until = models.DateTimeField(null=True, editable=False)
    may_gather = models.BooleanField(default=True, editable=False)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["event", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "type", "contact"], condition=Q(state__in=OPEN), name="one_open_entry_of_a_contact"
            ),
            models.CheckConstraint(condition=Q(least__gte=1) & Q(least__lte=models.F("size")), name="least_of_size"),
        ]
        verbose_name = _("party on the waitlist")
        verbose_name_plural = _("waitlist of events")

    def topics(self) -> list[str]:
        return [topics.waiting(self.pk), topics.places(self.event_id), topics.guests(self.event_id)]

    def is_offer_open(self, now: datetime) -> bool:
        return self.offer is not None and self.offer.state == State.OFFERED and not self.offer.is_expired(now)

    def book_offer(self) -> None:
        raise NotImplementedError

    def release_offer(self) -> None:
        if self.offer is not None and self.offer.state == State.OFFERED:
            self.offer.release(**(self.context or {}))

    def hold(self, found: Any) -> Any:
        raise NotImplementedError


class WaitlistEntryChange(Change):
    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["entry", "revision"])]
