"""What was wrong with a call, as application/problem+json (RFC 9457): what it was, and a pointer to each field."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import ValidationError

from tracking.orders.models.handing_verbs import WrongPin
from tracking.orders.models.till_verbs import OldVersion
from tracking.orders.placing import LineFaults, OtherBody, Unfit
from verbs.refusals import Changed, IllegalMove, Refused

MOST_ERRORS = 50
LONGEST = 300


class Problem(Exception):
    """``kind`` is the end of its type; ``errors``: (pointer into the body, a sentence)."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.headers = list(errors), dict(headers or {})

    def response(self) -> HttpResponse:
        content: dict[str, Any] = {
            "type": f"urn:airside:problem:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": clean(self.detail),
        }
        if self.errors:
            content["errors"] = [
                {"pointer": clean(pointer), "detail": clean(text)} for pointer, text in self.errors[:MOST_ERRORS]
            ]
        return HttpResponse(json.dumps(content), "application/problem+json", status=self.status, headers=self.headers)


def clean(text: str) -> str:
    """A sender's own words are cut, and may hold what is no character."""
    return text.encode(errors="replace").decode()[:LONGEST]


def of_refusal(refusal: Refused, at: str = "") -> Problem:
    """The problem that a refusal is. ``at``: the pointer where the refusal itself names no field."""
    words = str(refusal)
    match refusal:
        case LineFaults():
            return Problem(422, "lines", words, ((pointer_of(fault), fault.text) for fault in refusal.faults))
        case Unfit():
            return Problem(422, "order", words, [(f"#/{refusal.field}", words)])
        case OtherBody():
            return Problem(409, "version", words, [("#/version", words)])
        case OldVersion():
            return Problem(409, "version", words, [("#/version", words)])
        case WrongPin():
            return Problem(422, "pin", words, [("#/pin", words)])
        case Changed():
            return Problem(412, "changed", words)
        case IllegalMove():
            return Problem(409, "state", words)
    return Problem(422, "refused", words, [(at, words)] if at else [])


def pointer_of(fault: Any) -> str:
    """A group that has too few is a matter of the line's choices as a whole."""
    field = "choices" if fault.field.startswith("groups/") else fault.field
    return f"#/lines/{fault.line}/{field}"


def of_body(fault: ValidationError) -> Problem:
    """The fields that are not what they have to be."""
    errors = [(pointer(error["loc"]), error["msg"]) for error in fault.errors(include_url=False, include_input=False)]
    return Problem(422, "fields", _("Some fields are not what they have to be."), errors)


def pointer(loc: Iterable[Any]) -> str:
    """As RFC 6901 writes it in the fragment of an address."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in loc if part != "[key]"]
    return "#" + "".join(f"/{part[:60]}" for part in parts)
