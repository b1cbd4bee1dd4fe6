"""The history of a row in words: who did what, when, and what changed by it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from clocks import clock


class Difference(NamedTuple):
    """One field that changed: its name, the value before and the value after, as they are shown."""

    label: str
    before: str
    after: str
    is_expected: bool = False  # an estimate, and not something that happened


class Step(NamedTuple):
    """One verb: when, its name in words ("" where the differences say it all), by whom ("" names nobody)."""

    at: str
    label: str
    by: str
    differences: list[Difference]


class Timeline:
    """Makes Steps of the Change rows of one row. A subclass decides what its readers may know, and the words.

    The defaults show the UTC clock, name the person who acted, and show each field that changed.
    """

    def __init__(self, instance: Any) -> None:
        self.instance = instance

    def steps(self, changes: Iterable[Any] | None = None) -> list[Step]:
        """All that was done, the latest first; or only what these changes, oldest first, say."""
        rows = self.changes() if changes is None else changes
        verbs = [list(group) for _revision, group in groupby(rows, lambda change: change.revision)]
        return [self.step(changes) for changes in reversed(verbs)]

    def step(self, changes: list[Any]) -> Step:
        """The Step of one verb's changes."""
        first = changes[0]
        differences = [self.difference(change) for change in changes]
        return Step(self.clock(first.at), self.label(first), self.by(first), [d for d in differences if d])

    # What a subclass may override

    def changes(self) -> Iterable[Any]:
        """All changes, oldest first, with what the words need."""
        return self.instance.changes.select_related("by")  # type: ignore[no-any-return]

    def label(self, change: Any) -> str:
        """The verb in words."""
        return ""

    def by(self, change: Any) -> str:
        """Who did it, as the readers may know."""
        return str(change.by or "")

    def difference(self, change: Any) -> Difference | None:
        """One change in words; None leaves it out."""
        return Difference(str(change.label), self.value(change, change.was), self.value(change, change.now))

    def value(self, change: Any, value: Any) -> str:
        """A value before or after a change."""
        return self.clock(value, change) if isinstance(value, datetime) else str(value or "")

    def clock(self, moment: datetime, change: Any = None) -> str:
        """A moment in words; ``change`` is given for a field's value, since a field may have a clock of its own."""
        return clock(moment, UTC)
