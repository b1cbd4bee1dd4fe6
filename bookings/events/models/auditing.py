"""Whether the ledger of an event equals the rows behind it."""

from collections import Counter
from typing import Any

from django.db import models
from django.utils import timezone

from bookings.events.models.capacity import Capacity
from bookings.events.models.places import Place
from bookings.events.models.registrations import Registration
from bookings.events.models.states import LIVE, USE_OF, State, Use
from bookings.events.models.vouchers import Voucher


def audit(event: Any) -> list[str]:
    """What does not add up, a sentence each; none where all is well. Reads all rows of places, so it is for a command."""
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
    """A live registration has a place for each of its tickets, in the use that its state says; an ended one has none."""
    found = []
    now = timezone.now()
    for registration in Registration.objects.filter(event=event).prefetch_related("places", "tickets"):
        places = list(registration.places.all())
        if registration.state not in LIVE:
            if places:
                found.append(f"registration {registration}: it has ended, and has {len(places)} places")
            continue
        if registration.is_expired(now):
            continue  # its places are free, and its rows go when somebody takes the lock
        tickets = [ticket for ticket in registration.tickets.all() if not ticket.is_cancelled]
        if len(tickets) != len(places):
            found.append(f"registration {registration}: {len(tickets)} tickets, {len(places)} places")
        use = USE_OF[State(registration.state)]
        if any(place.use != use for place in places):
            found.append(f"registration {registration}: not all of its places are {use}")
    return found


def wrong_vouchers(event: Any) -> list[str]:
    found = []
    for voucher in Voucher.objects.filter(event=event):
        used = Place.objects.filter(registration__voucher=voucher).count()
        if voucher.uses != used:
            found.append(f"voucher {voucher}: {voucher.uses} uses are written down, {used} places are there")
        reserved = voucher.places.filter(use=Use.RESERVED).count()
        if (
            voucher.reserves
            and voucher.is_valid()
            and reserved + voucher.places.exclude(use=Use.RESERVED).count() > voucher.most
        ):
            found.append(f"voucher {voucher}: more places are reserved than {voucher.most}")
    return found
