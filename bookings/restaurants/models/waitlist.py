"""The waitlist: parties that want a time of a day that is full."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.offers import serve_due
from bookings.restaurants import mail, topics
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Tables, Use
from bookings.restaurants.models.refusals import Known, RoomLeft
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.slots import slot_of, slots_for
from bookings.restaurants.models.states import EXPECTED, State
from bookings.restaurants.models.times import Time
from bookings.restaurants.models.venue import Restaurant
from bookings.waitlist import OPEN, Look, Waiting, WaitingQuerySet, WaitingState
from live.outbox import publish
from strangers import NOBODY, Asked, Asker, check_bound, contact_of

CLAIM = timedelta(minutes=15)  # how long an offer is held
SHOWN = 4  # free times that somebody is told who wants to wait
LATE = timedelta(minutes=1)  # an offer whose message is sent later than this is held for its whole time from then on


WAITS_ALREADY = gettext_lazy("You wait for a table on that day already. We write as soon as there is one.")
TOO_MANY = gettext_lazy("Many people of your network wait for that day already. Please call the restaurant.")


class WaitlistQuerySet(WaitingQuerySet["WaitlistEntry"]):
    def join(
        self,
        restaurant: Restaurant,
        day: date,
        first: int,
        last: int,
        party: int,
        key: UUID | None = None,
        user: Any = None,
        asker: Asker = NOBODY,
        **guest: Any,
    ) -> "WaitlistEntry":
        """Add a party that can come between two slots of a day. The same key gives the same entry.

        One person has one open wish for a day, whatever tables it has or wants. Raises RoomLeft where a time is free,
        Known for a person who waits or is booked, TooMany if many of its network wait already.
        """

        def make() -> "WaitlistEntry":
            entry = self.model(restaurant=restaurant, day=day, first=first, last=last, party=party, key=key, **guest)
            entry.user, entry.contact = user, contact_of(entry.email)
            entry.set_asker(asker)
            with transaction.atomic():
                restaurant.lock()
                entry.check_may_join()
                try:
                    with transaction.atomic():
                        entry.save()
                except IntegrityError:
                    if key and self.filter(key=key).exists():
                        raise
                    raise Known(str(WAITS_ALREADY)) from None
                return entry.begin("join")

        return self.make_once(key, make, restaurant_id=restaurant.pk)

    def wishes_of(self, day: date, contact: str, user: int | None = None) -> Self:
        """The open wishes of one person for a day."""
        person = Q(contact=contact) | Q(user=user) if user else Q(contact=contact)
        return self.filter(person, day=day, state__in=OPEN)

    def open(self, now: datetime) -> Self:
        """Those whose times have not passed, and those with an offer."""
        return self.filter(Q(state=WaitingState.WAITING, last__gte=slot_of(now)) | Q(state=WaitingState.OFFERED))

    def queues(self, owner: Restaurant, now: datetime) -> Iterator[tuple[Self, Look]]:
        """Each day has a queue of its own. Only days on which something can be done are among them.

        Two queries read all days' wishes, and six what is free on all of these days, however many they are.
        """
        entries = self.open(now)
        rows = list(entries.select_related("offer").order_by("day", "made_at", "pk"))
        if not rows:
            return
        match = FreeTimes(owner, rows[0].day, now, rows[-1].day)
        for day, group in groupby(rows, key=attrgetter("day")):
            if any(is_due(entry, match, now) for entry in group):
                yield entries.filter(day=day), partial(FreeTimes, owner, day, now)


def is_due(entry: "WaitlistEntry", match: "FreeTimes", now: datetime) -> bool:
    """Whether the entry can get an offer, or its offer has lapsed."""
    if entry.state == WaitingState.OFFERED:
        return not entry.is_offer_open(now)
    return match(entry) is not None


class WaitlistEntry(Asked, Waiting):
    """A party that can come between two times of a day. Its offer is a hold, which lasts for CLAIM."""

    link_view = "restaurants:waiting"

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="waitlist")
    day = models.DateField(gettext_lazy("day"))
    first = models.IntegerField()  # slots: the earliest and the latest time that suit the party
    last = models.IntegerField()
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    contact = models.CharField(max_length=254, editable=False)  # its mail address, as it is compared
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    offer = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="waitlist_entry")

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "day", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["restaurant", "day", "contact"], condition=Q(state__in=OPEN), name="one_open_wish_of_a_contact"
            ),
            models.UniqueConstraint(
                fields=["restaurant", "day", "user"], condition=Q(state__in=OPEN), name="one_open_wish_of_a_user"
            ),
        ]
        verbose_name = gettext_lazy("party on the waitlist")
        verbose_name_plural = gettext_lazy("waitlist")

    def lock(self) -> None:
        """Lock the restaurant first, as its reservations do: an offer takes tables."""
        self.restaurant.lock()
        super().lock()

    def topics(self) -> list[str]:
        return [topics.book(self.restaurant_id, self.day), topics.waiting(f"waitlist-{self.pk}")]

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        if verb in self.FREEING:
            self.restaurant.serve_waitlist_at(timezone.now())

    def check_may_join(self) -> None:
        """Raise Refused where nobody has to wait, or where this person should not. Called with the lock."""
        restaurant, day = self.restaurant, self.day
        if restaurant.waitlist.wishes_of(day, self.contact, self.user_id).exists():
            raise Known(str(WAITS_ALREADY))
        booked = Reservation.objects.on(restaurant, day).filter(state__in=EXPECTED)
        if booked.filter(email__iexact=self.email).exists():
            raise Known(_("There is a booking with this e-mail address on that day already. Change it instead."))
        times = Availability(restaurant, day).times(day, self.party)
        if free := [time for time in times if time.is_free and self.first <= time.slot <= self.last]:
            raise RoomLeft(_("There is a table for you: you need not wait."), free[:SHOWN])
        if self.asked_from:
            open_wishes = restaurant.waitlist.filter(day=day, state__in=OPEN, asked_from=self.asked_from)
            check_bound("waitlist", open_wishes.count(), settings.WISHES_PER_ADDRESS, TOO_MANY)

    # What bookings.waitlist asks for

    def hold(self, found: tuple[Time, Any]) -> Reservation:
        time, tables = found
        held = Reservation(restaurant=self.restaurant, expires_at=timezone.now() + CLAIM)
        return Reservation.objects.start(held, "hold", time, self.party, tables)

    def is_offer_open(self, now: datetime) -> bool:
        return self.offer is not None and self.offer.state == State.HELD and not self.offer.is_expired(now)

    def book_offer(self) -> None:
        self.offer.confirm(self.name, self.email, self.phone)

    def release_offer(self) -> None:
        if self.offer and self.offer.state == State.HELD:
            self.offer.release(**(self.context or {}))

    def notify_offer(self) -> None:
        mail.write_offer(self)

    def prolong_offer(self) -> None:
        now = timezone.now()
        with transaction.atomic():
            self.lock()
            if self.is_offer_open(now) and self.offer.expires_at < now + CLAIM - LATE:
                self.offer.expires_at = now + CLAIM
                self.offer.save(update_fields=["expires_at"])
                publish(*self.topics(), *self.offer.topics())


class FreeTimes:
    """The availability of days, read once: finds the first free time that suits an entry, and the best tables then."""

    def __init__(self, restaurant: Restaurant, day: date, now: datetime, last_day: date | None = None) -> None:
        self.availability = Availability(restaurant, day, last_day, now=now)
        self.free: dict[tuple[date, int], list[Time]] = {}  # by day and party: many wait for the same

    def __call__(self, entry: WaitlistEntry) -> tuple[Time, Tables | None] | None:
        for time in self.free_times(entry.day, entry.party):
            if entry.first <= time.slot <= entry.last:
                return time, self.availability.free_tables(time.slot, slots_for(time.turn), entry.party, Use.ONLINE)
        return None

    def free_times(self, day: date, party: int) -> list[Time]:
        if (day, party) not in self.free:
            self.free[day, party] = [time for time in self.availability.times(day, party) if time.is_free]
        return self.free[day, party]


def serve_waitlists(now: datetime | None = None) -> None:
    """Serve the waitlists that are due, at all restaurants."""
    serve_due(Restaurant.objects.select_related("airport"), now)
