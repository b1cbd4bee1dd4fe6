"""What a drawing of a cabin is made of: seats, and the cells and rows that hold them."""

from dataclasses import dataclass
from enum import StrEnum

from bookings.seats.layouts.cabins import Cabin


@dataclass(frozen=True)
class Seat:
    """A seat of a layout. ``codes`` are those of EDIFACT 9825, which airlines exchange:

    W window, A aisle, 9 neither, LS and RS left and right side of the aircraft, E exit row, L extra legroom, K bulkhead
    in front, B bassinet, CH chargeable, 1D hardly reclines, V offered last; 1A not for infants, IE not for children,
    1B not for people who need help.
    """

    code: str  # "12A"
    row: int
    letter: str
    column: int  # cell of the drawing; aisles count
    section: int  # from the left; aisles are between sections
    cabin: Cabin
    codes: frozenset[str]

    def __str__(self) -> str:
        return self.code

    @property
    def is_window(self) -> bool:
        return "W" in self.codes

    @property
    def is_aisle(self) -> bool:
        return "A" in self.codes

    @property
    def is_middle(self) -> bool:
        return "9" in self.codes

    @property
    def is_exit(self) -> bool:
        return "E" in self.codes

    @property
    def has_legroom(self) -> bool:
        return "L" in self.codes

    @property
    def is_bulkhead(self) -> bool:
        return "K" in self.codes

    @property
    def is_bassinet(self) -> bool:
        return "B" in self.codes

    @property
    def is_chargeable(self) -> bool:
        return "CH" in self.codes

    @property
    def reclines(self) -> bool:
        return "1D" not in self.codes

    @property
    def kind(self) -> str:
        """window, aisle or middle. A seat that is both window and aisle is a window."""
        if self.is_window:
            return "window"
        return "aisle" if self.is_aisle else "middle"

    @property
    def side(self) -> str:
        """left, right, or centre for the middle of an odd number of seats."""
        if "LS" in self.codes:
            return "left"
        return "right" if "RS" in self.codes else "centre"


class Kind(StrEnum):
    """What a cell is."""

    SEAT = "seat"
    AISLE = "aisle"
    GAP = "gap"  # nothing: the cabin narrows, or a seat is missing
    CONSOLE = "console"  # part of the wide seats beside it
    EXIT = "exit"  # a door
    LAVATORY = "lavatory"
    GALLEY = "galley"
    CLOSET = "closet"


@dataclass(frozen=True)
class Cell:
    kind: Kind
    seat: Seat | None = None


@dataclass(frozen=True)
class Row:
    """One line of the drawing, front to back. Doors, lavatories and galleys have lines of their own, without a number."""

    number: int | None
    cabin: Cabin
    cells: tuple[Cell, ...]
    begins_cabin: bool = False

    @property
    def seats(self) -> list[Seat]:
        return [cell.seat for cell in self.cells if cell.seat]

    @property
    def is_exit(self) -> bool:
        """Whether there is an exit: a door, or windows over the wing beside the seats."""
        return any(cell.kind == Kind.EXIT or (cell.seat and cell.seat.is_exit) for cell in self.cells)
