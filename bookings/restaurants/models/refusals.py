"""Why something was not done at a restaurant. The text of each refusal is a sentence for the person who asked."""

from typing import Any

from verbs.refusals import Changed, IllegalMove, Refused

__all__ = ["Changed", "Closed", "Full", "IllegalMove", "Refused", "Taken", "Unfit"]


class Taken(Refused):
    """Somebody else has the table. ``by`` is the reservation that has it, or None if that has ended meanwhile."""

    def __init__(self, text: str, by: Any = None) -> None:
        super().__init__(text)
        self.by = by


class Full(Refused):
    """No table, or no pacing, is left at that time."""


class Closed(Refused):
    """The restaurant takes no guests then."""


class Unfit(Refused):
    """The request is impossible: a party of none, a time that has passed."""
