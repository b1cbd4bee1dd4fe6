"""Who waits: for a time that is full (the waitlist), or at the door for a table now (the queue)."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.models.refusals import IllegalMove
from bookings.restaurants.models.reservations import Reservation, State, spoken
from bookings.restaurants.models.venue import Restaurant
from live.outbox import publish

CLAIM = timedelta(minutes=15)  # how long a place that became free is kept for who is first on the waitlist


class WishQuerySet(models.QuerySet):
    def join(self, restaurant, day, first, last, party, key=None, **guest):
        """A party that would come between two slots of a day. Asked again with the same key: the same wish."""
        fields = {"restaurant": restaurant, "day": day, "first": first, "last": last, "party": party, **guest}
        with transaction.atomic():
            wish, is_new = self.get_or_create(key=key or uuid4(), defaults=fields)
            if is_new:
                wish.publish()
        return wish


class Wish(models.Model):
    """A party on the waitlist of a day: it would come between two times, if a table becomes free.

    The first party that fits gets an offer: a hold of its own, for ``CLAIM``. Whoever lets it pass is asked no more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        OFFERED = "offered", gettext_lazy("Offered")
        BOOKED = "booked", gettext_lazy("Booked")
        LAPSED = "lapsed", gettext_lazy("Lapsed")
        LEFT = "left", gettext_lazy("Left")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="wishes")
    day = models.DateField(gettext_lazy("day"))
    first = models.IntegerField()  # slots, both of them times that it would take
    last = models.IntegerField()
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    email = models.EmailField(gettext_lazy("e-mail"))
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default=spoken)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    offer = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="wish")
    key = models.UUIDField(unique=True, null=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = WishQuerySet.as_manager()

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
            self.give_back()
            self.become(self.State.LEFT)

    def offer_time(self, time, tables, now):
        """Hold these tables at this availability.Time for it, for as long as it has to answer."""
        until = now + CLAIM
        self.offer = Reservation.objects.start(time, self.party, tables, restaurant=self.restaurant, expires_at=until)
        self.become(self.State.OFFERED)

    def lapse(self):
        self.give_back()
        self.become(self.State.LAPSED)

    def give_back(self):
        if self.offer and self.offer.state == State.HELD:
            self.offer.cancel()

    def become(self, state):
        self.state = state
        self.save()
        self.publish()

    def publish(self):
        publish(topics.book(self.restaurant_id, self.day), topics.waiting(f"wish-{self.pk}"))


class PartyQuerySet(models.QuerySet):
    def join(self, restaurant, size, name, minutes, key=None, by=None, **fields):
        """A party that waits from now on, and is told so many minutes. Asked again with the same key: the same party."""
        fields |= {"restaurant": restaurant, "size": size, "name": name, "by": by}
        fields["quoted_until"] = timezone.now() + timedelta(minutes=minutes)
        with transaction.atomic():
            if key is None:
                party, is_new = self.create(**fields), True
            else:
                party, is_new = self.get_or_create(key=key, defaults=fields)
            if is_new:
                publish(topics.queue(restaurant.pk))
        return party


class Party(models.Model):
    """A party in the queue for a table now."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        CALLED = "called", gettext_lazy("Called")
        SEATED = "seated", gettext_lazy("Seated")
        LEFT = "left", pgettext_lazy("a party", "Left")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="queue")
    size = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    notes = models.CharField(gettext_lazy("notes"), max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    joined_at = models.DateTimeField(default=timezone.now)
    quoted_until = models.DateTimeField()  # what it was told
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="queued")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, null=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "state"])]
        verbose_name = gettext_lazy("party in the queue")
        verbose_name_plural = gettext_lazy("queue")

    def __str__(self):
        return self.name

    WAITS = (State.WAITING, State.CALLED)

    def call(self, by=None):
        """Its table is ready: tell it so."""
        self.become(self.State.CALLED, (self.State.WAITING,), called_at=timezone.now())

    def leave(self, by=None):
        self.become(self.State.LEFT, self.WAITS, ended_at=timezone.now())

    def seat(self, tables, by=None):
        """Seat it now, as a walk-in at these tables. Answers its Reservation."""
        with transaction.atomic():
            reservation = Reservation.objects.walk_in(self.restaurant, self.size, tables, name=self.name, by=by)
            self.become(self.State.SEATED, self.WAITS, ended_at=timezone.now(), reservation=reservation)
        return reservation

    def become(self, state, legal, **fields):
        with transaction.atomic():
            done = type(self).objects.filter(pk=self.pk, state__in=legal).update(state=state, **fields)
            if not done:
                self.refresh_from_db()
                raise IllegalMove(
                    _("%(who)s is in the state “%(state)s”: that can’t be done now.")
                    % {"who": self.name, "state": self.State(self.state).label}
                )
            self.refresh_from_db()
            publish(topics.queue(self.restaurant_id), topics.waiting(f"party-{self.pk}"))
