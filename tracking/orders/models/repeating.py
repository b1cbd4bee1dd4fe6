"""Verbs that may be sent again: of two cooks who tap at once one makes the move, and both are right."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from tracking.orders.models.states import DONE_BEFORE, LOOKS_ITSELF
from verbs.models import Tracked

P = ParamSpec("P")
T = TypeVar("T", bound="Repeating")


class Repeating(Tracked):
    class Meta:
        abstract = True

    def was_done(self, verb: str, state: str | None = None) -> bool:
        """Whether a verb was done before, so that it has nothing to change."""
        return (self.state_now if state is None else state) in DONE_BEFORE.get(verb, ())

    def check_legal(self, verb: str, state: str | None = None) -> None:
        if verb not in LOOKS_ITSELF and not self.was_done(verb, state):
            super().check_legal(verb, state)

    def demand(self, verb: str) -> None:
        """For verbs that look themselves whether they were done before: raise IllegalMove where this one is not legal now."""
        super().check_legal(verb)


def repeatable(method: Callable[Concatenate[T, P], None]) -> Callable[Concatenate[T, P], None]:
    """Goes below ``@verb``: where the verb was done before, the method does not run. No history, nothing published."""

    @wraps(method)
    def perform(self: T, *args: P.args, **kwargs: P.kwargs) -> None:
        if not self.was_done(method.__name__):
            method(self, *args, **kwargs)

    return perform
