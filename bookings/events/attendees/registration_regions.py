"""What changes on the pages of somebody who holds places, or has registered. What is typed stands outside."""

from collections import Counter
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.events import topics
from bookings.events.attendees import links, shown
from bookings.events.attendees.left import price_words
from bookings.events.models import Registration, State, WaitlistEntry
from bookings.events.models.states import ASKING, MADE
from clocks import earliest
from links.regions import LinkRegion
from live.regions import Region
from tracking.flights import topics as flight_topics


class OfRegistration(LinkRegion):
    """A region about one registration and its event."""

    def things(self) -> Any:
        return links.registrations()

    def topics(self) -> list[str]:
        registration: Any = self.thing
        return [topics.registration(registration.pk), topics.events()]


class HeldPlaces(OfRegistration):
    """What is held or offered, and until when."""

    path, template = "held-places/<str:token>/", "events/attendees/_held.html"

    def context(self) -> dict[str, Any]:
        registration: Any = self.thing
        is_expired, is_asking = registration.is_expired(), registration.state in ASKING
        tickets = registration.tickets.select_related("type")
        lines = Counter((ticket.type.name, ticket.price) for ticket in tickets)
        return {
            "registration": registration,
            "event": registration.event,
            "lines": [
                (
                    count,
                    name,
                    price_words(price, registration.currency) if price and count > 1 else "",
                    price_words(count * price, registration.currency),
                )
                for (name, price), count in lines.items()
            ],
            "price": price_words(registration.total, registration.currency),
            "when": shown.when_words(registration.event),
            "is_held": is_asking and not is_expired,
            "is_offered": getattr(registration, "waitlist_entry", None) is not None,
            "is_expired": registration.booked_at is None and (is_expired or not is_asking),
            "is_made": registration.booked_at is not None,
            "may_extend": registration.state == State.HELD and not registration.was_extended,
        }

    def stale_at(self, now: datetime) -> datetime | None:
        registration: Any = self.thing
        expires = registration.expires_at
        return expires if registration.state in ASKING and expires and expires > now else None


class MyRegistration(OfRegistration):
    """A registration behind its link: its state, its people, and what it costs."""

    path, template = "registration/<str:token>/", "events/attendees/_registration.html"

    def things(self) -> Any:
        return links.made()

    def context(self) -> dict[str, Any]:
        return shown.registration_context(self.thing, timezone.now())

    def topics(self) -> list[str]:
        flight = self.thing.flight_id
        return [*super().topics(), flight_topics.flight(flight)] if flight else super().topics()

    def stale_at(self, now: datetime) -> datetime | None:
        registration: Any = self.thing
        moments = (registration.expires_at, registration.cancel_until, registration.event.ends_at)
        is_open = registration.state in MADE
        return earliest(*(moment for moment in moments if moment and moment > now)) if is_open else None


class MyTicket(LinkRegion):
    """A ticket behind its link: whether it opens the door."""

    path, template = "event-ticket/<str:token>/", "events/attendees/_ticket.html"

    def things(self) -> Any:
        return links.tickets()

    def topics(self) -> list[str]:
        ticket: Any = self.thing
        return [topics.registration(ticket.registration_id), topics.events(), topics.door(ticket.event_id)]

    def context(self) -> dict[str, Any]:
        return shown.ticket_context(self.thing, timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        ticket: Any = self.thing
        return ticket.event.ends_at if ticket.event.ends_at > now else None


class MyRegistrations(Region):
    """All registrations of somebody with an account: what is offered to them, what comes first, then what is past."""

    path, template = "my-registrations/<int:user>/", "events/attendees/_mine.html"
    SHOWN = 100
    user: int

    def allows(self, user: Any) -> bool:
        return user.is_authenticated and user.pk == self.user

    @cached_property
    def registrations(self) -> list[Any]:
        found = Registration.objects.filter(user=self.user).exclude(booked_at=None).prefetch_related("tickets")
        return list(found.select_related("event__hall__airport").order_by("-event__starts_at", "-pk")[: self.SHOWN])

    @cached_property
    def entries(self) -> list[Any]:
        found = WaitlistEntry.objects.open().filter(user=self.user, event__ends_at__gt=timezone.now())
        return list(found.select_related("event__hall__airport", "type", "offer").order_by("event__starts_at", "pk"))

    def topics(self) -> list[str]:
        return [topics.registrations_of(self.user), topics.events()]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        rows = [(one.event.starts_at, shown.mine_row(one, now)) for one in self.registrations]
        offered = [shown.waiting_row(one, now) for one in self.entries if one.is_offer_open(now)]
        coming = [
            (one.event.starts_at, shown.waiting_row(one, now)) for one in self.entries if not one.is_offer_open(now)
        ]
        coming += [(at, row) for at, row in reversed(rows) if row.is_coming]
        return {
            "offered": offered,  # first of all: their time runs
            "coming": [row for _at, row in sorted(coming, key=itemgetter(0))],
            "past": [row for _at, row in rows if not row.is_coming],
        }

    def stale_at(self, now: datetime) -> datetime | None:
        moments = [moment for one in self.registrations for moment in (one.expires_at, one.event.ends_at)]
        moments += [moment for one in self.entries for moment in (one.offered_until, one.event.ends_at)]
        return earliest(*(moment for moment in moments if moment and moment > now))
