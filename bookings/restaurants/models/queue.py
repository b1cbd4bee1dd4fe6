"""The queue: parties at the door that wait for a table now."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants import mail, topics
from bookings.restaurants.models.floor import Table
from bookings.restaurants.models.presence import Presence, is_door_code
from bookings.restaurants.models.refusals import Closed, Known, NotHere
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.venue import Restaurant
from languages import current_language
from links.models import Linked, LinkedQuerySet
from once import Once, OnceQuerySet
from strangers import NOBODY, Asked, Asker, check_bound
from verbs.models import Tracked, verb

CONFIRM_WITHIN = timedelta(minutes=30)
TOO_MANY = gettext_lazy("Many parties of your network are in the queue already. Please ask the host to add you.")


class QueueState(models.TextChoices):
    UNCONFIRMED = "asked", gettext_lazy("Not confirmed")  # counts for nothing until the link in its mail is used
    WAITING = "waiting", gettext_lazy("Waiting")
    CALLED = "called", gettext_lazy("Called")
    SEATED = "seated", gettext_lazy("Seated")
    LEFT = "left", pgettext_lazy("a party", "Left")


WAITS = (QueueState.WAITING, QueueState.CALLED)

# Why a verb is illegal in each state.
ALREADY = {
    QueueState.UNCONFIRMED: gettext_lazy("You can’t do this: %(name)s has not confirmed its address."),
    QueueState.WAITING: gettext_lazy("You can’t do this: %(name)s is still waiting."),
    QueueState.CALLED: gettext_lazy("You can’t do this: %(name)s has been called already."),
    QueueState.SEATED: gettext_lazy("You can’t do this: %(name)s is already seated."),
    QueueState.LEFT: gettext_lazy("You can’t do this: %(name)s has left the queue."),
}


class QueueQuerySet(OnceQuerySet["QueueEntry"], LinkedQuerySet["QueueEntry"]):
    def waiting(self) -> Self:
        """Those that wait or have been called, first come first."""
        return self.filter(state__in=WAITS).order_by("joined_at", "pk")

    def join(
        self,
        restaurant: Restaurant,
        party: int,
        name: str,
        minutes: int,
        key: UUID | None = None,
        by: Any = None,
        **fields: Any,
    ) -> "QueueEntry":
        """Add a party, with a quoted wait in minutes. The same key gives the same entry. By staff."""

        def make() -> "QueueEntry":
            until = timezone.now() + timedelta(minutes=minutes)
            entry = self.model(restaurant=restaurant, party=party, name=name, quoted_until=until, key=key, **fields)
            with transaction.atomic():
                entry.save()
                return entry.begin("join", by=by)

        return self.make_once(key, make, restaurant_id=restaurant.pk)

    def join_from_phone(
        self,
        restaurant: Restaurant,
        party: int,
        name: str,
        minutes: int,
        key: UUID | None = None,
        phone: str = "",
        code: str = "",
        email: str = "",
        asker: Asker = NOBODY,
    ) -> "QueueEntry":
        """A party adds itself, with the sign of presence that the restaurant asks for. One browser has one place in a queue.

        Raises Closed while no meal is served, NotHere for a wrong code, TooMany if many of its network wait already.
        """

        def make() -> "QueueEntry":
            with transaction.atomic():
                restaurant.lock()
                live = self.filter(restaurant=restaurant, state__in=(QueueState.UNCONFIRMED, *WAITS))
                if asker.browser and (mine := live.filter(asked_by=asker.browser).first()):
                    return mine
                check_may_join(restaurant, code, email)
                if asker.address:
                    count = live.filter(asked_from=asker.address).count()
                    check_bound("queue", count, settings.QUEUE_PER_ADDRESS, TOO_MANY)
                until = timezone.now() + timedelta(minutes=minutes)
                entry = self.model(restaurant=restaurant, party=party, name=name, phone=phone, email=email, key=key)
                entry.quoted_until = until
                entry.set_asker(asker)
                if restaurant.presence == Presence.MAIL:
                    entry.state = QueueState.UNCONFIRMED
                entry.save()
                return entry.begin("join")

        return self.make_once(key, make, restaurant_id=restaurant.pk)

    def prune(self, now: datetime) -> None:
        """Delete what was never confirmed."""
        self.filter(state=QueueState.UNCONFIRMED, joined_at__lt=now - 2 * CONFIRM_WITHIN).delete()


def check_may_join(restaurant: Restaurant, code: str, email: str) -> None:
    """Raise Refused unless a meal is served now, and the party shows what the restaurant asks for."""
    if not restaurant.is_open():
        raise Closed(_("No meal is served now: the queue is closed."))
    if restaurant.presence == Presence.CODE and not is_door_code(restaurant, code):
        raise NotHere(_("This is not today’s code. It is on the card at the door, and new each day."))
    if restaurant.presence == Presence.MAIL and not email:
        raise NotHere(_("We need an e-mail address: the link that we send there puts you in the queue."))


class QueueEntry(Asked, Once, Linked, Tracked):
    """A party in the queue for a table now."""

    State = QueueState
    WAITS = WAITS
    LEGAL: ClassVar = {
        "confirm": (QueueState.UNCONFIRMED,),
        "call": (QueueState.WAITING,),
        "seat": WAITS,
        "leave": (QueueState.UNCONFIRMED, *WAITS),
    }
    link_view = "restaurants:waiting"
    TRACKED: ClassVar = ("state", "quoted_until", "notes")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="queue")
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this party
    notes = models.CharField(gettext_lazy("notes"), max_length=200, blank=True)
    state = models.CharField(gettext_lazy("state"), max_length=7, choices=QueueState, default=QueueState.WAITING)
    joined_at = models.DateTimeField(default=timezone.now)
    quoted_until = models.DateTimeField(gettext_lazy("quoted wait until"))
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="queue_entry")

    objects = QueueQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "state"])]
        verbose_name = gettext_lazy("party in the queue")
        verbose_name_plural = gettext_lazy("queue")

    def __str__(self) -> str:
        return self.name

    @verb
    def confirm(self, minutes: int) -> None:
        """The party has used the link in its mail: it waits from now on, with this quoted wait."""
        now = timezone.now()
        if now > self.joined_at + CONFIRM_WITHIN or not self.restaurant.is_open(now):
            raise Closed(_("This link has expired. Join the queue again."))
        waiting = QueueEntry.objects.waiting().filter(restaurant=self.restaurant_id, email__iexact=self.email)
        if waiting.exists():
            raise Known(_("A party with this e-mail address is in the queue already."))
        self.state, self.joined_at, self.quoted_until = QueueState.WAITING, now, now + timedelta(minutes=minutes)

    @verb
    def call(self) -> None:
        """Its table is ready."""
        self.state, self.called_at = QueueState.CALLED, timezone.now()

    @verb
    def leave(self) -> None:
        """The party waits no longer."""
        self.state, self.ended_at = QueueState.LEFT, timezone.now()

    @verb
    def seat(self, tables: Iterable[Table]) -> None:
        """Seat it at these tables now; its ``reservation`` is that of a walk-in."""
        walk_in = Reservation.objects.walk_in
        self.reservation = walk_in(self.restaurant, self.party, tables, name=self.name, **self.context)
        self.state, self.ended_at = QueueState.SEATED, timezone.now()

    def lock(self) -> None:
        """Lock the restaurant first, as its reservations do: seating takes tables."""
        self.restaurant.lock()
        super().lock()

    def topics(self) -> list[str]:
        return [topics.queue(self.restaurant_id), topics.waiting(f"queue-{self.pk}")]

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        if verb == "join" and self.state == QueueState.UNCONFIRMED:
            mail.write_queue_link(self)

    def refusal(self, verb: str, state: str) -> str:
        return ALREADY[QueueState(state)] % {"name": self.name}
