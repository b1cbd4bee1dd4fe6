"""Which flights a board lists, and when that will change by itself."""

import re
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from clocks import earliest, midnight
from tracking.flights.models.airports import Airline, Airport
from tracking.flights.models.codes import AT_GATE, COMING, DELAYED_FROM, Phase
from tracking.flights.models.codeshares import Codeshare
from tracking.flights.models.reports import new_flight
from tracking.flights.models.sources import Report

DEPARTED_STAYS = timedelta(minutes=15)  # after leaving the gate
ARRIVED_STAYS = timedelta(minutes=30)  # after reaching it
CANCELLED_STAYS = timedelta(minutes=60)  # after the scheduled time
FORGOTTEN_AFTER = timedelta(hours=12)  # a flight that nobody has told us about since
LONGEST_STAY = timedelta(days=3)  # more than any of these, from the best known time on
FOUND_FROM, FOUND_FOR = timedelta(hours=18), timedelta(hours=6)  # before departure, after arrival
HOURS = 6

DESIGNATOR = re.compile(r"([A-Z0-9]{2}|[A-Z]{3})\s*0*([1-9][0-9]{0,3}[A-Z]?)")
NUMBER = re.compile(r"0*([1-9][0-9]{0,3}[A-Z]?)")


class FlightQuerySet(models.QuerySet):
    def departures(self, airport, now=None, hours=HOURS, terminal=None, airline=None, text=None):
        """What a departures board lists, by schedule. The window goes by the best known time: a late flight stays."""
        now = now or timezone.now()
        listed = Q(phase__in=AT_GATE, best_departure__gt=now - FORGOTTEN_AFTER) | Q(
            phase__in=GONE, off_block_actual__gt=now - DEPARTED_STAYS
        )
        # departed without a time told: its best known one stands for it
        listed |= Q(phase__in=GONE, off_block_actual=None, best_departure__gt=now - DEPARTED_STAYS)
        listed |= Q(phase=Phase.CANCELLED, off_block_scheduled__gt=now - CANCELLED_STAYS)
        flights = self.filter(listed, origin=airport, best_departure__range=around(now, hours))
        if terminal:
            flights = flights.filter(terminal=terminal)
        return flights.of(airline, text).order_by("off_block_scheduled", "airline_id", "number")

    def arrivals(self, airport, now=None, hours=HOURS, terminal=None, airline=None, text=None):
        """What an arrivals board lists. A diverted flight stays on the board of where it was expected."""
        now = now or timezone.now()
        coming = Q(phase__in=COMING, best_arrival__gt=now - FORGOTTEN_AFTER)
        listed = coming | Q(phase=Phase.ARRIVED, best_arrival__gt=now - ARRIVED_STAYS)
        listed |= Q(phase=Phase.CANCELLED, on_block_scheduled__gt=now - CANCELLED_STAYS)
        here = Q(destination=airport) | Q(diverted_to=airport)
        flights = self.filter(listed, here, best_arrival__range=around(now, hours))
        if terminal:
            flights = flights.filter(arrival_terminal=terminal)
        # Databases don't agree where what has no schedule goes: its best known time says it.
        return flights.of(airline, text).order_by(
            Coalesce("on_block_scheduled", "best_arrival"), "airline_id", "number"
        )

    def of(self, airline=None, text=None):
        """Flights of an airline, under its own number or another's, and those that a traveller's words find."""
        flights = self
        if airline:
            flights = flights.filter(Q(airline=airline.upper()) | has_codeshare(airline=airline.upper()))
        if text:
            flights = flights.filter(found_by(text))
        return flights

    def disrupted(self, now=None):
        """What is late, cancelled or diverted now, anywhere: not yet left but late, or called off, or on its way elsewhere."""
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

    def found(self, text, now=None):
        """What a traveller looks for, at any airport: coming or on its way, and then what is not long over."""
        now = now or timezone.now()
        is_over = models.ExpressionWrapper(Q(phase=Phase.ARRIVED), models.BooleanField())
        listed = Q(best_arrival__gt=now - FOUND_FOR) | Q(best_arrival=None, best_departure__gt=now - FOUND_FOR)
        return (
            self.of(text=text)
            .filter(listed, best_departure__lt=now + FOUND_FROM)
            .order_by(is_over, "off_block_scheduled", "airline_id", "number")
        )

    def busiest(self, side, now=None, hours=HOURS):
        """The airports with most flights on one side in the next hours: ``{iata: how many}``."""
        now = now or timezone.now()
        place, best = {"departure": ("origin", "best_departure"), "arrival": ("destination", "best_arrival")}[side]
        soon = self.filter(**{f"{best}__range": (now, now + timedelta(hours=hours))}).exclude(phase=Phase.CANCELLED)
        most = soon.order_by().values_list(place).annotate(flights=models.Count("pk"))
        return dict(most.order_by("-flights", place))

    def next_change_at(self, side, airport, now=None, hours=HOURS):
        """When time alone next changes a board: somebody leaves it, enters its window, or the day turns."""
        now = now or timezone.now()
        best, scheduled, waits, gone, stays = SIDES[side]
        here = Q(origin=airport) if side == "departure" else Q(destination=airport) | Q(diverted_to=airport)
        window = timedelta(hours=hours)

        def first(field, after, stay, **wanted):
            """The first to leave among flights that stay for a while after a time of theirs."""
            return Min(field, filter=Q(**wanted, **{f"{field}__gt": after - stay}))

        # nobody waits for who enters after the day has turned
        leaving = self.filter(here, **{f"{best}__range": around(now, hours + 48)}).aggregate(
            gone=first(best, now, stays, phase__in=gone),
            cancelled=first(scheduled, now, CANCELLED_STAYS, phase=Phase.CANCELLED),
            forgotten=first(best, now, FORGOTTEN_AFTER, phase__in=waits),
            enters=first(best, now, -window),
        )
        moments = [
            leaving["gone"] and leaving["gone"] + stays,
            leaving["cancelled"] and leaving["cancelled"] + CANCELLED_STAYS,
            leaving["forgotten"] and leaving["forgotten"] + FORGOTTEN_AFTER,
            leaving["enters"] and leaving["enters"] - window,
            day_ends(airport, now),
        ]
        return earliest(*moments)

    def report(self, source, identity, reported_at, update):
        """Take a source's word on a flight: "accepted", or "ignored" where it is not newer than what it said before.

        ``identity`` has airline (code), number, origin (IATA) and date; ``update`` the API's further fields, where what
        is absent stays and None withdraws. A new identity makes a flight. Raises Refused, with nothing done.
        """
        with transaction.atomic():
            key = {name: identity[name] for name in ("airline", "number", "origin", "date")}
            flight = self.filter(**key).select_for_update().first()
            if flight is None:
                flight = new_flight(self, key, update)
            said, first = Report.objects.get_or_create(
                flight=flight, source=source, defaults={"reported_at": reported_at}
            )
            if not first:
                if said.reported_at >= reported_at:
                    return "ignored"
                said.reported_at = reported_at
                said.save(update_fields=["reported_at"])
            flight.announce(update, source=source, reported_at=reported_at)
        return "accepted"


