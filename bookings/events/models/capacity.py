"""How many places are free, and the only code that takes and frees them.

    with transaction.atomic():
        capacity = Capacity.locked(event, now)      # all quotas of the event, in the order of their keys
        capacity.check({adult.pk: 2, child.pk: 1})  # raises Full, which says what is left of each
        capacity.take({adult.pk: 2, child.pk: 1}, Use.HELD, expires_at=until, registration=registration)

    Capacity.read(event, now)                       # the same counts for a page, without a lock

Nothing is counted in advance: each time the rows of places are counted, and those whose time is over do not count. Under
the lock such rows are deleted first. Behind the count stands a ``CHECK`` of each quota.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.events import topics
from bookings.events.models.places import Place
from bookings.events.models.quotas import Quota, TicketType
from bookings.events.models.refusals import Full
from bookings.events.models.states import Left, Use
from bookings.events.models.vouchers import Voucher
from live.outbox import publish

Wanted = Mapping[int, int]  # places by the key of their ticket type


class Ledger(NamedTuple):
    """Where the places of a quota are: ``size == free + sum(uses.values())``. ``free`` is negative where it is overdrawn."""

    quota: Quota
    uses: dict[Use, int]
    free: int


class Capacity:
    """The places of one event at one moment. ``by_type``: places in use, by ticket type and use."""

    def __init__(self, event: Any, now: datetime, quotas: Sequence[Quota], is_locked: bool) -> None:
        self.event, self.now, self.is_locked = event, now, is_locked
        self.quotas = {quota.pk: quota for quota in quotas}
        self.quotas_of: dict[int, list[int]] = {}
        for type_, quota in TicketType.quotas.through.objects.filter(quota__event=event.pk).values_list(
            "tickettype", "quota"
        ):
            self.quotas_of.setdefault(type_, []).append(quota)
        self.by_type: dict[int, Counter[str]] = {}
        if not (is_locked and self.sweep()):
            self.read_uses()

    def read_uses(self) -> None:
        """Count the rows of places."""
        self.by_type = {}
        rows = Place.objects.filter(event=self.event.pk).counted(self.now).order_by()
        for type_, use, count in rows.values_list("type", "counts_as").annotate(models.Count("pk")):
            self.by_type.setdefault(type_, Counter())[use] = count

    @classmethod
    def locked(cls, event: Any, now: datetime) -> Self:
        """With all quotas of the event locked, in the order of their keys, until the transaction ends."""
        quotas = Quota.objects.select_for_update(no_key=True).filter(event=event.pk).order_by("pk")
        return cls(event, now, list(quotas), is_locked=True)

    @classmethod
    def read(cls, event: Any, now: datetime) -> Self:
        """Without a lock: for what is shown only."""
        return cls(event, now, list(Quota.objects.filter(event=event.pk).order_by("pk")), is_locked=False)

    @cached_property
    def freed(self) -> Counter[int]:
        """How much of each quota has become free under this lock, since the waitlist was served last."""
        return Counter()

    @cached_property
    def owed(self) -> Counter[int]:
        """How much of each quota is free, and belongs to parties that wait and are offered it in the next transaction."""
        return Counter()

    # What is free

    def uses(self, quota: int) -> Counter[str]:
        """How many places of a quota are in which use."""
        found: Counter[str] = Counter()
        for type_, uses in self.by_type.items():
            if quota in self.quotas_of.get(type_, ()):
                found.update(uses)
        return found

    def ledger(self) -> list[Ledger]:
        """A row for each quota, all uses in it."""
        rows = []
        for quota in self.quotas.values():
            uses = self.uses(quota.pk)
            rows.append(Ledger(quota, {use: uses[use] for use in Use}, quota.size - uses.total()))
        return rows

    def free(self, quota: int) -> int:
        """What is free of a quota, and not owed; negative where it is overdrawn."""
        return self.quotas[quota].size - self.uses(quota).total() - self.owed[quota]

    def available(self, type_: int) -> int:
        """How many places of a type are free: the least of its quotas; none without a quota. Never negative."""
        return max(0, min((self.free(quota) for quota in self.quotas_of.get(type_, ())), default=0))

    def public_left(self, type_: int) -> int:
        """How many places of a type anybody may take: what is free, but for what those who wait could be given now."""
        return min(self.available(type_), self.after_waitlist.left(type_))

    @cached_property
    def after_waitlist(self) -> Any:
        """What everybody who waits would be given now (models/serving.py). Read it once no more places are taken or freed."""
        return self.event.waitlist.simulate(self)

    def left(self, type_: int) -> Left:
        """Why there is a place of a type or none, by the quota that is used up: its least final use names the state."""
        if type_ not in self.quotas_of:
            return Left.CLOSED
        states = [self.left_of(quota) for quota in self.quotas_of[type_]]
        order = [Left.GONE, Left.UNPAID, Left.HELD, Left.KEPT, Left.FREE]
        left = min(states, key=order.index)
        return Left.KEPT if left == Left.FREE and not self.public_left(type_) else left

    def left_of(self, quota: int) -> Left:
        """Subtracts sold, then ordered, then held, then kept places from the size; the step that brings it to nothing names the state."""
        uses, size = self.uses(quota), self.quotas[quota].size
        gone = uses[Use.SOLD] + uses[Use.BLOCKED]
        ordered = uses[Use.UNPAID] + uses[Use.PENDING] + uses[Use.RESERVED]
        if size - gone <= 0:
            return Left.GONE
        if size - gone - ordered <= 0:
            return Left.UNPAID
        if size - gone - ordered - uses[Use.HELD] <= 0:
            return Left.HELD
        return Left.FREE if size - uses.total() > 0 else Left.KEPT

    def fits(self, wanted: Wanted) -> bool:
        """Whether all of it is free at once: for every quota, the sum of the types that count against it."""
        return all(type_ in self.quotas_of for type_, count in wanted.items() if count) and not self.short_quotas(
            wanted
        )

    def short_quotas(self, wanted: Wanted) -> list[Quota]:
        """The quotas of the wanted types that have too little. Others may be overdrawn: that concerns nobody here."""
        asked: Counter[int] = Counter()
        for type_, count in wanted.items():
            for quota in self.quotas_of.get(type_, ()):
                asked[quota] += count
        return [self.quotas[quota] for quota in sorted(asked) if asked[quota] > 0 and asked[quota] > self.free(quota)]

    def check(self, wanted: Wanted) -> None:
        """Raise Full, which names what ran out, where not all of it is free."""
        if self.fits(wanted):
            return
        left = {type_: self.available(type_) for type_, count in wanted.items() if count}
        names = dict(TicketType.objects.filter(pk__in=left).values_list("pk", "name"))
        gone = [names[type_] for type_, count in wanted.items() if count > left.get(type_, 0)]
        short = [quota.name for quota in self.short_quotas(wanted)]
        words = {"names": ", ".join(gone or short)}
        raise Full(_("Not enough places are left: %(names)s.") % words, left)

    # Taking and freeing: with the lock

    def take(self, wanted: Wanted, use: Use, expires_at: datetime | None = None, **owner: Any) -> list[Place]:
        """Write places; ``owner`` says whose they are. Raises Full where the ``CHECK`` stands in the way."""
        places = [
            Place(event_id=self.event.pk, type_id=type_, use=use, expires_at=expires_at, **owner)
            for type_, count in wanted.items()
            for _number in range(count)
        ]
        self.count(Counter({type_: count for type_, count in wanted.items() if count}))
        for type_, count in wanted.items():
            self.by_type.setdefault(type_, Counter())[use] += count
        return Place.objects.bulk_create(places)

    def put(self, places: Iterable[Place], use: Use, expires_at: datetime | None = None, **owner: Any) -> None:
        """Use places for something else: held ones are sold, reserved ones are held. ``owner``: whose they are from now on."""
        values = {"use": use, "expires_at": expires_at, **owner}
        keys = []
        for place in places:
            self.by_type[place.type_id][place.use] -= 1
            self.by_type[place.type_id][use] += 1
            keys.append(place.pk)
            for name, value in values.items():
                setattr(place, name, value)
        if keys:
            Place.objects.filter(pk__in=keys).update(**values)
            publish(topics.places(self.event.pk))

    def free_places(self, places: Iterable[Place]) -> None:
        """Free them; those of a voucher's reserve are reserved again. Freed twice, they are free once."""
        self.give_up([place.pk for place in places if place.pk])

    def let_go(self, places: Iterable[Place]) -> None:
        """Free what was gathered for a party. It goes to those who fit, or to all; it is not gathered again at once."""
        freed = Counter(self.freed)
        self.free_places(places)
        self.freed = freed

    def sweep(self) -> bool:
        """Free the places whose time is over, and give back the uses of vouchers that they were. Returns whether there were any."""
        expired = Place.objects.filter(event=self.event.pk).expired(self.now)
        keys = list(expired.values_list("pk", flat=True))
        self.give_up(keys)
        return bool(keys)

    def give_up(self, keys: Sequence[int]) -> None:
        """Delete these places, or reserve them again for their voucher; the uses of vouchers come back. Counts anew."""
        if not keys:
            return
        rows = Place.objects.filter(pk__in=keys, event=self.event.pk).select_related("voucher", "registration")
        places = list(rows.order_by("pk"))
        uses = Counter(place.registration.voucher_id for place in places if place.registration_id)
        for voucher, number in sorted((voucher, number) for voucher, number in uses.items() if voucher):
            Voucher.objects.filter(pk=voucher).update(uses=F("uses") - number)
        again = [place for place in places if place.is_reserved_again(self.now)]
        Place.objects.bulk_create(
            Place(
                event_id=place.event_id,
                type_id=place.type_id,
                use=Use.RESERVED,
                expires_at=place.voucher.valid_until,
                voucher=place.voucher,
            )
            for place in again
        )
        Place.objects.filter(pk__in=[place.pk for place in places]).delete()
        self.count(Counter(place.type_id for place in places if place not in again), sign=-1)
        self.read_uses()

    def count(self, types: Counter[int], sign: int = 1) -> None:
        """Write what is taken of each quota, in the order of their keys."""
        changes: Counter[int] = Counter()
        for type_, number in types.items():
            for quota in self.quotas_of.get(type_, ()):
                changes[quota] += number
        if sign < 0:
            self.freed.update(changes)
        if not self.is_locked:
            raise RuntimeError("places are taken and freed under the lock of their event")
        try:
            with transaction.atomic():
                for quota in sorted(changes):
                    rows, number = Quota.objects.filter(pk=quota), sign * changes[quota]
                    if number > 0:
                        rows.update(taken=F("taken") + number)
                    elif number < 0:
                        rows.update(taken=F("taken") + number, ceiling=Greatest(F("size"), F("taken") + number))
        except IntegrityError:
            raise Full(_("These places have just been taken."), dict.fromkeys(types, 0)) from None
        if changes:
            publish(topics.places(self.event.pk))

    def resize(self, quota: int, size: int) -> None:
        """Another size. Below what is used is allowed: nothing is sold then until enough is free."""
        self.freed[quota] += max(0, size - self.quotas[quota].size)
        self.quotas[quota].size = size
        Quota.objects.filter(pk=quota).update(size=size, ceiling=Greatest(size, F("taken")))
        publish(topics.places(self.event.pk))

    def recount(self) -> None:
        """Write ``taken`` and ``ceiling`` anew from the rows: after a type was moved to another quota, or a size changed."""
        for quota in self.quotas.values():
            taken = self.uses(quota.pk).total()
            Quota.objects.filter(pk=quota.pk).update(taken=taken, ceiling=max(quota.size, taken))
        publish(topics.places(self.event.pk))
