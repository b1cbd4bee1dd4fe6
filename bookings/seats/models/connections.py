"""How long a passenger needs between two flights at one airport: the minimum connection time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.seats import topics
from live.outbox import publish
from tracking.flights.models import Airline, Airport

LONGEST = 360  # minutes


class Pair(models.TextChoices):
    """Whether the flight that arrives, and the one that departs, stay in one country."""

    DD = "DD", gettext_lazy("domestic to domestic")
    DI = "DI", gettext_lazy("domestic to international")
    ID = "ID", gettext_lazy("international to domestic")
    II = "II", gettext_lazy("international to international")


# Minutes where staff have set nothing. Who comes from abroad passes the border, collects baggage and gives it up again.
USUAL = {Pair.DD: 45, Pair.DI: 60, Pair.ID: 90, Pair.II: 75}


class ConnectionTimeQuerySet(models.QuerySet["ConnectionTime"]):
    def set(self, minutes: int, **of: Any) -> "ConnectionTime":
        """From now on the connections ``of`` these fields need so many minutes; a field that is left out means all."""
        everywhere = {"airport": None, "pair": "", "from_terminal": "", "to_terminal": ""}
        of = {**everywhere, "from_airline": None, "to_airline": None, **of}
        with transaction.atomic():
            time, _made = self.update_or_create(**of, defaults={"minutes": minutes})
            publish(topics.connections())
        return time


class ConnectionTime(models.Model):
    """A minimum connection time. An empty field means all; the row that says the most of a connection counts."""

    airport = models.ForeignKey(
        Airport, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("airport")
    )
    pair = models.CharField(gettext_lazy("flights"), max_length=2, choices=Pair, blank=True)
    from_terminal = models.CharField(gettext_lazy("from terminal"), max_length=4, blank=True)
    to_terminal = models.CharField(gettext_lazy("to terminal"), max_length=4, blank=True)
    from_airline = models.ForeignKey(
        Airline, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("from airline")
    )
    to_airline = models.ForeignKey(
        Airline, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("to airline")
    )
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )

    objects = ConnectionTimeQuerySet.as_manager()

    class Meta:
        ordering = ["airport", "from_terminal", "to_terminal", "pair", "pk"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("airport", Value("")),
                "pair",
                "from_terminal",
                "to_terminal",
                Coalesce("from_airline", Value("")),
                Coalesce("to_airline", Value("")),
                name="one_connection_time",
                violation_error_message=gettext_lazy("There is a time for these connections already."),
            )
        ]
        verbose_name = gettext_lazy("minimum connection time")
        verbose_name_plural = gettext_lazy("minimum connection times")

    def __str__(self) -> str:
        return _("%(minutes)s minutes at %(airport)s") % {
            "minutes": self.minutes,
            "airport": self.airport_id or _("all airports"),
        }

    def clean(self) -> None:
        if not self.airport_id and (self.from_terminal or self.to_terminal):
            raise ValidationError({"airport": _("Choose the airport of these terminals.")})


class Side(NamedTuple):
    """One side of a connection: the flight that arrives, or the one that departs."""

    airline: str
    terminal: str
    is_domestic: bool

    @classmethod
    def of(cls, airline: str, terminal: str, origin: Any, destination: Any) -> Self:
        """That of a flight between these airports, at this of its terminals."""
        return cls(airline, terminal, origin.country == destination.country)


class ConnectionTimes:
    """All minimum connection times, read once::

    times = ConnectionTimes.read()
    times.needed("JFK", arriving, departing)     # a timedelta
    """

    def __init__(self, rows: Iterable[ConnectionTime] = ()) -> None:
        self.of_airport: dict[str | None, list[ConnectionTime]] = defaultdict(list)
        self.known: dict[tuple[str, Side, Side], timedelta] = {}
        for row in rows:
            self.of_airport[row.airport_id].append(row)

    @classmethod
    def read(cls) -> Self:
        return cls(ConnectionTime.objects.all())

    def needed(self, airport: str, arriving: Side, departing: Side) -> timedelta:
        """How long it takes from one flight to the other at this airport, at least."""
        key = airport, arriving, departing
        if key not in self.known:
            self.known[key] = timedelta(minutes=self.minutes(*key))
        return self.known[key]

    def minutes(self, airport: str, arriving: Side, departing: Side) -> int:
        pair = pair_of(arriving, departing)
        rows = [*self.of_airport[airport], *self.of_airport[None]]
        found = [(precision(row), row.minutes) for row in rows if applies(row, pair, arriving, departing)]
        return max(found)[1] if found else USUAL[pair]  # of two that say as much, the longer time


def pair_of(arriving: Side, departing: Side) -> Pair:
    return Pair(("D" if arriving.is_domestic else "I") + ("D" if departing.is_domestic else "I"))


def applies(row: ConnectionTime, pair: Pair, arriving: Side, departing: Side) -> bool:
    """Whether a row applies to this connection. A terminal that is not known yet matches no row that names one."""
    wanted = (row.pair, row.from_terminal, row.to_terminal, row.from_airline_id, row.to_airline_id)
    is_so = (pair, arriving.terminal, departing.terminal, arriving.airline, departing.airline)
    return all(not want or want == have for want, have in zip(wanted, is_so, strict=True))


def precision(row: ConnectionTime) -> tuple[int, int, int, int]:
    """How much a row says of a connection: airlines count before terminals, terminals before the pair.

    What an airport has set itself counts before what is set for all.
    """
    airlines = bool(row.from_airline_id) + bool(row.to_airline_id)
    terminals = bool(row.from_terminal) + bool(row.to_terminal)
    return int(bool(row.airport_id)), airlines, terminals, int(bool(row.pair))
