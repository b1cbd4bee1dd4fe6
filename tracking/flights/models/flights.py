import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from live.outbox import publish
from tracking.flights import topics
from tracking.flights.models.airports import Airline, Airport
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.models.codes import LEGAL, REFUSED_TO, Phase, public_states
from tracking.flights.models.codeshares import Codeshare
from tracking.flights.models.history import FlightChange
from tracking.flights.models.news import OVERDUE, SILENT, news
from tracking.flights.models.reasons import DELAY_REASONS, known_reason
from tracking.flights.models.reports import values_of
from tracking.flights.models.times import arrival_after_delay, check_arrival, check_times, minutes_between
from verbs.models import Before, Tracked, verb


class Flight(Tracked):
    """One physical flight. Its identity is its airline, number, origin and the local day of the scheduled departure.

    Fields are named as in IATA AIDX: off-block is leaving the gate, on-block is reaching it. Times are UTC.
    """

    STATE = "phase"
    LEGAL = LEGAL
    RECORDED = ("by", "source", "reported_at")
    UNSHOWN = ("heard_at",)  # alone: record() knows when it is shown
    TRACKED = (
        "phase",
        "diverted_to",
        "off_block_scheduled",
        "off_block_estimated",
        "off_block_actual",
        "delay_code",
        "take_off_estimated",
        "take_off_actual",
        "landing_estimated",
        "landing_actual",
        "on_block_scheduled",
        "on_block_estimated",
        "on_block_actual",
        "terminal",
        "gate",
        "stand",
        "desks",
        "arrival_terminal",
        "arrival_gate",
        "belt",
        "tail",
    )

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

    heard_at = models.DateTimeField(gettext_lazy("Last report"), null=True, blank=True, editable=False)
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
            models.Index(fields=["origin", "off_block_scheduled"]),  # searches for flights to buy go by the schedule
            models.Index(fields=["destination", "best_arrival"]),
            models.Index(fields=["best_departure"]),
        ]
        verbose_name = gettext_lazy("flight")
        verbose_name_plural = gettext_lazy("flights")

    def __str__(self) -> str:
        return f"{self.designator} {self.origin_id}–{self.destination_id} {self.date}"

    # Verbs, in the order of a flight's day

    @verb
    def open_check_in(self, desks: str) -> None:
        self.phase, self.desks = Phase.CHECK_IN, desks

    @verb
    def assign_gate(self, gate: str, terminal: str | None = None) -> None:
        self.gate_before, self.gate = self.gate_before_for(gate), gate
        if terminal is not None:
            self.terminal = terminal

    @verb
    def delay(self, until: datetime.datetime, reason_code: str = "") -> None:
        """Expect the departure then, and the arrival as much later."""
        self.off_block_estimated, self.delay_code = until, known_reason(reason_code)
        self.on_block_estimated = arrival_after_delay(self, until) or self.on_block_estimated

    @verb
    def withdraw_delay(self) -> None:
        self.off_block_estimated = self.on_block_estimated = None
        self.delay_code = ""

    @verb
    def board(self) -> None:
        self.phase = Phase.BOARDING

    @verb
    def final_call(self) -> None:
        self.phase = Phase.FINAL_CALL

    @verb
    def close_gate(self) -> None:
        self.phase = Phase.GATE_CLOSED

    @verb
    def depart(self, at: datetime.datetime | None = None) -> None:
        self.phase, self.off_block_actual = Phase.DEPARTED, at or timezone.now()

    @verb
    def take_off(self, at: datetime.datetime | None = None) -> None:
        self.phase, self.take_off_actual = Phase.AIRBORNE, at or timezone.now()

    @verb
    def land(self, at: datetime.datetime | None = None) -> None:
        self.phase, self.landing_actual = Phase.LANDED, at or timezone.now()

    @verb
    def arrive(self, at: datetime.datetime | None = None) -> None:
        self.phase, self.on_block_actual = Phase.ARRIVED, at or timezone.now()

    @verb
    def divert(self, to: Airport, estimated: datetime.datetime | None = None) -> None:
        check_arrival(self, {"on_block_estimated": estimated})
        self.diverted_to, self.on_block_estimated = to, estimated or self.on_block_estimated

    @verb
    def cancel(self, reason_code: str = "") -> None:
        self.phase, self.delay_code = Phase.CANCELLED, known_reason(reason_code)

    @verb
    def reinstate(self) -> None:
        self.phase, self.delay_code = Phase.CHECK_IN if self.desks else Phase.SCHEDULED, ""

    @verb
    def announce(self, update: dict[str, Any]) -> None:
        """Take over a feed's update: a dict of the API's fields (models/reports.py)."""
        values = values_of(self, update)
        codeshares = values.pop("codeshares", None)
        for name, value in values.items():
            setattr(self, name, value)
        if codeshares is not None and (text := ", ".join(codeshares)) != self.codeshare_text:
            Codeshare.objects.replace(self, codeshares)
            self.codeshare_text = text

    # What verbs build on

    def lock(self) -> None:
        super().lock()
        self.__dict__.pop("codeshare_text", None)

    def snapshot(self) -> dict[str, str]:
        return {**super().snapshot(), "codeshares": self.codeshare_text}

    @cached_property
    def codeshare_text(self) -> str:
        numbers = self.codeshares.values_list("airline_id", "number")
        return ", ".join(f"{airline} {number}" for airline, number in numbers)

    def record(self, verb: str, before: Before) -> None:
        """Each verb is news of the flight, also where it changes nothing: pages that miss news hear of it."""
        known = self.news
        self.heard_at = max(filter(None, [self.heard_at, (self.context or {}).get("reported_at") or timezone.now()]))
        if self.news != known and self.snapshot() == before.snapshot:
            publish(*self.topics())
        super().record(verb, before)

    def check_rules(self) -> None:
        check_times(self)

    def topics(self) -> list[str]:
        stations = filter(None, [self.origin_id, self.destination_id, self.diverted_to_id])
        return [*map(topics.board, stations), topics.flight(self.pk), topics.flights()]

    def before_commit(self, verb: str, changes: list[FlightChange]) -> None:
        if any(change.field.startswith(("off_block", "landing", "on_block")) for change in changes):
            self.refresh_from_db(fields=["best_departure", "best_arrival"])  # the database computes them

    def new_change(self, **values: Any) -> FlightChange:
        return super().new_change(**values, observed=not values["field"].endswith("_estimated"))

    @property
    def display_name(self) -> str:
        return self.designator

    def refusal(self, verb: str, state: str) -> str:
        if verb not in REFUSED_TO:
            return super().refusal(verb, state)
        words = {"flight": self.designator, "state": self.state_label(state), "refused": REFUSED_TO[verb]}
        return _("%(flight)s is in the state “%(state)s”: %(refused)s.") % words

    def gate_before_for(self, gate: str) -> str:
        """The gate to show struck through beside this one."""
        if gate == self.gate:
            return self.gate_before
        return self.gate if gate else ""

    def codeshare_numbers(self) -> list[str]:
        return [str(codeshare) for codeshare in self.codeshares.all()]

    # What pages show

    @property
    def designator(self) -> str:
        return f"{self.airline_id} {self.number}"

    @property
    def numbers(self) -> list[str]:
        """All its numbers, the operating airline's first."""
        return [self.designator, *self.codeshare_numbers()]

    @property
    def news(self) -> str:
        """What is known of it now (models/news.py)."""
        return news(self.phase, self.best_departure, self.best_arrival, self.heard_at, timezone.now())

    @property
    def delay_minutes(self) -> int:
        departure = self.off_block_actual or self.off_block_estimated or self.off_block_scheduled
        return minutes_between(self.off_block_scheduled, departure)

    @property
    def arrival_delay_minutes(self) -> int:
        return minutes_between(self.on_block_scheduled, self.best_arrival)

    @property
    def delay_reason(self) -> str:
        return str(DELAY_REASONS.get(self.delay_code, ""))

    def states(self, side: str = "departure", today: datetime.date | None = None) -> list[str]:
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
            is_overdue=self.news == OVERDUE,
            is_silent=self.news == SILENT,
            tomorrow=bool(best) and timezone.localdate(best, airport.tz) == today + datetime.timedelta(days=1),
        )
