"""The live parts of the organisers' pages. They name attendees: none is public."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bookings.events import topics
from bookings.events.models import Capacity, Event, Place, Use
from bookings.events.models.auditing import audit
from bookings.events.organisers import guests, queue
from bookings.events.organisers.access import guests_of
from clocks import earliest, when
from live.regions import ListRegion, Region

MEANING = {
    Use.SOLD: _("confirmed: paid, or free of charge"),
    Use.UNPAID: _("free again if it is not paid in time"),
    Use.PENDING: _("free again if you decline"),
    Use.HELD: _("in forms that are being filled in, for some minutes"),
    Use.OFFERED: _("to people on the waitlist, until their time is over"),
    Use.GATHERED: _("kept until all who wait together fit"),
    Use.RESERVED: _("for uses that are still to come"),
    Use.BLOCKED: _("not for sale: an organiser keeps them back"),
}


class OrganisersRegion(Region):
    """A part of a page about one event."""

    slug: str

    def allows(self, user: Any) -> bool:
        return bool(Event.objects.of(user).filter(slug=self.slug).exists())

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)


class GuestList(OrganisersRegion, ListRegion):
    """Who has registered, and what waits for the organiser."""

    path, query = "event-guests/<slug:slug>/", ("q", "state", "type")
    template, row_template = "events/organisers/_guests.html", "events/organisers/_guest_row.html"
    row_prefix = "guest-"
    SHOWN = 500

    def topics(self) -> list[str]:
        return [topics.guests(self.event.pk), topics.door(self.event.pk)]

    def context(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "count": guests.found(self.event, self.filters).count(),
            "shown": self.SHOWN,
            "is_filtered": bool(self.filters),
            "totals": guests.totals(self.event),
        }

    def rows(self) -> list[guests.GuestRow]:
        return [guests.guest_row(row) for row in guests.found(self.event, self.filters)[: self.SHOWN]]


class QuotaRow(NamedTuple):
    name: str
    size: int
    uses: list[int]
    free: int
    types: str


class LedgerTable(OrganisersRegion):
    """Where each place is. It always adds up; where the rows behind it say something else, it says so."""

    path, template = "event-ledger/<slug:slug>/", "events/organisers/_ledger.html"
    SHOWN = 20  # sentences about what is wrong

    def topics(self) -> list[str]:
        return [topics.places(self.event.pk)]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        capacity = Capacity.read(self.event, now)
        names = {quota.pk: [] for quota in capacity.quotas.values()}  # type: dict[int, list[str]]
        types = {type_.pk: str(type_) for type_ in self.event.types.all()}
        for type_, quotas in capacity.quotas_of.items():
            for quota in quotas:
                names[quota].append(types[type_])
        rows = [
            QuotaRow(
                row.quota.name, row.quota.size, [row.uses[use] for use in Use], row.free, ", ".join(names[row.quota.pk])
            )
            for row in capacity.ledger()
        ]
        wrong = audit(self.event)
        return {
            "event": self.event,
            "rows": rows,
            "lines": [(use.label, MEANING[use], [row.uses[number] for row in rows]) for number, use in enumerate(Use)],
            "wrong": wrong[: self.SHOWN],
            "more": max(0, len(wrong) - self.SHOWN),
            "is_overdrawn": any(row.free < 0 for row in rows),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(Place.objects.filter(event=self.event.pk).next_expiry(now))


class Queue(OrganisersRegion):
    """The waitlist in its order: who gets what next, and who is passed over and why."""

    path, template = "event-queue/<slug:slug>/", "events/organisers/_queue.html"

    def topics(self) -> list[str]:
        return [topics.places(self.event.pk), topics.guests(self.event.pk)]

    def context(self) -> dict[str, Any]:
        return {"event": self.event, "parties": queue.parties(self.event, timezone.now())}

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(Place.objects.filter(event=self.event.pk).next_expiry(now))


class GuestState(Region):
    """One registration, for its organisers."""

    path, template = "event-guest/<int:pk>/", "events/organisers/_guest_state.html"
    pk: int

    def allows(self, user: Any) -> bool:
        return bool(Event.objects.of(user).filter(registrations__pk=self.pk).exists())

    @cached_property
    def event(self) -> Event:
        event = Event.objects.filter(registrations__pk=self.pk).select_related("hall__airport").first()
        if event is None:
            raise Http404
        return event

    def topics(self) -> list[str]:
        return [topics.registration(self.pk), topics.door(self.event.pk)]

    def context(self) -> dict[str, Any]:
        event = self.event
        registration = guests_of(event).filter(pk=self.pk).first()
        if registration is None:
            raise Http404
        tickets = registration.tickets.select_related("type").prefetch_related("answers__question")
        return {
            "registration": registration,
            "tone": guests.TONES.get(registration.state, "calm"),
            "tickets": tickets,
            "until": when(registration.expires_at, event.tz) if registration.expires_at else "",
        }
