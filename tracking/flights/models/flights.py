from collections import namedtuple
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import pairwise

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from live.outbox import publish
from tracking.flights import topics
from tracking.flights.models.airports import Airline, Airport
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.models.codes import DELAY_REASONS, LEGAL, REFUSED_TO, Phase, known_reason, public_states
from tracking.flights.models.codeshares import Codeshare
from tracking.flights.models.history import FlightChange
from tracking.flights.models.refusals import Changed, IllegalMove, ImpossibleTime
from tracking.flights.models.reports import values_of

EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=48)  # a departure, against its schedule
AHEAD = timedelta(minutes=5)  # how far a source's clock may be ahead of ours

Record = namedtuple("Record", "verb by source reported_at")


def verb(changes):
    """Make a verb of a method that answers, for the flight as it is now, with the fields to change and their values.

    The verb locks the row and reads it anew, refuses what is illegal (IllegalMove) or was asked for on an older
    revision than ``seen`` (Changed), writes the fields and their history in one transaction, and publishes. A verb that
    changes nothing leaves no trace. All verbs take ``by`` (a user), ``source``, ``reported_at`` and ``seen``.
    """
    name = changes.__name__

    @wraps(changes)
    def move(self, *args, by=None, source=None, reported_at=None, seen=None, **kwargs):
        with transaction.atomic():
            self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
            self.check_seen(seen)
            if name in LEGAL:
                self.check_legal(name)
            self.write(changes(self, *args, **kwargs), Record(name, by, source, reported_at))
        return self

    return move


