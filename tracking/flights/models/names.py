"""The names of airlines: those that ship with Airside, those that a feed gives, and what stands in for an unknown one."""

import csv
from functools import cache
from pathlib import Path

AIRLINES = Path(__file__).parent.parent / "data" / "airlines.csv"


@cache
def shipped() -> dict[str, str]:
    """The names that ship with Airside, by IATA and by ICAO code."""
    with AIRLINES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row["icao"]: row["name"] for row in rows if row["icao"]}
    return names | {row["iata"]: row["name"] for row in rows}


def name_of(code: str, given: str = "") -> str:
    """The name of an airline: the shipped one, or the ``given`` one where that is of another airline; else its code.

    Feeds write "Delta Air Lines Inc.", and codes pass from one airline to another: the first word says which it is.
    """
    known = shipped().get(code, "")
    if known and (not given.split() or first_word(given) == first_word(known)):
        return known
    return given.strip() or code


def better_name(code: str, current: str, given: str = "") -> str:
    """The name to show from now on: a name that nobody gave the airline is replaced, and any other stays."""
    return name_of(code, given) if current in ("", code, name_of(code)) else current


def first_word(name: str) -> str:
    return name.split()[0].casefold()
