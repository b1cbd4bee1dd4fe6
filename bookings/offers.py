"""Serving waitlists: when a waitlist must be served, and who gets the next offer.

    class Restaurant(WaitlistOwner): def lock(self): …  def next_expiry(self, now): …

    restaurant.serve_waitlist_at(timezone.now())    # in the verbs that free something, in their transaction
    serve_due(Restaurant.objects.all())             # in a periodic job, every second

Nobody jumps the queue: under the lock of the owner, an offer goes to the first entry that anything free fits. Each offer
is a transaction of its own. However many processes serve one waitlist at once, each thing is offered to one party.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from bookings.waitlist import E, Look, WaitingQuerySet
from verbs.refusals import Refused

log = logging.getLogger("airside.waitlist")

AGAIN = timedelta(minutes=1)  # after which a waitlist is served again if the process that served it was killed


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