GONE = [phase for phase in Phase if phase not in AT_GATE and phase != Phase.CANCELLED]

# side → the best known time, the scheduled one, phases that wait for it, phases that have it behind them, for how long shown
SIDES = {
    "departure": ("best_departure", "off_block_scheduled", AT_GATE, GONE, DEPARTED_STAYS),
    "arrival": ("best_arrival", "on_block_scheduled", COMING, [Phase.ARRIVED], ARRIVED_STAYS),
}


def around(now, hours):
    """The best known times of what can be on a board now, both ends of it, so that an index needs to show no more."""
    return now - LONGEST_STAY, now + timedelta(hours=hours)


def has_codeshare(**wanted):
    return Exists(Codeshare.objects.filter(flight=OuterRef("pk"), **wanted))


def found_by(text):
    """A condition for what a traveller types: any of a flight's numbers, a city, an airport, an airline."""
    text = text.strip()
    code = text.upper()
    found = Q(airline__name__icontains=text)  # as typed: to SQLite u is U, but ü is not Ü
    for end in ("origin", "destination"):
        found |= (
            Q(**{f"{end}__city__icontains": text})
            | Q(**{f"{end}__name__icontains": text})
            | Q(**{f"{end}__iata": code})
        )
    if match := NUMBER.fullmatch(code):
        found |= Q(number=match[1]) | has_codeshare(number=match[1])
    if match := DESIGNATOR.fullmatch(code):
        found |= Q(airline=match[1], number=match[2]) | has_codeshare(airline=match[1], number=match[2])
    elif Airline.objects.filter(code=code).exists():
        found |= Q(airline=code) | has_codeshare(airline=code)
    return found


def day_ends(iata, now):
    airport = Airport.objects.filter(pk=iata).first()
    return airport and midnight(airport.tz, now)
