"""The cabin as staff see it: who has which seat."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from django.utils.translation import gettext as _

from bookings.seats.layouts import Cell, Kind
from bookings.seats.models import Assignment, Inventory, Status
from clocks import recent

TONES = {Status.CHECKED_IN: "checked-in", Status.BOARDED: "boarded"}


class SeatCell(NamedTuple):
    """A cell of the drawing. ``tone``: free, held, sold, checked-in, boarded or blocked for a seat."""

    kind: str
    code: str = ""
    tone: str = ""
    name: str = ""  # who has it, or why it is blocked
    coupon: int | None = None
    words: str = ""  # all of it, as it is read out
    is_exit: bool = False


class MapRow(NamedTuple):
    number: int | None
    cabin: str  # its name, where the cabin begins
    cells: list[SeatCell]


def seat_rows(inventory: Inventory, now: datetime) -> Iterator[MapRow]:
    related = inventory.assignments.current(now).select_related("coupon__traveller")
    taken, tz = {assignment.seat: assignment for assignment in related}, inventory.flight.origin.tz
    for row in inventory.plan.rows:
        if row.seats or row.begins_cabin:
            cells = [seat_cell(cell, taken, tz) for cell in row.cells]
            yield MapRow(row.number, str(row.cabin.label) if row.begins_cabin else "", cells)


def seat_cell(cell: Cell, taken: dict[str, Assignment], tz: tzinfo) -> SeatCell:
    if cell.seat is None:
        return SeatCell(str(cell.kind))
    code = cell.seat.code
    assignment = taken.get(code)
    if assignment is None:
        tone, name, word = "free", "", _("free")
    else:
        tone, name, word = state_of(assignment, tz)
    coupon = assignment.coupon_id if assignment else None
    words = ", ".join(filter(None, (code, name, word, _("exit row") if cell.seat.is_exit else "")))
    return SeatCell(Kind.SEAT, code, tone, name, coupon, words, cell.seat.is_exit)


def state_of(assignment: Assignment, tz: tzinfo) -> tuple[str, str, str]:
    """Tone, name and word of a seat that is taken."""
    coupon = assignment.coupon
    if assignment.rank is None:
        return "blocked", assignment.reason, _("blocked")
    if coupon is None:
        return "sold", _("elsewhere"), ""
    traveller = coupon.traveller
    name = traveller.name
    if assignment.held_until:
        return "held", name, _("held, may free at %(time)s") % {"time": recent(assignment.held_until, tz)}
    return TONES.get(Status(coupon.status), "sold"), name, str(coupon.get_status_display())
