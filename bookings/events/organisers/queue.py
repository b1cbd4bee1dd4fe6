"""The waitlist as its organisers see it: in its order, with what each party has, and why it is passed over."""

from datetime import datetime
from typing import Any, NamedTuple

from bookings.events.models import Capacity, Event
from bookings.events.models.serving import Decision
from bookings.events.waiters.shown import why_words
from bookings.waitlist import WaitingState
from clocks import clock, recent


class Waiter(NamedTuple):
    pk: int
    name: str
    size: int
    least: int
    type: str
    joined: str
    contact: str
    offered_until: str  # "" without an offer
    gathered: int
    gathers_until: str
    why: str


def parties(event: Event, now: datetime) -> list[Waiter]:
    """Everybody who waits or has an offer, first come first."""
    decisions: dict[int, Decision] = {
        decision.party.key: decision for decision in Capacity.read(event, now).after_waitlist.decisions()
    }
    entries = event.waitlist.filter(state__in=(WaitingState.WAITING, WaitingState.OFFERED))
    rows = entries.select_related("type", "offer", "event__hall__airport").order_by("made_at", "pk")
    return [waiter(entry, decisions.get(entry.pk), now) for entry in rows]


def waiter(entry: Any, decision: Decision | None, now: datetime) -> Waiter:
    tz = entry.event.tz
    gathered = decision.party.gathered if decision else 0
    return Waiter(
        entry.pk,
        entry.name,
        entry.size,
        entry.least,
        str(entry.type),
        recent(entry.made_at, tz),
        " ".join(filter(None, (entry.email, entry.phone))),
        clock(entry.offer.expires_at, tz) if entry.is_offer_open(now) else "",
        gathered,
        clock(entry.gathers_until, tz) if gathered else "",
        why_words(entry, decision) if decision else "",
    )
