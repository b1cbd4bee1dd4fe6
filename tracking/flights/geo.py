"""Zones and distances of airports, without the database: from the package that the table of airports is loaded from."""

from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

import airportsdata

EARTH_RADIUS = 3440.065  # nautical miles


@cache
def known() -> dict[str, Any]:
    return airportsdata.load("IATA")


@cache
def zone_of(iata: str) -> ZoneInfo | None:
    """The time zone of an airport, or None if there is no such airport."""
    airport = known().get(iata)
    return ZoneInfo(airport["tz"]) if airport and airport["tz"] else None


def distance(iata: str, other: str) -> float:
    """The great circle between two airports, nautical miles."""
    a, b = known()[iata], known()[other]
    north, south = radians(a["lat"]), radians(b["lat"])
    half = sin((north - south) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(a["lon"] - b["lon"]) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))


def distance_between(iata: str, other: str) -> float | None:
    """The same; None where one of them is in no table."""
    return distance(iata, other) if iata in known() and other in known() else None
