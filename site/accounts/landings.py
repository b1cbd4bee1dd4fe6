"""Where staff land after signing in.

An app registers it in its ``nav.py``: a function that gets the user, and returns an address, or None for everybody
who does not work there::

    @landing(order=10)
    def desk(user):
        return reverse("flights:desk", args=["JFK"]) if user.has_perm("flights.change_flight") else None
"""

from collections.abc import Callable
from typing import Any

Landing = Callable[[Any], str | None]  # Any: a signed-in user
landings: list[tuple[int, Landing]] = []


def landing(order: int) -> Callable[[Landing], Landing]:
    """Register the decorated function. Whoever works at several places lands at the one with the lowest number."""

    def register(find: Landing) -> Landing:
        landings.append((order, find))
        landings.sort(key=lambda registered: registered[0])
        return find

    return register


def landing_of(user: Any) -> str | None:
    """The address of the place where somebody works, or None."""
    return next((address for _order, find in landings if (address := find(user))), None)
