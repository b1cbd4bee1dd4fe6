"""Why a verb was refused. The text of each refusal is a sentence for the person who asked."""

from collections.abc import Mapping
from typing import Any

from strangers import TooMany
from verbs.refusals import Changed, IllegalMove, Refused

__all__ = [
    "Changed",
    "Closed",
    "Full",
    "IllegalMove",
    "Known",
    "NotValid",
    "Refused",
    "RoomLeft",
    "TooLate",
    "TooMany",
    "Unfit",
]


class Full(Refused):
    """Not all places that were asked for are free. ``left``: what is free of each type that was asked for, by key."""

    def __init__(self, text: str, left: Mapping[int, int]) -> None:
        super().__init__(text)
        self.left = dict(left)


class Closed(Refused):
    """The sale has not begun, or has ended, or the event is over or cancelled."""


class Known(Refused):
    """This person has registered or waits already. ``thing``: the registration or the entry."""

    def __init__(self, text: str, thing: Any = None) -> None:
        super().__init__(text)
        self.thing = thing


class NotValid(Refused):
    """A voucher that is unknown, used up, over, or not for this."""


class RoomLeft(Refused):
    """Nobody has to wait: there are places for this party."""


class TooLate(Refused):
    """The deadline has passed."""


class Unfit(Refused):
    """The request is impossible, such as a group of nobody or a ticket type of another event."""
