"""Which flights a board lists, and when time alone changes that."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Case, Min, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from clocks import earliest, midnight
from tracking.flights.models import news
from tracking.flights.models.airports import Airport
from tracking.flights.models.codes import AT_GATE, COMING, DELAYED_FROM, Phase
from tracking.flights.models.reports import new_flight
from tracking.flights.models.search import found_by, has_codeshare
from tracking.flights.models.sources import Report, Source
from tracking.flights.models.times import LATEST, LONGEST

DEPARTED_STAYS = timedelta(minutes=15)  # after leaving the gate
ARRIVED_STAYS = timedelta(minutes=30)  # after reaching it
CANCELLED_STAYS = timedelta(minutes=60)  # after the scheduled time
FORGOTTEN_AFTER = timedelta(hours=12)  # without news of a flight, after its best known time
LONGEST_STAY = timedelta(days=3)  # more than any of these, from the best known time on
FOUND_FROM, FOUND_FOR = timedelta(hours=18), timedelta(hours=6)  # before departure, after arrival
HOURS = 6
OVERDUE_AFTER = timedelta(hours=1)  # nobody says that it has happened: it makes room for what comes next


class FlightQuerySet(models.QuerySet):
    def departures(
        self,
        iata: str,
        now: datetime | None = None,
        hours: int = HOURS,
        terminal: str | None = "",
        **wanted: str | None,
    ) -> Self:
        """The flights of a departures board, by schedule.

        A flight is listed while its schedule or its best known time is in the window, and a cancelled one by its schedule.
        ``wanted`` are filters of ``of``: an airline, a text.
        """
        now = now or timezone.now()
        until = now + timedelta(hours=hours)
        soon = Q(best_departure__lte=until)
        listed = Q(phase__in=AT_GATE, best_departure__gt=now - FORGOTTEN_AFTER)
        listed &= soon | Q(off_block_scheduled__lte=until)
        listed |= soon & Q(phase__in=GONE, off_block_actual__gt=now - DEPARTED_STAYS)
        # A departed flight without an actual time is listed by its best known one.
        listed |= soon & Q(phase__in=GONE, off_block_actual=None, best_departure__gt=now - DEPARTED_STAYS)
        listed |= cancelled("off_block_scheduled", now, until)
        flights = self.filter(listed, origin=iata, best_departure__range=around(now, hours))
        if terminal:
            flights = flights.filter(terminal=terminal)
        return flights.of(**wanted).order_by("off_block_scheduled", "airline_id", "number")

    def arrivals(
        self,
        iata: str,
        now: datetime | None = None,
        hours: int = HOURS,
        terminal: str | None = "",
        **wanted: str | None,
    ) -> Self:
        """The flights of an arrivals board, as for departures. A diverted one is listed at its destination and where it lands."""
        now = now or timezone.now()
        until = now + timedelta(hours=hours)
        soon = Q(best_arrival__lte=until)
        listed = Q(phase__in=COMING, best_arrival__gt=now - FORGOTTEN_AFTER)
        listed &= soon | Q(on_block_scheduled__lte=until)
        listed |= soon & Q(phase=Phase.ARRIVED, best_arrival__gt=now - ARRIVED_STAYS)
        listed |= cancelled("on_block_scheduled", now, until)
        here = Q(destination=iata) | Q(diverted_to=iata)
        flights = self.filter(listed, here, best_arrival__range=around(now, hours))
        if terminal:
            flights = flights.filter(arrival_terminal=terminal)
        # Databases sort NULL differently, so a flight without a schedule is sorted by its best known time.
        return flights.of(**wanted).order_by(Coalesce("on_block_scheduled", "best_arrival"), "airline_id", "number")

    def of(self, airline: str | None = None, text: str | None = None) -> Self:
        """The flights of an airline, its codeshares included, that a search text finds. Several airlines: ``DL,AF``."""
        flights = self
        if airline:
            codes = airline.upper().split(",")
            flights = flights.filter(Q(airline__in=codes) | has_codeshare(airline__in=codes))
        if text:
            flights = flights.filter(found_by(text))
        return flights

    def at_gates(self, side: str, gates: Collection[str]) -> Self:
        """The flights at these gates; a departure that was moved also where it was, since people wait there."""
        if side == "arrival":
            return self.filter(arrival_gate__in=gates)
        return self.filter(Q(gate__in=gates) | Q(gate_before__in=gates))

    def in_order_of_events(self, side: str, now: datetime) -> Self:
        """By best known times, a cancelled one by its schedule: the order of screens, whose rows come and go.

        What should have happened an hour ago, and of which nothing is known, comes last instead of first.
        """
        best, scheduled, waits, _gone, _stays = SIDES[side]
        comes = Case(When(phase=Phase.CANCELLED, then=scheduled), default=best)
        is_overdue = models.ExpressionWrapper(
            Q(phase__in=waits, **{f"{best}__lte": now - OVERDUE_AFTER}), models.BooleanField()
        )
        return self.order_by(is_overdue, comes, "airline_id", "number")

    def next_overdue_at(self, side: str, now: datetime) -> datetime | None:
        """When the next of these flights is overdue for so long."""
        best = SIDES[side][0]
        first = self.order_by().filter(**{f"{best}__gt": now - OVERDUE_AFTER}).aggregate(first=Min(best))["first"]
        return first and first + OVERDUE_AFTER

    def disrupted(self, now: datetime | None = None) -> Self:
        """Flights anywhere that are late and still at the gate, cancelled, or diverted."""
        now = now or timezone.now()
        late = Q(
            phase__in=AT_GATE,
            off_block_estimated__gte=models.F("off_block_scheduled") + timedelta(minutes=DELAYED_FROM),
        )
        late &= Q(off_block_estimated__gt=now - FORGOTTEN_AFTER)
        cancelled = Q(phase=Phase.CANCELLED, off_block_scheduled__gt=now - timedelta(hours=3))
        diverted = Q(diverted_to__isnull=False) & (
            Q(best_arrival__gt=now - timedelta(hours=3))
            | Q(best_arrival=None, best_departure__gt=now - FORGOTTEN_AFTER)
        )
        soon = Q(off_block_scheduled__lt=now + timedelta(hours=12))
        return self.filter(late | cancelled | diverted, soon).order_by("off_block_scheduled", "airline_id", "number")

    def found(self, text: str, now: datetime | None = None) -> Self:
        """What a search text finds at any airport: flights to come and on their way first, then those that arrived lately."""
        now = now or timezone.now()
        is_over = models.ExpressionWrapper(Q(phase=Phase.ARRIVED), models.BooleanField())
        listed = Q(best_arrival__gt=now - FOUND_FOR) | Q(best_arrival=None, best_departure__gt=now - FOUND_FOR)
        listed |= Q(phase__in=COMING, best_departure__gt=now - FORGOTTEN_AFTER)
        return (
            self.of(text=text)
            .filter(listed, best_departure__lt=now + FOUND_FROM)
            .order_by(is_over, "off_block_scheduled", "airline_id", "number")
        )

    def busiest(self, side: str, now: datetime | None = None, hours: int = HOURS) -> dict[str, int]:
        """``{iata: flights}`` of the next hours on one side, "departure" or "arrival", the busiest airport first."""
        now = now or timezone.now()
        airport, best = {"departure": ("origin", "best_departure"), "arrival": ("destination", "best_arrival")}[side]
        soon = self.filter(**{f"{best}__range": (now, now + timedelta(hours=hours))}).exclude(phase=Phase.CANCELLED)
        counted = soon.order_by().values_list(airport).annotate(flights=models.Count("pk"))
        return dict(counted.order_by("-flights", airport))

    def next_change_at(self, side: str, iata: str, now: datetime | None = None, hours: int = HOURS) -> datetime | None:
        """When time alone next changes a board: a flight leaves it, enters its window or is overdue, or the day ends."""
        now = now or timezone.now()
        best, scheduled, waits, gone, stays = SIDES[side]
        here = Q(origin=iata) if side == "departure" else Q(destination=iata) | Q(diverted_to=iata)
        window = timedelta(hours=hours)

        def first(field: str, after: datetime, stay: timedelta, **wanted: Any) -> Min:
            """The earliest time in a field of flights that stay listed for a while after it."""
            return Min(field, filter=Q(**wanted, **{f"{field}__gt": after - stay}))

        # Flights that enter later than the day ends are looked for then.
        flights = self.filter(here, **{f"{best}__range": around(now, hours + 48)})
        leaving = flights.aggregate(
            gone=first(best, now, stays, phase__in=gone),
            cancelled=first(scheduled, now, CANCELLED_STAYS, phase=Phase.CANCELLED),
            forgotten=first(best, now, FORGOTTEN_AFTER, phase__in=waits),
            enters=first(best, now, -window),
            begins=first(scheduled, now, -window),
        )
        moments = [
            leaving["gone"] and leaving["gone"] + stays,
            leaving["cancelled"] and leaving["cancelled"] + CANCELLED_STAYS,
            leaving["forgotten"] and leaving["forgotten"] + FORGOTTEN_AFTER,
            leaving["enters"] and leaving["enters"] - window,
            leaving["begins"] and leaving["begins"] - window,
            news.next_change_at(flights, now),
            day_ends(iata, now),
        ]
        return earliest(*moments)

    def report(self, source: Source, identity: dict[str, Any], reported_at: datetime, update: dict[str, Any]) -> str:
        """Take a source's report of a flight: "accepted", or "ignored" if it is not newer than the source's last one.

        ``identity`` has airline (code), number, origin (IATA) and date. ``update`` has the API's further fields: absent
        ones stay, None withdraws. A new identity makes a flight. Raises Refused, with nothing done.
        """
        with transaction.atomic():
            key = {name: identity[name] for name in ("airline", "number", "origin", "date")}
            flight = self.filter(**key).select_for_update().first()
            if flight is None:
                flight = new_flight(self, key, update)
            last, is_first = Report.objects.get_or_create(
                flight=flight, source=source, defaults={"reported_at": reported_at}
            )
            if not is_first:
                if last.reported_at >= reported_at:
                    return "ignored"
                last.reported_at = reported_at
                last.save(update_fields=["reported_at"])
            flight.announce(update, source=source, reported_at=reported_at)
        return "accepted"


GONE = [phase for phase in Phase if phase not in AT_GATE and phase != Phase.CANCELLED]

# side → best known time, scheduled time, phases before it, phases after it, how long a flight stays listed after it
SIDES = {
    "departure": ("best_departure", "off_block_scheduled", AT_GATE, GONE, DEPARTED_STAYS),
    "arrival": ("best_arrival", "on_block_scheduled", COMING, [Phase.ARRIVED], ARRIVED_STAYS),
}


def around(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """Bounds of the best known times of flights due within some hours: the database reads a small part of an index.

    A flight that is due in the window may be expected as much later as a delay may last.
    """
    return now - LONGEST_STAY, now + timedelta(hours=hours) + LATEST + LONGEST


def cancelled(scheduled: str, now: datetime, until: datetime) -> Q:
    """The condition for cancelled flights of a board: their schedule decides, whatever was expected before."""
    return Q(phase=Phase.CANCELLED, **{f"{scheduled}__gt": now - CANCELLED_STAYS, f"{scheduled}__lte": until})


def day_ends(iata: str, now: datetime) -> datetime | None:
    airport = Airport.objects.filter(pk=iata).first()
    return midnight(airport.tz, now) if airport else None
