"""Waitlists: parties wait for something that is full, and get timed offers in the order in which they came.

An app says what its parties wait for, what fits whom, and how an offer is held. The states and the verbs are the same
everywhere, and so is the serving (bookings.offers)::

    class WaitlistQuerySet(WaitingQuerySet): def queues(self, restaurant, now): yield self.filter(day=day), look
    class WaitlistEntry(Waiting): restaurant = ForeignKey(Restaurant, related_name="waitlist"); def hold(self, found): …
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages import current_language
from links.models import Linked, LinkedQuerySet
from live.outbox import publish
from once import Once, OnceQuerySet
from post.models import Message
from verbs.models import Tracked, verb
from verbs.refusals import IllegalMove, Refused

E = TypeVar("E", bound="Waiting")

Match = Callable[[Any], Any]  # from an entry to what can be held for it now, None if nothing that is free fits it
Look = Callable[[], Match]  # reads what is free now


class WaitingState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    OFFERED = "offered", gettext_lazy("Offered")
    BOOKED = "booked", gettext_lazy("Booked")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    LEFT = "left", gettext_lazy("Left")


OPEN = (WaitingState.WAITING, WaitingState.OFFERED)  # the states in which a party still waits


class WaitingQuerySet(OnceQuerySet[E], LinkedQuerySet[E]):
    def waiting(self) -> Self:
        """Those without an offer, first come first."""
        return self.filter(state=WaitingState.WAITING).order_by("made_at", "pk")

    def offered(self) -> Self:
        """Those with an offer that has not been taken yet, first come first."""
        return self.filter(state=WaitingState.OFFERED).order_by("made_at", "pk")

    def queues(self, owner: Any, now: datetime) -> Iterable[tuple[Self, Look]]:
        """The entries that wait for the same things, as a queryset for each queue, with what reads what is free for it."""
        raise NotImplementedError


class Waiting(Once, Linked, Tracked):
    """A party on a waitlist.

    A subclass has a key to its WaitlistOwner with ``related_name="waitlist"``; ``offer``, a key to what is held for the
    party; and a ``lock()`` that locks the owner first. It says ``hold``, ``is_offer_open``, ``book_offer``,
    ``release_offer`` and ``notify_offer``, and marks the owner's waitlist due after the verbs of FREEING.
    """

    State = WaitingState
    LEGAL: ClassVar = {
        "make_offer": (WaitingState.WAITING,),
        "settle": (WaitingState.OFFERED,),
        "supersede": (WaitingState.WAITING, WaitingState.OFFERED),
        "lapse": (WaitingState.OFFERED,),
        "leave": (WaitingState.WAITING, WaitingState.OFFERED),
    }
    TRACKED: ClassVar = ("state",)
    FREEING: ClassVar = ("join", "leave", "lapse", "supersede")  # after these the waitlist is served

    name = models.CharField(gettext_lazy("name"), max_length=80)
    email = models.EmailField(gettext_lazy("e-mail"))
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this party
    state = models.CharField(gettext_lazy("state"), max_length=8, choices=WaitingState, default=WaitingState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)

    offer: Any  # a key to what is held; None before the first offer

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @verb
    def make_offer(self, found: Any) -> None:
        """Hold what was found for this party, and write to it."""
        self.offer = self.hold(found)
        self.state = WaitingState.OFFERED
        self.notify_offer()

    def claim(self) -> Any:
        """Book the offer, and return it. Claimed twice, it is the same booking. Raises IllegalMove if it has expired."""
        with transaction.atomic():
            self.lock()
            if self.offer is None or self.state not in (WaitingState.OFFERED, WaitingState.BOOKED):
                raise IllegalMove(_("This offer has expired."))
            if self.state == WaitingState.OFFERED:
                self.book_offer()
                self.refresh_from_db()
        return self.offer

    @verb
    def settle(self) -> None:
        """The party has booked what it was offered. Whatever books an offer calls this."""
        self.withdraw_offer()
        self.state = WaitingState.BOOKED

    @verb
    def supersede(self) -> None:
        """The party has booked something else: it waits no longer, and what it was offered goes to the next one."""
        self.withdraw_offer()
        self.release_offer()
        self.offer, self.state = None, WaitingState.BOOKED

    @verb
    def lapse(self) -> None:
        """The party did not answer in time: the offer goes to the next one, and this party gets no other.

        A party that could not be told of its offer waits on.
        """
        self.release_offer()
        self.state = WaitingState.WAITING if self.withdraw_offer() else WaitingState.LAPSED

    @verb
    def leave(self) -> None:
        """The party waits no longer. If it has an offer, the offer goes to the next one."""
        self.withdraw_offer()
        self.release_offer()
        self.state = WaitingState.LEFT

    def refusal(self, verb: str, state: str) -> str:
        if verb == "leave":
            return _("%(name)s is not on the waitlist any more.") % {"name": self.display_name}
        return super().refusal(verb, state)

    # What a subclass says

    def hold(self, found: Any) -> Any:
        """Hold what the Match found, as a saved row that expires by itself. May raise Refused."""
        raise NotImplementedError

    def is_offer_open(self, now: datetime) -> bool:
        """Whether what was offered is still held for the party."""
        raise NotImplementedError

    def book_offer(self) -> None:
        """Book what is held, which calls ``settle``."""
        raise NotImplementedError

    def release_offer(self) -> None:
        """Free what is held for the party, if anything is."""
        raise NotImplementedError

    def notify_offer(self) -> None:
        """Write to the party, in the transaction that makes the offer."""
        raise NotImplementedError

    def withdraw_offer(self) -> bool:
        """Take back a message about the offer that could not be sent yet. Returns whether there was one."""
        return bool(Message.objects.about(self).withdraw())

    def message_changed(self, message: Message) -> None:
        """An offer lasts from when the mail server has taken its message; a refused address is passed over at once."""
        if message.state == Message.State.SENT:
            self.prolong_offer()
        elif message.state != Message.State.WAITING:
            with suppress(Refused):  # the party has just claimed it, or left
                self.lapse()
        publish(*self.topics())  # staff see what was not delivered

    def prolong_offer(self) -> None:
        """Hold the offer for its whole time from now, if it is still held."""
        raise NotImplementedError
