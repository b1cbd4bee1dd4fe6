"""Whether the ledger of an event equals the rows behind it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

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
            words = {"quota": quota, "taken": quota.taken, "rows": rows[quota.pk]}
            found.append(_("quota %(quota)s: %(taken)s taken are written down, %(rows)s rows are there") % words)
    for row in capacity.ledger():
        used = sum(row.uses.values())
        if row.quota.size != row.free + used:
            words = {"quota": row.quota, "used": used, "free": row.free, "size": row.quota.size}
            found.append(_("quota %(quota)s: %(used)s used and %(free)s free are not %(size)s") % words)
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
    words = {
        "registration": registration,
        "tickets": registration.ticket_count,
        "places": registration.place_count,
    }
    if registration.state not in LIVE:
        yield _("registration %(registration)s: it has ended, and has %(places)s places") % words
        return
    if registration.ticket_count != registration.place_count:
        yield _("registration %(registration)s: %(tickets)s tickets, %(places)s places") % words
    if registration.used != registration.place_count:
        words["use"] = USE_OF[State(registration.state)].label
        yield _("registration %(registration)s: not all of its places are “%(use)s”") % words


def wrong_vouchers(event: Any) -> list[str]:
    vouchers = Voucher.objects.filter(event=event).annotate(
        used=Count("registrations__places", distinct=True), kept=Count("places", distinct=True)
    )
    found = []
    for voucher in vouchers:
        if voucher.uses != voucher.used:
            words = {"voucher": voucher, "uses": voucher.uses, "places": voucher.used}
            found.append(_("voucher %(voucher)s: %(uses)s uses are written down, %(places)s places are there") % words)
        if voucher.reserves and voucher.is_valid() and voucher.kept > voucher.most:
            words = {"voucher": voucher, "most": voucher.most}
            found.append(_("voucher %(voucher)s: more places are reserved than %(most)s") % words)
    return found