class Flight(models.Model):
    """One physical flight. Airline, number, origin and the local day it is scheduled to leave are its identity.

    Fields are named as in IATA AIDX: off-block is leaving the gate, on-block is reaching it. Times are UTC.
    """

    airline = models.ForeignKey(Airline, models.PROTECT, related_name="flights", verbose_name=gettext_lazy("airline"))
    number = models.CharField(gettext_lazy("number"), max_length=6)
    origin = models.ForeignKey(Airport, models.PROTECT, related_name="departing", verbose_name=gettext_lazy("from"))
    date = models.DateField(gettext_lazy("day"))
    destination = models.ForeignKey(Airport, models.PROTECT, related_name="arriving", verbose_name=gettext_lazy("to"))

    off_block_scheduled = models.DateTimeField(gettext_lazy("Scheduled departure"))
    off_block_estimated = models.DateTimeField(gettext_lazy("Expected departure"), null=True, blank=True)
    off_block_actual = models.DateTimeField(gettext_lazy("Departure"), null=True, blank=True)
    take_off_estimated = models.DateTimeField(gettext_lazy("Expected take-off"), null=True, blank=True)
    take_off_actual = models.DateTimeField(gettext_lazy("Take-off"), null=True, blank=True)
    landing_estimated = models.DateTimeField(gettext_lazy("Expected landing"), null=True, blank=True)
    landing_actual = models.DateTimeField(gettext_lazy("Landing"), null=True, blank=True)
    on_block_scheduled = models.DateTimeField(gettext_lazy("Scheduled arrival"), null=True, blank=True)
    on_block_estimated = models.DateTimeField(gettext_lazy("Expected arrival"), null=True, blank=True)
    on_block_actual = models.DateTimeField(gettext_lazy("Arrival"), null=True, blank=True)

    phase = models.CharField(gettext_lazy("State"), max_length=15, choices=Phase, default=Phase.SCHEDULED)
    terminal = models.CharField(gettext_lazy("Terminal"), max_length=4, blank=True)
    gate = models.CharField(gettext_lazy("Gate"), max_length=6, blank=True)
    gate_before = models.CharField(gettext_lazy("Gate before"), max_length=6, blank=True)
    stand = models.CharField(gettext_lazy("Stand"), max_length=6, blank=True)
    desks = models.CharField(gettext_lazy("Check-in desks"), max_length=20, blank=True)
    arrival_terminal = models.CharField(gettext_lazy("Arrival terminal"), max_length=4, blank=True)
    arrival_gate = models.CharField(gettext_lazy("Arrival gate"), max_length=6, blank=True)
    belt = models.CharField(gettext_lazy("Baggage belt"), max_length=6, blank=True)
    tail = models.CharField(gettext_lazy("Aircraft"), max_length=10, blank=True)
    delay_code = models.CharField(gettext_lazy("Reason"), max_length=2, blank=True)
    diverted_to = models.ForeignKey(
        Airport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="diverted",
        verbose_name=gettext_lazy("Diverted to"),
    )
    revision = models.PositiveIntegerField(default=0)

    best_departure = models.GeneratedField(
        expression=Coalesce("off_block_actual", "off_block_estimated", "off_block_scheduled"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    best_arrival = models.GeneratedField(
        expression=Coalesce(
            "on_block_actual", "on_block_estimated", "landing_actual", "landing_estimated", "on_block_scheduled"
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    objects = FlightQuerySet.as_manager()

    class Meta:
        ordering = ["off_block_scheduled", "airline_id", "number"]
        constraints = [models.UniqueConstraint(fields=["airline", "number", "origin", "date"], name="one_flight")]
        indexes = [
            models.Index(fields=["origin", "best_departure"]),
            models.Index(fields=["destination", "best_arrival"]),
            models.Index(fields=["best_departure"]),
        ]
        verbose_name = gettext_lazy("flight")
        verbose_name_plural = gettext_lazy("flights")

    def __str__(self):
        return f"{self.designator} {self.origin_id}–{self.destination_id} {self.date}"

    # Verbs, in the order of a flight's day

    @verb
    def open_check_in(self, desks):
        return {"phase": Phase.CHECK_IN, "desks": desks}

    @verb
    def assign_gate(self, gate, terminal=None):
        changed = {"gate": gate, "gate_before": self.gate_before_for(gate)}
        return changed if terminal is None else {**changed, "terminal": terminal}

    @verb
    def delay(self, until, reason_code=""):
        return {"off_block_estimated": until, "delay_code": known_reason(reason_code), **self.later_arrival(until)}

    @verb
    def withdraw_delay(self):
        return {"off_block_estimated": None, "delay_code": "", "on_block_estimated": None}

    @verb
    def board(self):
        return {"phase": Phase.BOARDING}

    @verb
    def final_call(self):
        return {"phase": Phase.FINAL_CALL}

    @verb
    def close_gate(self):
        return {"phase": Phase.GATE_CLOSED}

    @verb
    def depart(self, at=None):
        return {"phase": Phase.DEPARTED, "off_block_actual": at or timezone.now()}

    @verb
    def take_off(self, at=None):
        return {"phase": Phase.AIRBORNE, "take_off_actual": at or timezone.now()}

    @verb
    def land(self, at=None):
        return {"phase": Phase.LANDED, "landing_actual": at or timezone.now()}

    @verb
    def arrive(self, at=None):
        return {"phase": Phase.ARRIVED, "on_block_actual": at or timezone.now()}

    @verb
    def divert(self, to, estimated=None):
        return {"diverted_to": to, "on_block_estimated": estimated or self.on_block_estimated}

    @verb
    def cancel(self, reason_code=""):
        return {"phase": Phase.CANCELLED, "delay_code": known_reason(reason_code)}

    @verb
    def reinstate(self):
        return {"phase": Phase.CHECK_IN if self.desks else Phase.SCHEDULED, "delay_code": ""}

    @verb
    def announce(self, update):
        """What a feed says of it, a dict of the API's fields (see models/reports.py)."""
        return values_of(self, update)

    # What verbs stand on

    def check_seen(self, seen):
        if seen is not None and seen != self.revision:
            changes = list(self.changes.filter(revision__gt=seen).select_related("by", "source"))
            raise Changed(_("%(flight)s has changed since you looked.") % {"flight": self.designator}, changes)

    def check_legal(self, name, phase=None):
        phase = phase or self.phase
        if phase not in LEGAL[name]:
            words = {"flight": self.designator, "state": Phase(phase).label, "refused": REFUSED_TO[name]}
            raise IllegalMove(_("%(flight)s is in the state “%(state)s”: %(refused)s.") % words)

    def check_times(self):
        scheduled = self.off_block_scheduled
        if self.off_block_estimated and not EARLIEST <= self.off_block_estimated - scheduled <= LATEST:
            raise ImpossibleTime(
                _("A departure can be expected from 12 hours before its schedule to 48 hours after it.")
            )
        if self.on_block_scheduled and not timedelta() < self.on_block_scheduled - scheduled <= timedelta(hours=24):
            raise ImpossibleTime(_("The scheduled arrival must follow the scheduled departure within 24 hours."))
        happened = [self.off_block_actual, self.take_off_actual, self.landing_actual, self.on_block_actual]
        happened = [at for at in happened if at]
        if any(at > timezone.now() + AHEAD for at in happened):
            raise ImpossibleTime(_("What has happened can't lie in the future."))
        if any(at - scheduled < EARLIEST for at in happened):
            raise ImpossibleTime(_("What has happened can't lie more than 12 hours before the scheduled departure."))
        if any(earlier > later for earlier, later in pairwise(happened)):
            raise ImpossibleTime(_("A flight leaves its gate, takes off, lands and reaches its gate in this order."))

    def write(self, values, record):
        """Change these fields, with their history, if any of them changes."""
        codeshares = values.pop("codeshares", None)
        values = {self.column(name): getattr(value, "pk", value) for name, value in values.items()}
        before = {name: getattr(self, name) for name in values}
        changed = {name: value for name, value in values.items() if value != before[name]}
        for name, value in changed.items():
            setattr(self, name, value)
        told = {name: (before[name], value) for name, value in changed.items() if name != "gate_before"}
        if codeshares is not None and codeshares != self.codeshare_numbers():
            told["codeshares"] = (", ".join(self.codeshare_numbers()), ", ".join(codeshares))
            self.set_codeshares(codeshares)
        if not told:
            return
        self.check_times()
        self.revision += 1
        self.save(update_fields=[*(name.removesuffix("_id") for name in changed), "revision"])
        self.refresh_from_db(fields=["best_departure", "best_arrival"])
        self.tell(told, record)
        self.publish(before.get("diverted_to_id"))

    def tell(self, told, record):
        FlightChange.objects.bulk_create(
            FlightChange(
                flight=self,
                what=name,
                before=as_text(before),
                after=as_text(after),
                revision=self.revision,
                observed=not name.endswith("_estimated"),
                reported_at=record.reported_at,
                verb=record.verb,
                by=record.by,
                source=record.source,
            )
            for name, (before, after) in told.items()
        )

    def publish(self, diverted_before=None):
        stations = filter(None, [self.origin_id, self.destination_id, self.diverted_to_id, diverted_before])
        publish(*map(topics.board, stations), topics.flight(self.pk), topics.flights())

    @staticmethod
    def column(name):
        return "diverted_to_id" if name == "diverted_to" else name

    def gate_before_for(self, gate):
        """The gate to show struck through beside this one."""
        if gate == self.gate:
            return self.gate_before
        return self.gate if gate else ""

    def later_arrival(self, until):
        """The expected arrival moves with the departure."""
        if not self.on_block_scheduled:
            return {}
        late = min(max(until - self.off_block_scheduled, timedelta()), LATEST)  # later is refused, and can't be added
        return {"on_block_estimated": self.on_block_scheduled + late}

    def codeshare_numbers(self):
        return [str(codeshare) for codeshare in self.codeshares.all()]

    def set_codeshares(self, designators):
        self.codeshares.all().delete()
        pairs = [designator.split() for designator in designators]
        Airline.objects.bulk_create((Airline(code=code, name=code) for code, _number in pairs), ignore_conflicts=True)
        Codeshare.objects.bulk_create(Codeshare(flight=self, airline_id=code, number=number) for code, number in pairs)
        self._prefetched_objects_cache = {}

    # What pages ask

    @property
    def designator(self):
        return f"{self.airline_id} {self.number}"

    @property
    def numbers(self):
        """All its numbers, the operating airline's first."""
        return [self.designator, *self.codeshare_numbers()]

    @property
    def delay_minutes(self):
        return minutes(
            self.off_block_actual or self.off_block_estimated or self.off_block_scheduled, self.off_block_scheduled
        )

    @property
    def arrival_delay_minutes(self):
        return minutes(self.best_arrival, self.on_block_scheduled)

    @property
    def delay_reason(self):
        return DELAY_REASONS.get(self.delay_code, "")

    def states(self, side="departure", today=None):
        """Its public states on one side, "departure" or "arrival", several at once; ``today`` is that airport's day."""
        airport, best, late = (
            (self.origin, self.best_departure, self.delay_minutes)
            if side == "departure"
            else (self.destination, self.best_arrival, self.arrival_delay_minutes)
        )
        today = today or airport.today()
        return public_states(
            side,
            self.phase,
            delay=late,
            gate_changed=bool(self.gate_before),
            diverted=bool(self.diverted_to_id),
            tomorrow=bool(best) and timezone.localdate(best, airport.tz) == today + timedelta(days=1),
        )

    @property
    def legal_verbs(self):
        """The names of the verbs that the desk has and that are legal now, in the order of a flight's day."""
        legal = [name for name in DESK_VERBS if self.phase in LEGAL[name]]
        return [name for name in legal if name != "withdraw_delay" or self.off_block_estimated]


DESK_VERBS = [
    "open_check_in",
    "assign_gate",
    "delay",
    "withdraw_delay",
    "board",
    "final_call",
    "close_gate",
    "depart",
    "land",
    "arrive",
    "divert",
    "cancel",
    "reinstate",
]


def minutes(later, earlier):
    return int((later - earlier).total_seconds() // 60) if later and earlier else 0


def as_text(value):
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
