"""The queue: parties at the door that wait for a table now."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.models.refusals import IllegalMove
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.venue import Restaurant
from live.outbox import publish


class QueueQuerySet(models.QuerySet):
    def join(self, restaurant, party, name, minutes, key=None, by=None, **fields):
        """A party that waits from now on, and is told so many minutes. Asked again with the same key: the same entry."""
        fields |= {"restaurant": restaurant, "party": party, "name": name, "by": by}
        fields["quoted_until"] = timezone.now() + timedelta(minutes=minutes)
        with transaction.atomic():
            if key is None:
                entry, is_new = self.create(**fields), True
            else:
                entry, is_new = self.get_or_create(key=key, defaults=fields)
            if is_new:
                publish(topics.queue(restaurant.pk))
        return entry


class QueueEntry(models.Model):
    """A party in the queue for a table now."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        CALLED = "called", gettext_lazy("Called")
        SEATED = "seated", gettext_lazy("Seated")
        LEFT = "left", pgettext_lazy("a party", "Left")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="queue")
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    notes = models.CharField(gettext_lazy("notes"), max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    joined_at = models.DateTimeField(default=timezone.now)
    quoted_until = models.DateTimeField()  # what it was told
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="queue_entry")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, null=True)

    objects = QueueQuerySet.as_manager()

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
            reservation = Reservation.objects.walk_in(self.restaurant, self.party, tables, name=self.name, by=by)
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
            publish(topics.queue(self.restaurant_id), topics.waiting(f"queue-{self.pk}"))
