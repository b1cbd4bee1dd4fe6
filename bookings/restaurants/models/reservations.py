"""A reservation: a party at a restaurant, from the hold until it leaves."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.holds import Holdable
from bookings.policies import Agreed
from bookings.restaurants import mail, topics
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Table, Use
from bookings.restaurants.models.guest_verbs import GuestVerbs
from bookings.restaurants.models.making import ReservationQuerySet
from bookings.restaurants.models.seating import Seating
from bookings.restaurants.models.services import Service
from bookings.restaurants.models.slots import slots_for
from bookings.restaurants.models.staff_verbs import StaffVerbs
from bookings.restaurants.models.states import EXPECTED, FREEING, LEGAL, SETTLING, Stage, State, refusal_of
from bookings.restaurants.models.times import Time
from bookings.restaurants.models.venue import Restaurant
from clocks import clock
from languages import current_language
from links.models import Linked
from live.outbox import publish
from once import Once
from post.models import Message
from references import Referenced
from strangers import Asked, contact_of
from verbs.models import Tracked


class Reservation(GuestVerbs, StaffVerbs, Seating, Holdable, Asked, Agreed, Referenced, Once, Linked, Tracked):
    """A party at a restaurant. Its tables are taken for slots (Seating). Guests have the GuestVerbs, hosts the StaffVerbs."""

    LEGAL: ClassVar = LEGAL
    TRACKED: ClassVar = (
        *("state", "starts_at", "ends_at", "party", "name", "email", "phone", "notes", "allergies", "stage"),
        *("objection", "link_version"),
    )
    link_view = "restaurants:booked"

    restaurant = models.ForeignKey(Restaurant, models.PROTECT, related_name="reservations")
    day = models.DateField(gettext_lazy("day"))
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="reservations")
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=State, default=State.HELD)
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    starts_at = models.DateTimeField(gettext_lazy("time"))
    ends_at = models.DateTimeField(gettext_lazy("table back"))
    turn = models.PositiveSmallIntegerField(gettext_lazy("minutes"))
    tables = models.ManyToManyField(Table, related_name="reservations", verbose_name=gettext_lazy("tables"))

    name = models.CharField(gettext_lazy("name"), max_length=80, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    notes = models.CharField(gettext_lazy("notes"), max_length=400, blank=True)
    allergies = models.CharField(gettext_lazy("allergies"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reservations"
    )
    channel = models.CharField(max_length=8, choices=Use, default=Use.ONLINE)
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this guest

    arrived_at = models.DateTimeField(null=True)
    seated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(gettext_lazy("course"), max_length=8, choices=Stage, default=Stage.NONE, blank=True)
    objection = models.CharField(gettext_lazy("the guest objects"), max_length=200, blank=True)

    sequence = models.PositiveSmallIntegerField(default=0)  # of its calendar file
    made_at = models.DateTimeField(default=timezone.now)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        ordering = ["first", "pk"]
        indexes = [
            # All columns that Availability reads, so that PostgreSQL and SQLite answer from the index alone.
            models.Index(
                fields=["restaurant", "first", "state", "expires_at", "count", "party", "channel"], name="book_of_slots"
            ),
            models.Index(fields=["restaurant", "day"]),
            models.Index(fields=["restaurant", "asked_from", "state"]),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(party__gte=1), name="party_of_somebody")]
        verbose_name = gettext_lazy("reservation")
        verbose_name_plural = gettext_lazy("reservations")

    def __str__(self) -> str:
        return self.reference

    # What the verbs need

    def plan(self, time: Time, party: int) -> None:
        """Set the time and the party size, unsaved."""
        self.day, self.service, self.turn = time.day, time.service, time.turn
        self.party = party
        self.first, self.count = time.slot, slots_for(time.turn)
        self.starts_at = time.at
        self.ends_at = time.at + timedelta(minutes=time.turn)
        if self.state == State.BOOKED:
            self.freeze_policy()

    def lock(self) -> None:
        """Lock the restaurant first, so that no other transaction changes its reservations."""
        self.restaurant.lock()
        super().lock()

    def snapshot(self) -> dict[str, str]:
        return {**super().snapshot(), "tables": " + ".join(sorted(table.name for table in self.tables.all()))}

    def topics(self) -> list[str]:
        guest = [topics.guest(self.user_id)] if self.user_id else []
        shown = [topics.book(self.restaurant_id, self.day), topics.queue(self.restaurant_id)]
        return [*shown, topics.reservation(self.pk), *guest]

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        was = {change.field: change.before for change in changes}
        mail.notify(self, verb, was, by=(self.context or {}).get("by"))
        if verb in FREEING:
            self.restaurant.serve_waitlist_at(timezone.now())
        elif self.state == State.HELD:
            self.restaurant.serve_waitlist_at(self.expires_at)
        if verb in SETTLING and self.state in EXPECTED and self.email:
            self.settle_wishes()

    def refusal(self, verb: str, state: str) -> str:
        return refusal_of(verb, state) % {"name": self.display_name}

    def settle_wishes(self) -> None:
        """Who has a table on a day waits for none any more. What was offered to them is free again."""
        for entry in self.restaurant.waitlist.wishes_of(self.day, contact_of(self.email), self.user_id):
            entry.supersede(**(self.context or {}))

    def freeze_policy(self) -> None:
        """Copy the restaurant's terms onto the booking. Later changes of them apply to later bookings."""
        until = self.starts_at - timedelta(minutes=self.restaurant.cancel_before)
        self.agree(self.restaurant.policy, until)

    def is_paced(self) -> bool:
        """Whether the pacing still lets its party come at its time."""
        availability = Availability(self.restaurant, self.day, but_for=self.pk)
        return self.service is None or availability.is_paced(self.service, self.first, self.party, self.channel)

    # What pages ask

    @property
    def display_name(self) -> str:
        """What staff call it: the guest's name, "Walk-in" or the reference."""
        return self.name or (_("Walk-in") if self.channel == Use.WALK_IN else self.reference)

    @cached_property
    def tz(self) -> ZoneInfo:
        return self.restaurant.tz

    def clock(self, moment: datetime | None) -> str:
        """A moment on the restaurant's clock."""
        return clock(moment, self.tz)

    @property
    def is_expected(self) -> bool:
        return self.state in EXPECTED

    @property
    def is_void(self) -> bool:
        """Whether its calendar entry is cancelled."""
        return self.state in (State.CANCELLED, State.NO_SHOW)

    def message_changed(self, message: Message) -> None:
        """Show staff what mail about it was not delivered."""
        publish(topics.reservation(self.pk))

    def is_expired(self, now: datetime | None = None) -> bool:
        return self.state == State.HELD and super().is_expired(now)
