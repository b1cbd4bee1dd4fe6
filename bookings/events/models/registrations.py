"""A registration: one party at one event, from the hold to the door."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.events import mail, topics
from bookings.events.models.attendee_verbs import AttendeeVerbs
from bookings.events.models.events import Event
from bookings.events.models.organiser_verbs import OrganiserVerbs
from bookings.events.models.paid import PaidFor
from bookings.events.models.registering import RegistrationQuerySet
from bookings.events.models.states import LEGAL, LIVE, State
from bookings.events.models.vouchers import Voucher
from bookings.holds import Holdable
from bookings.policies import Agreed
from languages import current_language
from links.models import Linked
from live.outbox import publish
from once import Once
from references import Referenced
from strangers import Asked
from tracking.flights.models import Flight
from verbs.history import Change
from verbs.models import Tracked

BEGINNING = ("hold", "offer")  # under a lock of the caller, who serves
FREEING = (
    "release",
    "cancel",
    "call_off",
    "decline",
    "lapse",
    "cancel_ticket",
    "swap",
)  # after these the waitlist is served


class Registration(AttendeeVerbs, OrganiserVerbs, PaidFor, Holdable, Agreed, Asked, Referenced, Once, Linked, Tracked):
    """``expires_at``: until then its places are held, offered, or kept for the money. Amounts are minor units of ``currency``.

    ``entry``: the entry of the waitlist that it was offered to. ``places``: what it takes of the quotas; ``tickets``: its people.
    """

    LEGAL: ClassVar = LEGAL
    TRACKED: ClassVar = (
        "state",
        "total",
        "email",
        "phone",
        "expires_at",
        "link_version",
        "flight",
        "reason",
        "name",
        "staff_note",
    )
    link_view = "events:registration"

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", verbose_name=gettext_lazy("event"))
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=State, default=State.HELD)
    voucher = models.ForeignKey(Voucher, models.SET_NULL, null=True, blank=True, related_name="registrations")
    currency = models.CharField(max_length=3)
    total = models.PositiveIntegerField(gettext_lazy("price"), default=0)
    was_extended = models.BooleanField(default=False)

    name = models.CharField(gettext_lazy("name"), max_length=80, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this party
    flight = models.ForeignKey(Flight, models.SET_NULL, null=True, blank=True, related_name="+")  # that they go on with
    flight_told = models.CharField(max_length=20, blank=True, editable=False)  # what they were told of it last

    made_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=160, blank=True)
    moved_told_at = models.DateTimeField(null=True, editable=False)  # when they were told last that the event has moved
    staff_note = models.CharField(gettext_lazy("note of the organiser"), max_length=200, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["event", "state"]),
            models.Index(fields=["asked_from", "state"]),
            models.Index(fields=["expires_at"], condition=~models.Q(expires_at=None), name="registrations_expiring"),
        ]
        verbose_name = gettext_lazy("registration")
        verbose_name_plural = gettext_lazy("registrations")

    def __str__(self) -> str:
        return self.reference

    # What the verbs need

    def snapshot(self) -> dict[str, str]:
        """With the people it is for, and where those other than the contact get their ticket."""
        tickets = self.live_tickets.select_related("type")
        people = [" ".join(filter(None, (str(ticket.type), ticket.name, ticket.email))) for ticket in tickets]
        return {**super().snapshot(), "tickets": ", ".join(people)}

    def topics(self) -> list[str]:
        found = [topics.registration(self.pk), topics.guests(self.event_id), topics.places(self.event_id)]
        return [*found, topics.registrations_of(self.user_id)] if self.user_id else found

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        """What was freed goes to those who wait, in the same transaction; and who registered is told."""
        if verb not in BEGINNING and (verb in FREEING or self.capacity.freed):
            self.event.serve_with(self.capacity)
        mail.notify(self, verb, {change.field: change.before for change in changes})

    def message_changed(self, message: Any) -> None:
        """Show the organisers which mail about it was not delivered."""
        publish(*self.topics())

    def is_cancellable(self, now: datetime | None = None) -> bool:
        """As they have agreed; never once the event has begun."""
        now = now or timezone.now()
        return now < self.event.starts_at and super().is_cancellable(now)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE and not self.is_expired()


class RegistrationChange(Change):
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["registration", "revision"])]
