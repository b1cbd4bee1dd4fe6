"""The waitlist: parties that wait for a time that is full."""

from datetime import timedelta
from uuid import uuid4

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.models.refusals import IllegalMove
from bookings.restaurants.models.reservations import Reservation, spoken
from bookings.restaurants.models.states import State
from bookings.restaurants.models.venue import Restaurant
from live.outbox import publish

CLAIM = timedelta(minutes=15)  # how long a place that became free is kept for who is first on the waitlist


class WaitlistQuerySet(models.QuerySet):
    def join(self, restaurant, day, first, last, party, key=None, **guest):
        """A party that would come between two slots of a day. Asked again with the same key: the same entry."""
        fields = {"restaurant": restaurant, "day": day, "first": first, "last": last, "party": party, **guest}
        with transaction.atomic():
            entry, is_new = self.get_or_create(key=key or uuid4(), defaults=fields)
            if is_new:
                entry.publish()
        return entry


class WaitlistEntry(models.Model):
    """A party on the waitlist of a day: it would come between two times, if a table becomes free.

    The first party that fits gets an offer: a hold of its own, for ``CLAIM``. Whoever lets it pass is asked no more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        OFFERED = "offered", gettext_lazy("Offered")
        BOOKED = "booked", gettext_lazy("Booked")
        LAPSED = "lapsed", gettext_lazy("Lapsed")
        LEFT = "left", gettext_lazy("Left")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="waitlist")
    day = models.DateField(gettext_lazy("day"))
    first = models.IntegerField()  # slots, both of them times that it would take
    last = models.IntegerField()
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    email = models.EmailField(gettext_lazy("e-mail"))
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default=spoken)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    offer = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="waitlist_entry")
    key = models.UUIDField(unique=True, null=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "day", "state"])]
        verbose_name = gettext_lazy("party on the waitlist")
        verbose_name_plural = gettext_lazy("waitlist")

    def __str__(self):
        return self.name

    def claim(self):
        """Book what it is offered. Claimed twice, it is the same Reservation."""
        with transaction.atomic():
            self.restaurant.lock()
            self.refresh_from_db()
            if self.offer is None or self.state not in (self.State.OFFERED, self.State.BOOKED):
                raise IllegalMove(_("There is no table to take now."))
            if self.state == self.State.OFFERED:
                self.offer.confirm(self.name, self.email, self.phone)
                self.refresh_from_db()
        return self.offer

    def leave(self):
        with transaction.atomic():
            self.restaurant.lock()
            self.refresh_from_db()
            if self.state not in (self.State.WAITING, self.State.OFFERED):
                raise IllegalMove(_("You are not on the waitlist any more."))
            self.release()
            self.become(self.State.LEFT)

    def offer_time(self, time, tables, now):
        """Hold these tables at this availability.Time for it, for as long as it has to answer."""
        until = now + CLAIM
        self.offer = Reservation.objects.start(time, self.party, tables, restaurant=self.restaurant, expires_at=until)
        self.become(self.State.OFFERED)

    def lapse(self):
        self.release()
        self.become(self.State.LAPSED)

    def release(self):
        if self.offer and self.offer.state == State.HELD:
            self.offer.cancel()

    def become(self, state):
        self.state = state
        self.save()
        self.publish()

    def publish(self):
        publish(topics.book(self.restaurant_id, self.day), topics.waiting(f"waitlist-{self.pk}"))
