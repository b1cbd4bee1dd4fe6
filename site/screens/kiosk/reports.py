"""What a device says: valid values only, since anybody can send anything."""

import json
import math
from typing import Any

MAX_BODY = 4096  # bytes


class Invalid(ValueError):
    """Not what a device says."""


def read(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises Invalid."""
    if len(body) > MAX_BODY:
        raise Invalid("too long")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("not JSON") from None
    if not isinstance(said, dict):
        raise Invalid("not an object")
    return said


def whole(said: dict[str, Any], name: str, least: int, most: int) -> int:
    """A number between two bounds, rounded; what is beyond them counts as the bound. Raises Invalid."""
    return round(number(said, name, least, most))


def number(said: dict[str, Any], name: str, least: int, most: int) -> float:
    """The same, not rounded."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(min(value, most)):
        raise Invalid(name)
    return min(max(value, least), most)


def word(said: dict[str, Any], name: str, most: int) -> str:
    """A short text of one line; "" if it is missing. Raises Invalid."""
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise Invalid(name)
    return value


def yes(said: dict[str, Any], name: str) -> bool:
    return said.get(name) is True


def self_test(said: dict[str, Any]) -> dict[str, Any]:
    """What a device found out about itself before it was paired."""
    return {
        "engine": word(said, "engine", 40),
        "width": whole(said, "width", 0, 20_000),
        "height": whole(said, "height", 0, 20_000),
        "pixel_ratio": round(number({"pixel_ratio": 1, **said}, "pixel_ratio", 0, 20), 2),
        "clock_offset": whole(said, "clock_offset", -(10**12), 10**12),
        "live": yes(said, "live"),  # its engine can show the live board
        "socket": yes(said, "socket"),
        "worker": yes(said, "worker"),  # starts without a network
    }
