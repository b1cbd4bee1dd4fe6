"""One act for many rows, of a periodic job: what fails for one does not keep it from the others."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from verbs.refusals import Refused


def each(rows: Iterable[Any], act: Callable[[Any], Any], problem: str) -> int:
    """Act on every row. Returns for how many it was not refused: that is no fault, as the row has just changed.

    The faults are raised together in the end, under the words ``problem``; the job is tried again.
    """
    done, faults = 0, []
    for row in rows:
        try:
            with suppress(Refused):
                act(row)
                done += 1
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup(problem, faults)
    return done
