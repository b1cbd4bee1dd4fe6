"""The cabins of aircraft types: ``layout("a320").seats["12A"].is_exit``.

They are drawn after what airlines of the United States flew about 2013: plausible, of no airline in particular.
"""

from pathlib import Path

from bookings.seats.layouts.aircraft import Layout
from bookings.seats.layouts.cabins import Cabin
from bookings.seats.layouts.cells import Cell, Kind, Row, Seat
from bookings.seats.layouts.drawing import read

__all__ = ["LAYOUTS", "Cabin", "Cell", "Kind", "Layout", "Row", "Seat", "layout"]

DRAWINGS = Path(__file__).parent / "drawings"
LAYOUTS: dict[str, Layout] = {
    path.stem: read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(DRAWINGS.glob("*.txt"))
}


def layout(slug: str) -> Layout:
    """Raises LookupError with a sentence."""
    if slug not in LAYOUTS:
        raise LookupError(f"There is no layout “{slug}”.")
    return LAYOUTS[slug]
