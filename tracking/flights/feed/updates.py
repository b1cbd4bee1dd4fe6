"""The updates of a feed: checked field by field, then taken one by one."""

import datetime
import logging
import re
from typing import Annotated, Any, Literal

from django.db import DataError, Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from tracking.flights.feed import metrics
from tracking.flights.models import Airline, Flight, ImpossibleTime, Source
from tracking.flights.models.names import better_name
from tracking.flights.models.reports import STATES
from tracking.flights.models.times import AHEAD, is_in_range
from verbs.refusals import Refused

log = logging.getLogger("airside.flights")

MOST_FAULTS = 10  # of one record that its refusal names
IDENTITY = ("airline", "number", "origin", "date")
CODESHARE = re.compile(r"([A-Z0-9]{2}|[A-Z]{3}) ?0*([1-9][0-9]{0,3}[A-Z]?)")


def upper(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def designator(value: str) -> str:
    """ "aa7623" and "AA 07623" are "AA 7623"."""
    match = CODESHARE.fullmatch(upper(value))
    if match is None:
        raise ValueError(_("a flight number looks like AA 7623"))
    return f"{match[1]} {match[2]}"


def text(length: int, pattern: str | None = None) -> Any:
    return Annotated[str, BeforeValidator(upper), StringConstraints(max_length=length, pattern=pattern)] | None


Code = Annotated[str, BeforeValidator(upper), StringConstraints(pattern=r"^([A-Z0-9]{2}|[A-Z]{3})$")]
Number = Annotated[
    str,
    BeforeValidator(upper),
    StringConstraints(pattern=r"^0{0,3}[1-9][0-9]{0,3}[A-Z]?$"),
    AfterValidator(lambda number: number.lstrip("0")),
]
Iata = Annotated[str, BeforeValidator(upper), StringConstraints(pattern=r"^[A-Z]{3}$")]


def at_an_airport(moment: datetime.datetime) -> datetime.datetime:
    """Times further away can't be told on every clock of the world, or in every database."""
    if not is_in_range(moment):
        raise ValueError(_("this is no time of a flight"))
    return moment


Time = Annotated[AwareDatetime, AfterValidator(at_an_airport)]
Moment = Time | None
Short = text(6, r"^[A-Z0-9 /-]*$")


class Update(Schema):
    """A source's report of one flight. An absent field stays, null withdraws it. Times are ISO 8601 with an offset."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "airline": "B6",
                "number": "1010",
                "origin": "JFK",
                "date": "2026-11-21",
                "reported_at": "2026-11-21T18:02:00Z",
                "destination": "BOS",
                "scheduled_departure": "2026-11-21T20:30:00Z",
                "estimated_departure": "2026-11-21T21:10:00Z",
                "gate": "B22",
                "state": "BRD",
                "delay_code": "93",
            }
        },
    )

    airline: Code = Field(description="The operating airline's IATA or ICAO code.")
    number: Number
    origin: Iata
    date: datetime.date = Field(description="The local day at the origin that the flight is scheduled to leave on.")
    reported_at: Time = Field(
        description="The time of the report by the source's own clock. Older reports are ignored."
    )
    airline_name: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")] = ""
    destination: Iata = ""
    scheduled_departure: Moment = None
    estimated_departure: Moment = None
    actual_departure: Moment = None
    estimated_takeoff: Moment = None
    actual_takeoff: Moment = None
    estimated_landing: Moment = None
    actual_landing: Moment = None
    scheduled_arrival: Moment = None
    estimated_arrival: Moment = None
    actual_arrival: Moment = None
    terminal: text(4, r"^[A-Z0-9 ]*$") = None
    gate: Short = None
    stand: Short = None
    desks: text(20, r"^[A-Z0-9 ,/–-]*$") = None
    arrival_terminal: text(4, r"^[A-Z0-9 ]*$") = None
    arrival_gate: Short = None
    belt: Short = None
    tail: text(10, r"^[A-Z0-9-]*$") = None
    codeshares: list[Annotated[str, AfterValidator(designator)]] | None = Field(default=None, max_length=20)
    delay_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = Field(
        default=None, description="IATA AHM 730."
    )
    diverted_to: Iata | None = None
    state: Literal[STATES] | None = Field(default=None, description="A public state's code.")


class Refusal(Schema):
    index: int = Field(description="The index of the update in the array, from 0.")
    reason: str


class Answer(Schema):
    accepted: int
    ignored: int = Field(description="Reports that are not newer than the source's last one of the flight.")
    refused: list[Refusal]


class Problem(Schema):
    error: str


def take(source: Source, records: list[Any]) -> Answer:
    """Take a source's records (parsed JSON values). Each is accepted, ignored or refused by itself."""
    answer = Answer(accepted=0, ignored=0, refused=[])
    names = dict(Airline.objects.values_list("pk", "name"))
    for index, record in enumerate(records):
        try:
            outcome = take_one(source, record, names)
        except Refused as refusal:
            answer.refused.append(Refusal(index=index, reason=str(refusal)))
        except Exception as fault:
            if isinstance(fault, Error) and not isinstance(fault, DataError):
                raise  # the database, and not the record
            log.exception("cannot take record %s of %s", index, source)
            metrics.faults.inc()
            answer.refused.append(Refusal(index=index, reason=_("This update can’t be taken; the fault is logged.")))
        else:
            setattr(answer, outcome, getattr(answer, outcome) + 1)
    return answer


def take_one(source: Source, record: Any, names: dict[str, str]) -> str:
    """Take one record: "accepted" or "ignored". Raises Refused, with nothing done.

    ``names`` has the names of the airlines that are known, by their codes. A new airline is added to it.
    """
    update = checked(record)
    fields = update.model_dump(include=update.model_fields_set)
    identity = {name: fields.pop(name) for name in IDENTITY}
    current = names.get(update.airline, "")
    name = better_name(update.airline, current, fields.pop("airline_name", ""))
    with transaction.atomic():
        if name != current:
            Airline.objects.called(update.airline, name)
        outcome = Flight.objects.report(source, identity, fields.pop("reported_at"), fields)
    names[update.airline] = name
    return outcome


def checked(record: Any) -> Update:
    """The update in a record. Raises Refused."""
    try:
        update = Update.model_validate(record)
    except ValidationError as fault:
        raise Refused("; ".join(map(sentence, fault.errors()[:MOST_FAULTS]))) from fault
    if update.reported_at > timezone.now() + AHEAD:
        raise ImpossibleTime(_("“reported_at” lies in the future."))
    if update.date > timezone.localdate() + datetime.timedelta(days=400):
        raise ImpossibleTime(_("“date” lies more than 400 days ahead."))
    return update


def sentence(fault: Any) -> str:
    """What is wrong with a field. A sender's own words are cut, and may hold what is no character."""
    where = ".".join(str(part) for part in fault["loc"][:2] if part not in ("str", "constrained-str"))
    text = f"{where[:60]}: {fault['msg']}" if where else fault["msg"]
    return text.encode(errors="replace").decode()
