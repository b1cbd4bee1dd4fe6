"""The programme for everybody, one's own programme behind the link of a ticket, and a session for its organisers."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.events import topics
from bookings.events.attendees import links
from bookings.events.models import Event, EventState, Session
from bookings.events.programme import own
from bookings.events.programme.rows import days, next_change, row_of
from clocks import when
from links.regions import LinkRegion
from live.regions import Region
from tracking.flights import topics as flight_topics


class Programme(Region):
    """All sessions by day, with what was moved and what is cancelled. It names speakers as the organiser publishes them."""

    path, public, template = "event-programme/<slug:slug>/", True, "events/programme/_programme.html"
    slug: str

    @cached_property
    def event(self) -> Event:
        event = Event.objects.named(self.slug)
        if event.state == EventState.DRAFT:
            raise Http404
        return event

    @cached_property
    def sessions(self) -> list[Session]:
        return list(self.event.sessions.in_order())

    def topics(self) -> list[str]:
        return [topics.programme(self.event.pk), topics.events()]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        return {"event": self.event, "days": days(self.event, self.sessions, now), "city": self.event.hall.airport.city}

    def stale_at(self, now: datetime) -> datetime | None:
        return next_change(self.sessions, now)


class EditedProgramme(Programme):
    """The same for organisers, also of a draft: each session opens in the panel."""

    path, public = "event-programme-edit/<slug:slug>/", False

    def allows(self, user: Any) -> bool:
        return bool(Event.objects.of(user).filter(slug=self.slug).exists())

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "edits": True}


class SessionPage(Region):
    """One session, with its text."""

    path, public, template = "event-programme/<slug:slug>/<int:pk>/", True, "events/programme/_session_page.html"
    slug: str
    pk: int

    @cached_property
    def session(self) -> Session:
        found = Session.objects.select_related("event__hall__airport", "room")
        session: Session = get_object_or_404(
            found.filter(event__in=Event.objects.public()), event__slug=self.slug, pk=self.pk
        )
        return session

    def topics(self) -> list[str]:
        return [topics.programme(self.session.event_id), topics.events()]

    def context(self) -> dict[str, Any]:
        session, event = self.session, self.session.event
        row = row_of(session, event, timezone.now())
        return {"event": event, "session": session, "row": row, "when": when(session.starts_at, event.tz)}

    def stale_at(self, now: datetime) -> datetime | None:
        return next_change([self.session], now)


class OwnProgramme(LinkRegion):
    """The sessions that the holder of a ticket has chosen, and what comes in between: another one, or the flight."""

    path, template = "event-own/<str:token>/", "events/programme/_own.html"

    def things(self) -> Any:
        return links.tickets()

    def topics(self) -> list[str]:
        ticket: Any = self.thing
        flight = ticket.registration.flight_id
        found = [
            topics.programme(ticket.event_id),
            topics.own_programme(ticket.pk),
            topics.registration(ticket.registration_id),
        ]
        return [*found, flight_topics.flight(flight)] if flight else found

    def context(self) -> dict[str, Any]:
        ticket: Any = self.thing
        now = timezone.now()
        return {"event": ticket.event, "days": own.days_of(ticket, now)}

    def stale_at(self, now: datetime) -> datetime | None:
        ticket: Any = self.thing
        return next_change(own.chosen(ticket), now)


class EditedSession(Region):
    """A session, for its organisers: two of them see each other's moves at once."""

    path, template = "event-session/<int:pk>/", "events/programme/_session_state.html"
    pk: int

    def allows(self, user: Any) -> bool:
        return bool(Event.objects.of(user).filter(sessions__pk=self.pk).exists())

    @cached_property
    def session(self) -> Session:
        found = Session.objects.select_related("event__hall__airport", "room").filter(pk=self.pk).first()
        if found is None:
            raise Http404
        return found

    def topics(self) -> list[str]:
        return [topics.programme(self.session.event_id)]

    def context(self) -> dict[str, Any]:
        session = self.session
        tz = session.event.tz
        return {
            "session": session,
            "begins": when(session.starts_at, tz),
            "chosen": session.favourites.count(),
            "unsent": session.moved_notices.count(),
        }
