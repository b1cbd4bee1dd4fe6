"""Waitlists: parties wait for something that is full, and get timed offers in the order in which they came.

A subclass says what it waits for and how an offer is held; the states and the verbs are the same everywhere::

    class WaitlistEntry(Waiting): offer = models.OneToOneField(Reservation, …); def hold(self, found, now): …
    serve(WaitlistEntry.objects.filter(restaurant=restaurant), match)     # match(entry, fresh) -> what to hold, or None

Nobody jumps the queue: an entry is passed over only if nothing that is free fits it. Each offer is a transaction of its
own, made under the lock that the subclass takes, after ``match`` has looked again. However many processes serve one list
at once, each thing is offered to one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from once import Once, OnceQuerySet
from verbs.models import Tracked, verb
from verbs.refusals import Refused

E = TypeVar("E", bound="Waiting")

# Reads what is free and returns what to hold for an entry, None if nothing fits. ``fresh`` asks it to read again.
Match = Callable[[Any, bool], Any]


class NothingFree(Refused):
    """Somebody else has taken what was about to be offered."""


def current_language() -> str:
    """The language of the request, or the site's own outside of one."""
    return get_language() or settings.LANGUAGE_CODE


class WaitingState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    OFFERED = "offered", gettext_lazy("Offered")
    BOOKED = "booked", gettext_lazy("Booked")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    LEFT = "left", gettext_lazy("Left")


class WaitingQuerySet(OnceQuerySet[E]):
    def waiting(self) -> Self:
        """Those without an offer, first come first."""
        return self.filter(state=WaitingState.WAITING).order_by("made_at", "pk")

    def offered(self) -> Self:
        return self.filter(state=WaitingState.OFFERED).order_by("made_at", "pk")


class Waiting(Once, Tracked):
    """A party on a waitlist.

    Subclasses have ``offer``, a key to what is held for them (with a ``lock()`` that covers it), and say ``hold``,
    ``is_offer_open``, ``release_offer`` and ``notify_offer``.
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
    def make_offer(self, match: Match) -> None:
        """Hold what fits for this party. Raises NothingFree if that has gone since the caller looked."""
        found = match(self, True)
        if found is None:
            raise NothingFree(_("There is nothing to offer any more."))
        self.offer = self.hold(found, timezone.now())
        self.state = WaitingState.OFFERED
        self.notify_offer()

    @verb
    def settle(self) -> None:
        """The party has booked what it was offered."""
        self.state = WaitingState.BOOKED

    @verb
    def lapse(self) -> None:
        """The party did not answer in time: the offer goes to the next one."""
        self.release_offer()
        self.state = WaitingState.LAPSED

    @verb
    def leave(self) -> None:
        self.release_offer()
        self.state = WaitingState.LEFT

    def refusal(self, verb: str, state: str) -> str:
        if verb == "leave":
            return _("You are not on the waitlist any more.")
        return super().refusal(verb, state)

    # What a subclass says

    def hold(self, found: Any, now: datetime) -> Any:
        """Hold what ``match`` found, as a saved row that expires by itself."""
        raise NotImplementedError

    def is_offer_open(self, now: datetime) -> bool:
        """Whether what was offered is still held for it."""
        raise NotImplementedError

    def release_offer(self) -> None:
        """Free what is held for it, if anything is."""
        raise NotImplementedError

    def notify_offer(self) -> None:
        """Write to the party, inside the transaction."""
        raise NotImplementedError


def serve(entries: "WaitingQuerySet[E]", match: Match, now: datetime | None = None) -> int:
    """Let offers lapse that were not taken in time, then make those that are possible. Returns how many were made."""
    now = now or timezone.now()
    for entry in entries.offered():
        if not entry.is_offer_open(now):
            attempt(entry.lapse)
    return sum(attempt(entry.make_offer, match) for entry in entries.waiting() if match(entry, False) is not None)


def attempt(move: Callable[..., Any], *args: Any) -> bool:
    """Whether it was done; False if another process was faster."""
    try:
        move(*args)
    except Refused:
        return False
    return True
