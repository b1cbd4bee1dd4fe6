"""What travellers may type to find a flight."""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tracking.flights.models.airports import Airline
from tracking.flights.models.codeshares import Codeshare

DESIGNATOR = re.compile(r"([A-Z0-9]{2}|[A-Z]{3})\s*0*([1-9][0-9]{0,3}[A-Z]?)")
NUMBER = re.compile(r"0*([1-9][0-9]{0,3}[A-Z]?)")


def found_by(text: str) -> Q:
    """The condition for what was typed: any number of a flight, a city, an airport or an airline."""
    text = text.strip()
    code = text.upper()
    found = Q(airline__name__icontains=text)  # as typed: SQLite ignores the case of ASCII letters only
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


def has_codeshare(**wanted: Any) -> Exists:
    """The condition that a flight has a further number like this."""
    return Exists(Codeshare.objects.filter(flight=OuterRef("pk"), **wanted))
