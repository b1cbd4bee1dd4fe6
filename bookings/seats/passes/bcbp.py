"""The text in the code of a boarding pass, by IATA Resolution 792 (Bar Coded Boarding Pass, format M).

Each pass begins with 23 characters about the passenger; each flight (*leg*) has 37 more, and a part of a size that it
declares, which is skipped here. A pass for one flight without such a part has exactly 60 characters::

    M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100

The day is the day of the year, without the year: see ``date_of``.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

INFANT = "INF"
HEAD, LEG = 23, 37
SHORT_LEG = 25  # up to the cabin: some airlines print no seat and no sequence before check-in
LONGEST = 1000  # the largest code that airlines print has some 600 characters

_HEAD = re.compile(r"(?P<name>[A-Z][A-Z './-]{19})(?P<ticket>[E ])")
_FLIGHT = re.compile(
    r"(?P<reference>[A-Z0-9]{5,7} {0,2})"
    r"(?P<origin>[A-Z]{3})(?P<destination>[A-Z]{3})"
    r"(?P<carrier>[A-Z0-9]{2}[A-Z0-9 ])(?P<number>\d{4})(?P<suffix>[A-Z ])"
    r"(?P<day>\d{3})(?P<cabin>[A-Z])"
)
_SEAT = re.compile(
    r"(?P<seat>(?!000)\d{3}[A-Z]|[A-Z]{3}[A-Z ]|    )(?P<sequence>\d{4}[0-9A-Z ]|     )(?P<status>[0-9A-Z ])"
)
_SIZE = re.compile(r"[0-9A-F]{2}")


class NotAPass(Exception):
    """The text is no boarding pass. The message is a sentence that says why."""


@dataclass(frozen=True)
class Pass:
    """One passenger on one flight.

    ``seat`` is "12A", "" where there is none, or ``INFANT`` for an infant on a lap. ``status`` is "0" before check-in,
    "1" after it. ``sequence`` is the number of the check-in, and not a boarding group: the code has none.
    """

    name: str
    reference: str
    origin: str
    destination: str
    carrier: str
    number: int
    day: int
    cabin: str
    seat: str = ""
    sequence: int = 0
    status: str = "1"
    suffix: str = ""
    ticket: bool = True


def encode(leg: Pass) -> str:
    """The 60 characters of a pass for one flight. ValueError where a value has no room in them."""
    head = f"M1{leg.name:<20}{'E' if leg.ticket else ' '}"
    flight = (
        f"{leg.reference:<7}{leg.origin}{leg.destination}{leg.carrier:<3}{leg.number:04}{leg.suffix:<1}"
        f"{leg.day:03}{leg.cabin}"
    )
    seat = f"{_printed_seat(leg.seat)}{leg.sequence:04} {leg.status}"
    text = f"{head}{flight}{seat}00"
    try:
        same = decode(text) == [leg]
    except NotAPass as fault:
        raise ValueError(f"not possible in a boarding pass: {fault}") from fault
    if not same:
        raise ValueError(f"not possible in a boarding pass: {leg}")
    return text


def decode(text: str, short: bool = False) -> list[Pass]:
    """The flights of a boarding pass, in their order. NotAPass for everything else.

    ``short`` also accepts a pass for one flight that ends after the cabin, without a seat and a sequence.
    """
    if not text.strip():
        raise NotAPass(_("The code is empty."))
    if len(text) > LONGEST:
        raise NotAPass(_("The code is longer than any boarding pass."))
    if not text.isascii() or not text.isprintable():
        raise NotAPass(_("It has characters that no boarding pass has."))
    if text[0] != "M":
        raise NotAPass(_("Its format is not M, the format of boarding passes."))
    if text[1:2] not in tuple("123456789"):
        raise NotAPass(_("It does not say how many flights it has."))
    if len(text) < HEAD:
        raise NotAPass(_("It is too short for a boarding pass."))
    head = _HEAD.fullmatch(text[2:HEAD])
    if head is None:
        raise NotAPass(_("Its name is not as boarding passes have it."))
    legs, at = [], HEAD
    for number in range(1, int(text[1]) + 1):
        values, at = _leg(text, at, number, short and text[1] == "1")
        legs.append(Pass(name=head["name"].rstrip(), ticket=head["ticket"] == "E", **values))
    return legs


def date_of(day: int, scanned: date) -> date:
    """The date with this number in its year that is nearest to the day of the scan.

    The day of the scan is the local one at the airport of departure. NotAPass for day 366 far from any leap year.
    """
    found = [that for year in (scanned.year - 1, scanned.year, scanned.year + 1) if (that := _in_year(day, year))]
    if not found:
        raise NotAPass(_("The year has no day %(day)s.") % {"day": day})
    return min(found, key=lambda that: abs(that - scanned))


def _leg(text: str, at: int, number: int, short: bool) -> tuple[dict[str, Any], int]:
    """The values of the flight that begins at this character, and where the next one begins."""
    if len(text) < at + (SHORT_LEG if short else LEG):
        raise NotAPass(
            _("It ends too early: flight %(number)s of %(all)s is incomplete.") % {"number": number, "all": text[1]}
        )
    flight = _FLIGHT.fullmatch(text[at : at + SHORT_LEG])
    if flight is None or not 1 <= int(flight["day"]) <= 366:
        raise NotAPass(_("Flight %(number)s in it is not as boarding passes have it.") % {"number": number})
    values: dict[str, Any] = {
        "reference": flight["reference"].rstrip(),
        "origin": flight["origin"],
        "destination": flight["destination"],
        "carrier": flight["carrier"].rstrip(),
        "number": int(flight["number"]),
        "suffix": flight["suffix"].strip(),
        "day": int(flight["day"]),
        "cabin": flight["cabin"],
    }
    if short and len(text) == at + SHORT_LEG:
        return values | {"status": "0"}, len(text)
    seat = _SEAT.fullmatch(text[at + SHORT_LEG : at + LEG - 2])
    if seat is None:
        raise NotAPass(
            _("The seat or the sequence of flight %(number)s is not as boarding passes have it.") % {"number": number}
        )
    size = _SIZE.fullmatch(text[at + LEG - 2 : at + LEG])
    if size is None:
        raise NotAPass(_("It does not say the size of what follows flight %(number)s.") % {"number": number})
    values |= {
        "seat": seat["seat"].strip().lstrip("0"),
        "sequence": int(seat["sequence"][:4].strip() or 0),
        "status": seat["status"].strip(),
    }
    end = at + LEG + int(size[0], 16)
    if len(text) < end:
        raise NotAPass(
            _("It ends too early: it says that %(count)s more characters follow.") % {"count": end - len(text)}
        )
    return values, end


def _printed_seat(seat: str) -> str:
    row, letter = seat[:-1], seat[-1:]
    return f"{int(row):03}{letter}" if row.isdigit() else f"{seat:<4}"


def _in_year(day: int, year: int) -> date | None:
    that = date(year, 1, 1) + timedelta(days=day - 1)
    return that if that.year == year and day >= 1 else None
