"""A registration: one party at one event, from the hold to the door."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events import topics
from bookings.events.models.capacity import Capacity
from bookings.events.models.events import Event
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Closed, IllegalMove
from bookings.events.models.registering import HOLD, RegistrationQuerySet
from bookings.events.models.states import LEGAL, LIVE, USE_OF, State, Use
from bookings.events.models.tickets import Ticket
from bookings.events.models.vouchers import Voucher
from bookings.holds import Holdable
from bookings.policies import Agreed
from checkout.models import Payment, Refund
from checkout.payable import Payable
from languages import current_language
from links.models import Linked
from money import Money
from once import Once
from references import Referenced
from strangers import Asked
from tracking.flights.models import Flight
from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused


class Registration(Payable, Holdable, Agreed, Asked, Referenced, Once, Linked, Tracked):
    """``expires_at``: until then its places are held, offered, or kept for the money. Amounts are minor units of ``currency``.

    ``entry``: the entry of the waitlist that it was offered to. ``places``: what it takes of the quotas; ``tickets``: its people.
    """

    LEGAL: ClassVar = LEGAL
    TRACKED: ClassVar = ("state", "total", "email", "phone", "expires_at", "link_version", "reason")
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

    def lock(self) -> None:
        """Lock the quotas of the event first, in the order of their keys: a verb may take or free places."""
        self.capacity = Capacity.locked(self.event, timezone.now())
        super().lock()

    def topics(self) -> list[str]:
        return [topics.registration(self.pk), topics.guests(self.event_id), topics.places(self.event_id)]

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        """What was freed goes to those who wait, in the same transaction."""
        if verb in FREEING:
            self.event.serve_with(self.capacity)

    def take(
        self, capacity: Capacity, wanted: Mapping[int, int], types: Mapping[int, TicketType], use: Use = Use.HELD
    ) -> None:
        """Take places and make the tickets. Raises Full. Where a voucher reserves places, those are used first."""
        reserved = list(self.voucher.places.all()[: sum(wanted.values())]) if self.voucher else []
        if reserved:
            capacity.put(reserved, use, self.expires_at, registration=self, voucher=None)
        rest = {type_: count - sum(place.type_id == type_ for place in reserved) for type_, count in wanted.items()}
        capacity.check(rest)
        places = [*reserved, *capacity.take(rest, use, self.expires_at, registration=self)]
        if self.voucher:
            Voucher.objects.filter(pk=self.voucher.pk).update(uses=F("uses") + len(places))
        tickets = []
        for position, place in enumerate(
            sorted(places, key=lambda place: (types[place.type_id].position, place.type_id))
        ):
            type_ = types[place.type_id]
            price = self.voucher.price_of(type_.price) if self.voucher else type_.price
            tickets.append(
                Ticket(
                    registration=self,
                    event_id=self.event_id,
                    type=type_,
                    place=place,
                    position=position,
                    price=price,
                    tax_rate=type_.tax_rate,
                )
            )
        Ticket.objects.bulk_create(tickets)
        self.total = sum(ticket.price for ticket in tickets)
        self.save(update_fields=["total"])

    def free_with(self, capacity: Capacity, state: State = State.RELEASED, verb: str = "release") -> None:
        """Free its places under a lock that somebody has: for a hold that makes way for another of the same browser."""
        self.free_places(capacity)
        self.state, self.expires_at, self.ended_at = state, None, capacity.now
        self.revision += 1
        self.save()

    def free_places(self, capacity: Capacity, tickets: Sequence[Ticket] | None = None) -> None:
        """Free the places of these tickets, or of all; uses of a voucher that were never confirmed come back."""
        places = list(self.places.all()) if tickets is None else [ticket.place for ticket in tickets if ticket.place]
        if self.voucher_id and places:
            Voucher.objects.filter(pk=self.voucher_id).update(uses=F("uses") - len(places))
        capacity.free_places(places)

    def put_places(self) -> None:
        """Its places follow its state and its deadline."""
        self.capacity.put(self.places.all(), USE_OF[State(self.state)], self.expires_at)

    # Verbs of attendees

    @verb
    def extend(self) -> None:
        """Hold it for its whole time once more. Once."""
        if self.was_extended:
            raise IllegalMove(_("These places were held longer once already."))
        self.check_in_time()
        self.expires_at, self.was_extended = timezone.now() + HOLD, True
        self.put_places()

    @verb
    def release(self) -> None:
        self.free_places(self.capacity)
        self.state, self.expires_at, self.ended_at = State.RELEASED, None, timezone.now()

    @verb
    def book(self, name: str, email: str, phone: str = "", user: Any = None) -> None:
        """The form is sent: it waits for approval, or for money, or is confirmed."""
        self.check_in_time()
        now = timezone.now()
        self.name, self.email, self.phone, self.user, self.booked_at = name, email, phone, user or self.user, now
        self.agree(self.event.policy, cancel_until=self.event.cancel_until)
        self.settle_entry()
        if any(ticket.type.needs_approval for ticket in self.tickets.select_related("type")):
            self.state, self.expires_at = State.PENDING, None
        else:
            self.ask_for_money(now)
        self.put_places()

    @verb
    def confirm(self) -> None:
        """The money has come."""
        self.check_in_time()
        self.state, self.expires_at, self.confirmed_at = State.CONFIRMED, None, timezone.now()
        self.put_places()

    @verb
    def cancel(self) -> None:
        """By the attendee: the places are free at once, and what was paid goes back."""
        if not self.is_cancellable():
            raise Closed(_("It is too late to cancel this registration."))
        self.end(State.CANCELLED, _("Cancelled by you"))

    # Verbs of organisers and of the clock

    @verb
    def approve(self) -> None:
        self.ask_for_money(timezone.now())
        self.put_places()

    @verb
    def decline(self, reason: str = "") -> None:
        self.end(State.DECLINED, reason)

    @verb
    def call_off(self, reason: str = "") -> None:
        self.end(State.CANCELLED, reason)

    @verb
    def lapse(self) -> None:
        """It was not paid in time."""
        if self.expires_at and self.expires_at > timezone.now():
            raise IllegalMove(_("There is still time to pay."))
        self.end(State.LAPSED, _("Not paid in time"))

    # What verbs do

    def ask_for_money(self, now: datetime) -> None:
        """Unpaid with a deadline, or confirmed where it costs nothing."""
        if self.total:
            self.state = State.UNPAID
            self.expires_at = max(now, min(now + timedelta(minutes=self.event.pay_minutes), self.event.sale_ends_at))
        else:
            self.state, self.expires_at, self.confirmed_at = State.CONFIRMED, None, now

    def check_in_time(self) -> None:
        """Raise IllegalMove where its time is over: the places may be somebody else's."""
        if self.is_expired():
            raise IllegalMove(_("The time for these places is over, and they are free again."))

    def end(self, state: State, reason: str) -> None:
        self.free_places(self.capacity)
        self.tickets.filter(cancelled_at=None).update(cancelled_at=timezone.now())
        self.give_back(reason)
        self.state, self.reason, self.expires_at, self.ended_at = state, reason, None, timezone.now()

    def give_back(self, reason: str, tickets: Sequence[Ticket] | None = None) -> None:
        """Give back what these tickets cost and was not given back yet, where it was paid here."""
        if not Payment.objects.came_for(self):
            return
        rows = list(self.tickets.all()) if tickets is None else tickets
        amount = sum(ticket.price - ticket.given_back for ticket in rows)
        if amount:
            Ticket.objects.filter(pk__in=[ticket.pk for ticket in rows]).update(given_back=F("price"))
            Refund.objects.give_back(self, Money(amount, self.currency), reason)

    def settle_entry(self) -> None:
        """The waitlist's entry that it was offered to has its places."""
        entry = getattr(self, "waitlist_entry", None)
        if entry is not None:
            entry.settle()

    # What checkout asks

    @property
    def price(self) -> Money:
        return Money(self.total, self.currency)

    def amount_due(self) -> Money:
        return Money(self.total if self.state == State.UNPAID else 0, self.currency)

    def payable_until(self) -> datetime | None:
        return self.expires_at if self.state == State.UNPAID else None

    def payment_title(self) -> str:
        return _("%(event)s, registration %(reference)s") % {"event": self.event.title, "reference": self.reference}

    def payment_url(self) -> str:
        return self.get_absolute_url()

    def paid(self, payment: Any) -> None:
        """It is confirmed. Raises Refused where it can't be any more: the money goes back."""
        if payment.amount != self.total:
            raise Refused(_("The price of this registration is another one now."))
        self.confirm()

    @property
    def is_live(self) -> bool:
        return self.state in LIVE and not self.is_expired()


FREEING = (
    "release",
    "cancel",
    "call_off",
    "decline",
    "lapse",
    "cancel_ticket",
    "swap",
)  # after these the waitlist is served


class RegistrationChange(Change):
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["registration", "revision"])]
