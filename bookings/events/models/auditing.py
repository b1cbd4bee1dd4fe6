"""Whether the ledger of an event equals the rows behind it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone

from bookings.events.models.capacity import Capacity
from bookings.events.models.places import Place
from bookings.events.models.registrations import Registration
from bookings.events.models.states import LIVE, USE_OF, State
from bookings.events.models.vouchers import Voucher


def audit(event: Any) -> list[str]:
    """What does not add up, a sentence each; none where all is well. The database counts: a handful of queries, whatever is sold."""
    capacity = Capacity.read(event, timezone.now())
    return [*wrong_quotas(event, capacity), *wrong_registrations(event), *wrong_vouchers(event)]


def wrong_quotas(event: Any, capacity: Capacity) -> list[str]:
    """Each place counts against the quotas of its type; the size is all uses and what is free."""
    rows: Counter[int] = Counter()
    for quota, count in (
        Place.objects.filter(event=event, type__quotas__isnull=False)
        .values_list("type__quotas")
        .annotate(models.Count("pk"))
    ):
        rows[quota] += count
    found = []
    for quota in capacity.quotas.values():
        if quota.taken != rows[quota.pk]:
            found.append(f"quota {quota}: {quota.taken} taken are written down, {rows[quota.pk]} rows are there")
    for row in capacity.ledger():
        if row.quota.size != row.free + sum(row.uses.values()):
            found.append(f"quota {row.quota}: {row.uses} and {row.free} free are not {row.quota.size}")
    return found


def wrong_registrations(event: Any) -> list[str]:
    """A live registration has a place for each of its tickets, in the use that its state says; an ended one has none. The
    database counts: only registrations that have or need a place are read."""
    now = timezone.now()
    places, tickets = Count("places", distinct=True), Count("tickets", Q(tickets__cancelled_at=None), distinct=True)
    in_use = Count("places", Q(places__use=expected_use()), distinct=True)
    counted = Registration.objects.filter(event=event).annotate(place_count=places, ticket_count=tickets, used=in_use)
    live = Q(state__in=LIVE)
    is_over = Q(expires_at__lte=now)  # its places are free, and its rows go when somebody takes the lock
    differs = ~Q(ticket_count=F("place_count")) | ~Q(used=F("place_count"))
    counts = Q(expires_at=None) | ~is_over
    wrong = counted.filter((~live & Q(place_count__gt=0)) | (live & counts & differs))
    return [sentence for registration in wrong.order_by("pk") for sentence in faults_of(registration)]


def expected_use() -> Case:
    """The use that the places of a registration have by its state."""
    return Case(*(When(state=state, then=Value(use)) for state, use in USE_OF.items()), default=Value(""))


def faults_of(registration: Any) -> Iterator[str]:
    if registration.state not in LIVE:
        yield f"registration {registration}: it has ended, and has {registration.place_count} places"
        return
    if registration.ticket_count != registration.place_count:
        yield f"registration {registration}: {registration.ticket_count} tickets, {registration.place_count} places"
    if registration.used != registration.place_count:
        use = USE_OF[State(registration.state)]
        yield f"registration {registration}: not all of its places are {use}"


def wrong_vouchers(event: Any) -> list[str]:
    vouchers = Voucher.objects.filter(event=event).annotate(
        used=Count("registrations__places", distinct=True), kept=Count("places", distinct=True)
    )
    found = []
    for voucher in vouchers:
        if voucher.uses != voucher.used:
            found.append(f"voucher {voucher}: {voucher.uses} uses are written down, {voucher.used} places are there")
        if voucher.reserves and voucher.is_valid() and voucher.kept > voucher.most:
            found.append(f"voucher {voucher}: more places are reserved than {voucher.most}")
    return found
