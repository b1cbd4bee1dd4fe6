"""What open pages of a search were shown, so that nothing moves on them and changes can be told from what was there.

Both are kept in the cache that all processes share. Where it has lost them, an open page shows a new search.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from django.core.cache import cache

LISTS_KEPT = 24 * 3600  # seconds
PRICES_KEPT = 3600
MARKED = timedelta(seconds=60)  # how long an old price stands beside the new one


def keep_list(ids: Sequence[str]) -> str:
    """Remember which itineraries a page shows, in which order; returns the short name of the list.

    Pages that show the same have the same name, so that they watch the same region.
    """
    text = " ".join(ids)
    name = blake2b(text.encode(), digest_size=9).hexdigest()
    cache.set(f"flight-search-list-{name}", text, LISTS_KEPT)
    return name


def kept_list(name: str) -> list[str] | None:
    """The itineraries of a list, or None where nobody knows it any more."""
    text = cache.get(f"flight-search-list-{name}") if name.isalnum() else None
    return None if text is None else text.split()


class Seen(NamedTuple):
    """What a fare has looked like: its price, its seats since when, and its former price until when it is shown."""

    amount: int
    seats: int
    counted: datetime
    was: int | None = None
    until: datetime | None = None


class Memory:
    """The fares of one search, as they were last shown to anybody."""

    def __init__(self, *search: object) -> None:
        words = "-".join(str(part) for part in search)
        self.key = f"flight-search-fares-{blake2b(words.encode(), digest_size=12).hexdigest()}"

    def see(self, fares: Iterable[tuple[str, int, int]], now: datetime) -> dict[str, Seen]:
        """Compare these (name, amount, seats) with what was shown before, and remember them. By name.

        The time of a count stays while the count does; a former price stays for MARKED.
        """
        before: dict[str, Seen] = cache.get(self.key) or {}
        after = {name: seen(before.get(name), amount, seats, now) for name, amount, seats in fares}
        if any(before.get(name) != found for name, found in after.items()):
            cache.set(self.key, {**before, **after}, PRICES_KEPT)
        else:
            cache.touch(self.key, PRICES_KEPT)
        return after


def seen(before: Seen | None, amount: int, seats: int, now: datetime) -> Seen:
    if before is None:
        return Seen(amount, seats, now)
    counted = before.counted if before.seats == seats else now
    if before.amount != amount:
        return Seen(amount, seats, counted, before.amount, now + MARKED)
    is_marked = before.until is not None and before.until > now
    return Seen(amount, seats, counted, *((before.was, before.until) if is_marked else (None, None)))
