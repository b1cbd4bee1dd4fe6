"""Why a verb was not done. The text of each refusal is a sentence for the person who asked.

An app adds its own reasons as subclasses of Refused, for example a table that is taken or a time that is impossible.
"""

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """Nothing was changed."""


class IllegalMove(Refused):
    """The verb is not legal in the state that the row has now."""


class Changed(Refused):
    """The row has changed since the person saw it. ``changes`` are the Change rows since then, oldest first."""

    def __init__(self, text: str, changes: Sequence[Any]) -> None:
        super().__init__(text)
        self.changes = list(changes)
