"""Why a verb was refused at a restaurant. The text of each refusal is a sentence for the person who asked."""

from collections.abc import Sequence
from typing import Any

from strangers import TooMany
from verbs.refusals import Changed, IllegalMove, Refused

__all__ = [
    "Changed",
    "Closed",
    "Full",
    "IllegalMove",
    "Known",
    "NotHere",
    "Refused",
    "RoomLeft",
    "Taken",
    "TooLate",
    "TooMany",
    "Unfit",
]


class Taken(Refused):
    """Another party has the table. ``by`` is its reservation, or None if that has ended meanwhile."""

    def __init__(self, text: str, by: Any = None) -> None:
        super().__init__(text)
        self.by = by


class Full(Refused):
    """No table is left at that time, or the pacing lets nobody else come."""


class Closed(Refused):
    """The restaurant takes no guests at that time."""


class Unfit(Refused):
    """The request is impossible, such as a party of zero or a time that has passed."""


class TooLate(Refused):
    """The guest's deadline has passed."""


class RoomLeft(Refused):
    """Nobody has to wait: these ``times`` are free."""

    def __init__(self, text: str, times: Sequence[Any]) -> None:
        super().__init__(text)
        self.times = times


class Known(Refused):
    """This person waits already, or has a table already."""


class NotHere(Refused):
    """The party has shown no sign that it is at the door."""
