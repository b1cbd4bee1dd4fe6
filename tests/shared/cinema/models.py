"""A domain that only these tests have: seats at a screening, and a waitlist for it. No constraint stands behind them."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from bookings.holds import Holdable, HoldableQuerySet
from bookings.offers import WaitlistOwner
from bookings.waitlist import Waiting, WaitingQuerySet
from verbs.history import Change
from verbs.models import verb
from verbs.refusals import Refused

CLAIM = timedelta(minutes=5)


class Screening(WaitlistOwner):
    seats = models.PositiveIntegerField(default=0)

    def lock(self):
        Screening.objects.select_for_update(no_key=True).get(pk=self.pk)

    def next_expiry(self, now):
        return self.bookings.next_expiry(now)

    def free(self, now=None):
        taken = self.bookings.unexpired(now).aggregate(seats=models.Sum("seats"))["seats"] or 0
        return Screening.objects.get(pk=self.pk).seats - taken

    def add_seats(self, seats):
        self.lock()
        Screening.objects.filter(pk=self.pk).update(seats=models.F("seats") + seats)
        self.serve_waitlist_at(timezone.now())


class Booking(Holdable):
    """Seats that are held while it expires, and booked when it does not."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="bookings")
    seats = models.PositiveIntegerField()

    objects = HoldableQuerySet.as_manager()

    def buy(self):
        self.expires_at = None
        self.save()
        self.request.settle()


class RequestQuerySet(WaitingQuerySet):
    def join(self, screening, name, seats=1):
        return self.model(screening=screening, name=name, seats=seats).begin("join")

    def queues(self, screening, now):
        yield self.all(), lambda: FreeSeats(screening, now)


class Request(Waiting):
    """Waits for this many seats together. One that is called "Nobody" is refused by the house whatever is free."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="waitlist")
    seats = models.PositiveIntegerField(default=1)
    offer = models.OneToOneField(Booking, models.SET_NULL, null=True, related_name="request")
    letters = models.PositiveIntegerField(default=0)

    objects = RequestQuerySet.as_manager()

    def lock(self):
        self.screening.lock()
        super().lock()

    def topics(self):
        return [f"screening-{self.screening_id}"]

    def before_commit(self, verb, changes):
        if verb in ("join", "leave", "lapse"):
            self.screening.serve_waitlist_at(timezone.now())

    @verb
    def wait_for(self, seats):
        self.seats = seats

    def hold(self, found):
        if self.name == "Nobody":
            raise Refused("The house knows you.")
        return Booking.objects.create(screening=self.screening, seats=found, expires_at=timezone.now() + CLAIM)

    def is_offer_open(self, now):
        return self.offer is not None and self.offer.expires_at is not None and not self.offer.is_expired(now)

    def book_offer(self):
        self.offer.buy()

    def release_offer(self):
        if self.offer:
            self.offer.delete()
            self.offer = None

    def notify_offer(self):
        self.letters += 1


class RequestChange(Change):
    request = models.ForeignKey(Request, models.CASCADE, related_name="changes")


class FreeSeats:
    """How many seats are free, read once."""

    def __init__(self, screening, now):
        self.free = screening.free(now)

    def __call__(self, request):
        return request.seats if request.seats <= self.free else None
