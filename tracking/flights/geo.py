"""Where airports are, from the package that the table of airports is loaded from: for those without the database."""

from functools import cache
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

import airportsdata

EARTH = 3440.065  # its radius, nautical miles


@cache
def known():
    return airportsdata.load("IATA")


@cache
def zone_of(iata):
    """The zone of its clock, or None if there is no such airport."""
    airport = known().get(iata)
    return ZoneInfo(airport["tz"]) if airport and airport["tz"] else None


def distance(iata, other):
    """The great circle between two airports, nautical miles."""
    a, b = known()[iata], known()[other]
    north, south = radians(a["lat"]), radians(b["lat"])
    half = sin((north - south) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(a["lon"] - b["lon"]) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))
