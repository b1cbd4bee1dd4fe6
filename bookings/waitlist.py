"""Waitlists: parties wait for something that is full, and get timed offers in the order in which they came.

An app says what its parties wait for, what fits whom, and how an offer is held. The states, the verbs and the serving
are the same everywhere::

    class Restaurant(WaitlistOwner): def lock(self): …  def next_expiry(self, now): …
    class WaitlistQuerySet(WaitingQuerySet): def queues(self, restaurant, now): yield self.filter(day=day), look
    class WaitlistEntry(Waiting): restaurant = ForeignKey(Restaurant, related_name="waitlist"); def hold(self, found): …

    restaurant.serve_waitlist_at(timezone.now())    # in the verbs that free something, in their transaction
    serve_due(Restaurant.objects.all())             # in a periodic job, every second

Nobody jumps the queue: under the lock of the owner, an offer goes to the first entry that anything free fits. Each offer
is a transaction of its own. However many processes serve one waitlist at once, each thing is offered to one party.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from links.models import Linked, LinkedQuerySet
from once import Once, OnceQuerySet
from post.models import Message
from verbs.models import Tracked, verb
from verbs.refusals import IllegalMove, Refused

log = logging.getLogger("airside.waitlist")

E = TypeVar("E", bound="Waiting")

AGAIN = timedelta(minutes=1)  # after which a waitlist is served again if the process that served it was killed

Match = Callable[[Any], Any]  # from an entry to what can be held for it now, None if nothing that is free fits it
Look = Callable[[], Match]  # reads what is free now


def current_language() -> str:
    """The language of the request, or the site's own outside of one."""
    return get_language() or settings.LANGUAGE_CODE


# Entries


class WaitingState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    OFFERED = "offered", gettext_lazy("Offered")
    BOOKED = "booked", gettext_lazy("Booked")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    LEFT = "left", gettext_lazy("Left")


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
    ``release_offer`` and ``notify_offer``, and marks the owner's waitlist due after "join", "lapse" and "leave".
    """

    State = WaitingState
    LEGAL: ClassVar = {
        "make_offer": (WaitingState.WAITING,),
        "settle": (WaitingState.OFFERED,),
        "lapse": (WaitingState.OFFERED,),
        "leave": (WaitingState.WAITING, WaitingState.OFFERED),
    }
    TRACKED: ClassVar = ("state",)

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
            return _("You are not on the waitlist any more.")
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

    def prolong_offer(self) -> None:
        """Hold the offer for its whole time from now, if it is still held."""
        raise NotImplementedError


# Serving


class WaitlistOwner(models.Model):
    """What parties wait for, such as a restaurant. It knows when its waitlist must be served.

    A subclass says ``lock`` and ``next_expiry``; its entries are reached as ``waitlist``.
    """

    waitlist_due_at = models.DateTimeField(null=True, editable=False, db_index=True)

    waitlist: Any  # the manager of its entries

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Keep all that can be offered as it is until the transaction ends."""
        raise NotImplementedError

    def next_expiry(self, now: datetime) -> datetime | None:
        """When time alone will free something next, such as a hold that expires; None if nothing is held."""
        raise NotImplementedError

    def serve_waitlist_at(self, moment: datetime) -> None:
        """Have the waitlist served at this moment, or earlier if it is due earlier.

        Called in a transaction that has the lock: without it, a process that serves just now could miss the change.
        """
        later = Q(waitlist_due_at=None) | Q(waitlist_due_at__gt=moment)
        self.this_row().filter(later).update(waitlist_due_at=moment)

    def serve_waitlist(self, now: datetime) -> int:
        """Serve it, unless another process does. Returns how many offers were made.

        Until it is done it is due again in AGAIN; afterwards when the next hold expires. What is marked due meanwhile
        stays due.
        """
        again = now + AGAIN
        with transaction.atomic():
            self.lock()
            is_mine = self.this_row().filter(waitlist_due_at__lte=now).update(waitlist_due_at=again)
        if not is_mine:
            return 0
        made = sum(serve(self, entries, look, now) for entries, look in self.waitlist.queues(self, now))
        with transaction.atomic():
            self.lock()
            self.this_row().filter(waitlist_due_at=again).update(waitlist_due_at=self.next_expiry(now))
        return made

    def this_row(self) -> models.QuerySet[Self]:
        return type(self)._base_manager.filter(pk=self.pk)


class Found(NamedTuple):
    entry: Any
    thing: Any


def serve_due(owners: models.QuerySet[Any], now: datetime | None = None) -> int:
    """Serve the waitlists that are due. Returns how many offers were made."""
    now = now or timezone.now()
    return sum(owner.serve_waitlist(now) for owner in owners.filter(waitlist_due_at__lte=now))


def serve(owner: WaitlistOwner, entries: "WaitingQuerySet[E]", look: Look, now: datetime) -> int:
    """Serve one queue: let offers lapse that were not taken in time, then offer what is free to the first that it fits.

    Returns how many offers were made. The lock is taken only if there seems to be something to offer.
    """
    for entry in entries.offered():
        if not entry.is_offer_open(now):
            with suppress(Refused):  # another process was faster, or the party has just claimed it
                entry.lapse()
    made, waiting = 0, entries.waiting()
    while first_fitting(waiting, look):
        with transaction.atomic():
            owner.lock()
            found = first_fitting(waiting, look)  # things may have changed before we had the lock
            if found is None:
                break
            try:
                found.entry.make_offer(found.thing)
                made += 1
            except Refused as refusal:
                log.warning("passed over %s %s: %s", found.entry._meta.label, found.entry.pk, refusal)
                waiting = waiting.exclude(pk=found.entry.pk)
    return made


def first_fitting(waiting: "WaitingQuerySet[E]", look: Look) -> Found | None:
    """The first of the waiting entries that something free fits, and what; None if there is none."""
    match = look()
    everyone = (Found(entry, match(entry)) for entry in waiting.all())  # all(): read again, whatever was read before
    return next((found for found in everyone if found.thing is not None), None)
