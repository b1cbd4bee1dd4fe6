"""What a till sends: checked field by field, so that a refusal points at each of them."""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    ValidationError,
)

from tracking.orders.till.problems import Problem, of_body
from tracking.orders.totals import LINES, MOST

MOST_BYTES = 64 * 1024
MOST_MONEY = 10**9
FAR = timedelta(days=30)


def soon(moment: datetime) -> datetime:
    if not abs(moment - timezone.now()) < FAR:
        raise ValueError(_("this is not within the next days"))
    return moment


def mail_address(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except DjangoError as fault:
        raise ValueError(_("this is no e-mail address")) from fault
    return text


def text(longest: int, shortest: int = 0) -> Any:
    return Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=shortest, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]*$"
        ),
    ]


Amount = Annotated[StrictInt, Field(ge=0, le=MOST_MONEY)]
Quantity = Annotated[StrictInt, Field(ge=1, le=MOST)]
Key = Annotated[StrictInt, Field(ge=1, lt=2**63)]
ChoiceKey = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$")]


class WantedLine(Schema):
    model_config = ConfigDict(extra="forbid")

    dish: Key = Field(description="The dish’s id, as the menu has it.")
    quantity: Quantity = 1
    choices: dict[ChoiceKey, Quantity] = Field(
        default={}, max_length=50, description="How many of each choice, by its id in the menu."
    )
    note: text(120) = ""
    unit_price: Amount | None = Field(
        default=None, description="Minor units, with choices. If sent, it has to be ours."
    )
    amount: Amount | None = Field(default=None, description="Of the whole line. If sent, it has to be ours.")


class WantedOrder(Schema):
    """An order as the till has it now: all of it, also in a later version."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "number": "A-1017",
                "version": 1,
                "name": "Ada",
                "way": "collection",
                "lines": [{"dish": 12, "quantity": 2, "choices": {"31": 1}}],
                "currency": "USD",
                "total": 3100,
            }
        },
    )

    number: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,60}$")] = Field(description="The till’s own number.")
    version: Annotated[StrictInt, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="Grows with each change. Without one: the first, or the next after If-Match."
    )
    name: text(60, 1) = Field(description="What is called out, such as a first name or a table.")
    email: Annotated[text(254), AfterValidator(mail_address)] = ""
    phone: text(30) = ""
    note: text(200) = ""
    way: Literal["collection", "delivery"] = "collection"
    flight: Annotated[str, StringConstraints(to_upper=True, pattern=r"^([A-Za-z0-9]{2} ?[0-9]{1,4}[A-Za-z]?)?$")] = ""
    gate: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9 ]{0,6}$")] = ""
    wanted_at: Annotated[AwareDatetime, AfterValidator(soon)] | None = Field(
        default=None, description="null: as soon as possible."
    )
    lines: list[WantedLine] = Field(min_length=1, max_length=LINES)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    total: Amount | None = Field(default=None, description="Minor units, with tax. If sent, it has to be ours.")


class Move(Schema):
    """What a stage move needs beside its name."""

    model_config = ConfigDict(extra="forbid")

    reason: text(120) = Field(default="", description="For refuse and cancel: the customer reads it.")
    minutes: Annotated[StrictInt, Field(ge=1, le=180)] | None = Field(default=None, description="For accept.")
    pin: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,4}$")] = Field(default="", description="For deliver.")


def read(request: HttpRequest, schema: Any) -> Any:
    """The body as this schema. Raises Problem. No body is an empty one."""
    try:
        return schema.model_validate(parsed(request))
    except ValidationError as fault:
        raise of_body(fault) from fault


def raw(request: HttpRequest) -> bytes:
    """The body. Raises Problem where it is too large."""
    too_large = Problem(413, "size", _("The body is larger than %(most)s KiB.") % {"most": MOST_BYTES // 1024})
    length = request.headers.get("Content-Length") or ""
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise too_large
    try:
        body = request.body
    except RequestDataTooBig as fault:  # sent in chunks, without its length
        raise too_large from fault
    if len(body) > MOST_BYTES:
        raise too_large
    return body


def parsed(request: HttpRequest) -> Any:
    body = raw(request)
    if not body:
        return {}
    if request.content_type != "application/json":
        raise Problem(415, "type", _("Send application/json."))
    try:
        return json.loads(body, parse_constant=no_number)
    except (ValueError, RecursionError) as fault:
        raise Problem(400, "json", _("The body is not JSON.")) from fault


def no_number(name: str) -> None:
    """NaN and Infinity are no JSON, although Python reads them."""
    raise ValueError(name)
