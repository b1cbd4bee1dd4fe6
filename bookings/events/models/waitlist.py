"""The waitlist of an event: parties that want places together when there are none."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events import topics, waitlist_mail
from bookings.events.models.capacity import Capacity
from bookings.events.models.events import Event
from bookings.events.models.queueing import TOO_MANY, WAITS_ALREADY, WaitlistQuerySet, offers_end_at
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Closed, Known, RoomLeft, Unfit
from bookings.events.models.registrations import Registration
from bookings.events.models.serving import Decision
from bookings.events.models.states import State, Use
from bookings.waitlist import OPEN, Waiting, WaitingState
from live.outbox import publish
from post.models import Message
from strangers import Asked, check_bound
from verbs.history import Change
from verbs.models import verb

LATE = timedelta(minutes=1)  # an offer whose mail is sent later than this is held for its whole time from then on


class WaitlistEntry(Asked, Waiting):
    """A party of ``size`` people that wants places of one type together. ``least``: it would also take so many.

    Its offer is a registration in the state OFFERED, which it books by the same form as others. While places are gathered
    for it, they are rows of Place with ``entry``, until ``gathers_until``. Who gets what is decided in models/serving.py.
    """

    link_view = "events:waiting"
    LEGAL: ClassVar = {
        **Waiting.LEGAL,
        "gather": (WaitingState.WAITING,),
        "pass_on": (WaitingState.WAITING,),
        "take_fewer": (WaitingState.WAITING,),
        "bring_forward": (WaitingState.OFFERED,),
        "close": OPEN,
    }
    TRACKED: ClassVar = ("state", "least", "offered_until", "gathers_until", "passed_on_at")

    event = models.ForeignKey(Event, models.CASCADE, related_name="waitlist")
    type = models.ForeignKey(
        TicketType, models.CASCADE, related_name="waitlist", verbose_name=gettext_lazy("ticket type")
    )
    size = models.PositiveSmallIntegerField(gettext_lazy("people"), default=1)
    least = models.PositiveSmallIntegerField(gettext_lazy("at least"), default=1)
    contact = models.CharField(max_length=254, editable=False)  # its mail address, as it is compared
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    offer = models.OneToOneField(Registration, models.SET_NULL, null=True, related_name="waitlist_entry")
    offered_until = models.DateTimeField(null=True, editable=False)
    gathers_until = models.DateTimeField(null=True, editable=False)
    passed_on_at = models.DateTimeField(null=True, editable=False)  # when what was gathered for it went on, last

    objects = WaitlistQuerySet.as_manager()

    capacity: Capacity | None = None  # the places of the event under its lock, while a verb runs
    is_served = False  # by somebody who has the lock, and goes on serving

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["event", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "type", "contact"], condition=Q(state__in=OPEN), name="one_open_entry_of_a_contact"
            ),
            models.CheckConstraint(condition=Q(least__gte=1) & Q(least__lte=models.F("size")), name="least_of_size"),
        ]
        verbose_name = gettext_lazy("party on the waitlist")
        verbose_name_plural = gettext_lazy("waitlist of events")

    # What the verbs need

    def under(self, capacity: Capacity) -> Self:
        """Its next verb runs under this lock, and does not serve the waitlist: the caller does."""
        self.capacity, self.is_served = capacity, True
        return self

    def lock(self) -> None:
        """Lock the quotas of the event first, as its registrations do: an offer takes places."""
        if not self.is_served:
            self.capacity = Capacity.locked(self.event, timezone.now())
        rows = WaitlistEntry.objects.select_for_update(of=("self",), no_key=True)
        self.refresh_from_db(from_queryset=rows.select_related("event__hall__airport", "type", "offer"))

    def topics(self) -> list[str]:
        found = [topics.waiting(self.pk), topics.places(self.event_id), topics.guests(self.event_id)]
        return [*found, topics.registrations_of(self.user_id)] if self.user_id else found

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        if verb == "join":
            waitlist_mail.write(self, "joined")
        if verb == "lapse" and self.state == WaitingState.LAPSED:
            waitlist_mail.write(self, "lapsed")
        if not self.is_served and verb not in ("join", "settle"):
            self.event.serve_with(self.capacity)

    def check_may_join(self) -> None:
        """Raise Refused where nobody has to wait, or where this party should not. Called with the lock."""
        event, capacity = self.event, self.places_now
        if not event.has_waitlist or self.type.is_hidden or self.type_id not in offers_end_at(event, capacity.now):
            raise Closed(_("This event has no waitlist for these tickets now."))
        if not 1 <= self.least <= self.size <= event.most_places:
            raise Unfit(_("One registration has at most %(most)s places.") % {"most": event.most_places})
        if capacity.public_left(self.type_id) >= self.size:
            raise RoomLeft(_("There are places for you: you need not wait."))
        if self.asked_from:
            here = event.waitlist.open().filter(asked_from=self.asked_from)
            check_bound("event_waitlist", here.count(), settings.WISHES_PER_ADDRESS, TOO_MANY)
        if same := self.same_contact():  # last: no other refusal may tell a stranger whether this address waits
            raise Known(str(WAITS_ALREADY), same)

    def same_contact(self) -> Any:
        """The open entry of this mail address for the same tickets; None for none."""
        return self.event.waitlist.open().filter(type=self.type, contact=self.contact).first()

    def remind(self) -> None:
        """Its address was sent to the form again: who has the mailbox learns that it waits, and nobody else."""
        waitlist_mail.write(self, "known")

    @property
    def places_now(self) -> Capacity:
        if self.capacity is None:
            raise RuntimeError("places are given under the lock of their event")
        return self.capacity

    # Verbs, beside those of bookings.waitlist

    @verb
    def gather(self, count: int, until: datetime) -> None:
        """Keep ``count`` places in all for it, until this moment."""
        self.gathers_until = until
        wanted = {self.type_id: count - self.places.count()}
        self.places_now.take(wanted, Use.GATHERED, entry=self)

    @verb
    def pass_on(self) -> None:
        """What was gathered for it was not enough in time, and goes on. It keeps its position."""
        count = self.free_gathered()
        self.passed_on_at = self.places_now.now
        waitlist_mail.write(self, "passed_on", count=count)

    @verb
    def bring_forward(self, until: datetime) -> None:
        """Its offer ends earlier: the event was moved, or its sale ends sooner."""
        self.offered_until = self.offer.expires_at = until
        self.offer.save(update_fields=["expires_at"])
        self.places_now.put(self.offer.places.all(), Use.OFFERED, until)
        waitlist_mail.write(self, "offered", count=self.offer.live_tickets.count())

    @verb
    def take_fewer(self, least: int) -> None:
        """It would also take so many."""
        if not 1 <= least <= self.size:
            raise Unfit(_("Choose from 1 to %(size)s places.") % {"size": self.size})
        self.least = least

    @verb
    def close(self) -> None:
        """The event is cancelled, or its sale is over."""
        self.withdraw_offer()
        self.release_offer()
        self.state = WaitingState.LAPSED
        waitlist_mail.write(self, "closed")

    # What bookings.waitlist asks for

    def hold(self, found: Decision) -> Registration:
        capacity = self.places_now
        self.free_gathered()
        self.offered_until = found.until
        offer = Registration(
            event=self.event,
            state=State.OFFERED,
            expires_at=found.until,
            currency=self.event.currency,
            name=self.name,
            email=self.email,
            phone=self.phone,
            user=self.user,
            language=self.language,
            revision=1,
        )
        offer.asked_from, offer.asked_by = self.asked_from, self.asked_by
        offer.save()
        offer.take(capacity, {self.type_id: found.count}, {self.type_id: self.type}, Use.OFFERED)
        return offer.begin("offer")

    def is_offer_open(self, now: datetime) -> bool:
        return self.offer is not None and self.offer.state == State.OFFERED and not self.offer.is_expired(now)

    def was_given_back(self) -> bool:
        """Whether the party gave its offer back itself, on the page of the form."""
        offer, until = self.offer, self.offered_until
        is_released = offer is not None and offer.state == State.RELEASED
        return is_released and until is not None and offer.ended_at is not None and offer.ended_at < until

    def book_offer(self) -> None:
        self.offer.book(self.name, self.email, self.phone, self.user)

    def release_offer(self) -> None:
        """Free what is offered to it or gathered for it."""
        self.free_gathered()
        if self.offer is not None and self.offer.state == State.OFFERED:
            self.offer.make_way(self.places_now)
            publish(*self.offer.topics())

    def free_gathered(self) -> int:
        """Returns how many places were gathered for it."""
        places = list(self.places.all())
        self.places_now.let_go(places)
        self.gathers_until = None
        return len(places)

    def withdraw_offer(self) -> bool:
        """Only the mail of its offer: that it waits has been written before."""
        if self.offer is None:
            return False
        return bool(Message.objects.about(self).filter(made_at__gte=self.offer.made_at).withdraw())

    def notify_offer(self) -> None:
        waitlist_mail.write(self, "offered", count=self.offer.tickets.count())

    def prolong_offer(self) -> None:
        """Its mail has just been sent: it is held for its whole time from now, but never past the end of the sale."""
        with transaction.atomic():
            self.lock()
            now, event = self.places_now.now, self.event
            whole = now + timedelta(minutes=event.offer_minutes)
            until = min(whole, offers_end_at(event, now).get(self.type_id, now))
            if self.is_offer_open(now) and self.offer.expires_at < until - LATE:
                self.offered_until = self.offer.expires_at = until
                self.offer.save(update_fields=["expires_at"])
                self.save(update_fields=["offered_until"])
                self.places_now.put(self.offer.places.all(), Use.OFFERED, until)
                publish(*self.topics(), *self.offer.topics())


class WaitlistEntryChange(Change):
    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["entry", "revision"])]
