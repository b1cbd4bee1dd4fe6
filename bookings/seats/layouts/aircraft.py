from itertools import pairwise

from django.utils.functional import cached_property

from bookings.seats.layouts.cabins import Cabin
from bookings.seats.layouts.cells import Kind, Row, Seat


class Layout:
    """The seats of a type of aircraft. It never changes while the program runs."""

    def __init__(self, slug: str, name: str, rows: list[Row]) -> None:
        self.slug, self.name, self.rows = slug, name, rows
        self.seats: dict[str, Seat] = {seat.code: seat for row in rows for seat in row.seats}

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Layout {self.slug}: {self.capacity()} seats>"

    @cached_property
    def cabins(self) -> list[Cabin]:
        """From the front."""
        return list(dict.fromkeys(seat.cabin for seat in self.seats.values()))

    @property
    def columns(self) -> int:
        """Cells of a row."""
        return len(self.rows[0].cells)

    def in_cabin(self, cabin: str) -> list[Seat]:
        """The seats of a cabin, from the front and from the left."""
        return [seat for seat in self.seats.values() if seat.cabin == cabin]

    def capacity(self, cabin: str | None = None) -> int:
        return len(self.seats if cabin is None else self.in_cabin(cabin))

    def neighbours(self, code: str) -> list[str]:
        """The seats beside it, without an aisle or a gap between: none, one or two. Raises LookupError."""
        if code not in self.seats:
            raise LookupError(f"The layout {self.slug} has no seat {code}.")
        return self._neighbours[code]

    def across_aisle(self, code: str) -> list[str]:
        """The seats on the other side of the aisle beside it. Raises LookupError."""
        if code not in self.seats:
            raise LookupError(f"The layout {self.slug} has no seat {code}.")
        return self._across[code]

    @cached_property
    def _neighbours(self) -> dict[str, list[str]]:
        return self._pairs(Kind.CONSOLE)

    @cached_property
    def _across(self) -> dict[str, list[str]]:
        return self._pairs(Kind.CONSOLE, Kind.AISLE, must=Kind.AISLE)

    def _pairs(self, *between: Kind, must: Kind | None = None) -> dict[str, list[str]]:
        """For each seat the next ones that have only such cells between, and at least one of the kind that must be there."""
        pairs: dict[str, list[str]] = {code: [] for code in self.seats}
        for row in self.rows:
            for left, right in pairwise(row.seats):
                kinds = [cell.kind for cell in row.cells[left.column + 1 : right.column]]
                if all(kind in between for kind in kinds) and (must is None or must in kinds):
                    pairs[left.code].append(right.code)
                    pairs[right.code].append(left.code)
        return pairs
