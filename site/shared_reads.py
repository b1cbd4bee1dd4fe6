"""What several requests ask for at the same time, read once for all of them::

whole = read_once(request, ("event", slug), lambda: read_event(slug))

A reading that began after a request came is as good as one of its own: it has all that was committed before the request. So
nothing is ever shown that is older than the request, and nothing has to be invalidated. Where few people come, each reads for
itself; where requests wait for their turn, those that came before one of them reads share what it finds.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.http import HttpRequest

Found = TypeVar("Found")

ARRIVED = "arrived"  # in the scope of a request: when it came, by time.monotonic()
MOST = 64  # readings that are kept
PATIENCE = 1  # seconds that one waits for another's reading; then one reads for oneself


class Slot:
    """The last reading of one thing. ``began``: when, by ``time.monotonic()``; before any time while there is none."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.began = float("-inf")
        self.found: Any = None


slots: OrderedDict[Hashable, Slot] = OrderedDict()
slots_lock = Lock()


def read_once(request: HttpRequest | None, key: Hashable, read: Callable[[], Found]) -> Found:
    """What ``read`` finds, or what another request has found since this one came. Nobody may change what is found.

    ``key`` names the thing and all that its reading depends on, such as the language. A request without a time of arrival, such
    as a test client's, reads for itself.
    """
    came = getattr(request, "scope", {}).get(ARRIVED)
    if came is None:
        return read()
    slot = slot_of(key)
    if not slot.lock.acquire(timeout=PATIENCE):
        return read()
    try:
        if slot.began < came:
            began = time.monotonic()
            slot.found = read()
            slot.began = began
        found: Found = slot.found
        return found
    finally:
        slot.lock.release()


def slot_of(key: Hashable) -> Slot:
    with slots_lock:
        slot = slots.setdefault(key, Slot())
        slots.move_to_end(key)
        if len(slots) > MOST:
            slots.popitem(last=False)
    return slot
