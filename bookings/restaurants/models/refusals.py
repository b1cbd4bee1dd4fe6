"""Why a verb was refused at a restaurant. The text of each refusal is a sentence for the person who asked."""

from typing import Any

from verbs.refusals import Changed, IllegalMove, Refused

__all__ = ["Changed", "Closed", "Full", "IllegalMove", "Refused", "Taken", "Unfit"]


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
