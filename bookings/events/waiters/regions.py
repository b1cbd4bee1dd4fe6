"""A party on the waitlist of an event: where it is in line, what is gathered for it, its offer."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from bookings.events import topics
from bookings.events.models import EventState, WaitlistEntry
from bookings.events.waiters import links
from bookings.events.waiters.shown import shown
from clocks import clock, earliest, when
from links.regions import LinkRegion


class WaitingParty(LinkRegion):
    path, template = "event-waiting/<str:token>/", "events/waiters/_entry.html"

    def things(self) -> Any:
        return links.entries()

    def topics(self) -> list[str]:
        entry: Any = self.thing
        return [topics.waiting(entry.pk), topics.places(entry.event_id), topics.events()]

    def context(self) -> dict[str, Any]:
        entry: Any = self.thing
        now, event = timezone.now(), entry.event
        is_cancelled = event.state == EventState.CANCELLED
        is_open = entry.is_offer_open(now) and not is_cancelled
        is_waiting = entry.state == WaitlistEntry.State.WAITING and not is_cancelled
        return {
            "entry": entry,
            "event": event,
            "when": when(event.starts_at, event.tz),
            "is_cancelled": is_cancelled,
            "offer": entry.offer if is_open else None,
            "offer_count": entry.offer.live_tickets.count() if is_open else 0,
            "offer_until": clock(entry.offer.expires_at, event.tz) if is_open else "",
            "shown": shown(entry, now) if is_waiting else None,
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When its offer or its gathering ends, or the next place is free."""
        entry: Any = self.thing
        offered = entry.offer.expires_at if entry.offer and entry.is_offer_open(now) else None
        gathered = entry.gathers_until if entry.gathers_until and entry.gathers_until > now else None
        is_waiting = entry.state == WaitlistEntry.State.WAITING
        return earliest(offered, gathered, entry.event.next_expiry(now) if is_waiting else None)
