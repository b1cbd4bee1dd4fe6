"""Which seats a party gets, and what is offered for a seat that is gone. Nothing here asks the database.

Seats are beside each other if they are in one row with no aisle and no gap between: A and C of a regional row are, C and D
on both sides of an aisle aren't.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from bookings.seats.layouts.aircraft import Layout
from bookings.seats.layouts.cells import Seat
from bookings.seats.layouts.parties import FreeRow, best_in_one_row, best_in_rows


class Choice(NamedTuple):
    """Seats for a party, in the order of its travellers. No seats if there are too few; then it is false."""

    seats: list[str]
    is_together: bool = False  # all beside each other
    across_aisle: bool = False  # all in one row, and only aisles between
    family: bool = False  # each child is beside an adult of the party, or there are no children

    def __bool__(self) -> bool:
        return bool(self.seats)


def together(
    layout: Layout,
    free: Collection[str],
    count: int,
    *,
    children: Collection[int] = (),
    avoid_exit: bool = False,
) -> Choice:
    """The best of the free seats for a party.

    ``children`` are the travellers (0 is the first) of 13 years or less. Parties with children don't sit at exits; set
    ``avoid_exit`` for those with an infant or with somebody who needs help.

    First each child is beside an adult, as far as seats allow. Then come the fewest rows, rows near each other, seats
    beside each other, seats that cost nothing extra, and the fewest single seats left over; last the front of the cabin.
    """
    children = set(children)
    if not children <= set(range(count)):
        raise ValueError("children are travellers of the party")
    allowed = {code for code in free if not ((avoid_exit or children) and layout.seats[code].is_exit)}
    if not 0 < count <= len(allowed):
        return Choice([])
    rows = [FreeRow.of(row, allowed, layout) for row in layout.rows if row.seats]
    adults = count - len(children)
    plan = best_in_one_row(rows, adults, len(children))
    if plan is None or plan.apart:
        plan = best_in_rows(rows, adults, len(children))
    taken = {who: iter([seat for seat, other in plan.seats if other == who]) for who in "ac"}
    return judged(layout, [next(taken["c" if index in children else "a"]) for index in range(count)], children)


def judged(layout: Layout, seats: Sequence[str], children: Collection[int] = ()) -> Choice:
    """What can be said of seats that somebody has chosen: whether a party sits together, and its children beside adults."""
    row = sorted((layout.seats[code] for code in seats), key=lambda seat: (seat.row, seat.column))
    beside = [right.code in layout.neighbours(left.code) for left, right in pairwise(row)]
    across = [right.code in layout.across_aisle(left.code) for left, right in pairwise(row)]
    joined = [one or other for one, other in zip(beside, across, strict=True)]
    return Choice(
        list(seats),
        is_together=all(beside),
        across_aisle=all(joined) and not all(beside),
        family=not apart(layout, seats, children),
    )


def apart(layout: Layout, seats: Sequence[str], children: Collection[int]) -> set[int]:
    """The children who are beside no adult of their party."""
    adults = {seat for index, seat in enumerate(seats) if index not in set(children)}
    return {index for index in children if adults.isdisjoint(layout.neighbours(seats[index]))}


def nearest(layout: Layout, free: Collection[str], lost: str, *, avoid_exit: bool = False, most: int = 5) -> list[str]:
    """The free seats that are most like a seat that is gone: of its cabin; first those of its kind (window, aisle, middle),
    then the nearest row, then its side. Raises LookupError.
    """
    if lost not in layout.seats:
        raise LookupError(f"The layout {layout.slug} has no seat {lost}.")
    gone = layout.seats[lost]

    def unlike(seat: Seat) -> tuple[bool, int, bool, int, int]:
        distance = abs(seat.column - gone.column)
        return seat.kind != gone.kind, abs(seat.row - gone.row), seat.side != gone.side, distance, seat.row

    seats = (layout.seats[code] for code in free if code != lost)
    like = [seat for seat in seats if seat.cabin == gone.cabin and not (avoid_exit and seat.is_exit)]
    return [seat.code for seat in sorted(like, key=unlike)[:most]]


def why_not(seat: Seat, kind: str, *, needs_help: bool = False, with_infant: bool = False) -> str:
    """Why a traveller may not have a seat, in a sentence; "" if they may.

    ``kind`` is adult, child (13 or less) or infant (with a seat of their own); ``with_infant`` is an adult with an infant on
    the lap. The codes 1A, IE and 1B of the seat decide.
    """
    infant = kind == "infant" or with_infant
    if infant and "1A" in seat.codes:
        return _("Seat %(seat)s is in an exit row: infants may not sit there.") % {"seat": seat}
    if kind != "adult" and "IE" in seat.codes:
        return _("Seat %(seat)s is in an exit row: children may not sit there.") % {"seat": seat}
    if needs_help and "1B" in seat.codes:
        return _("Seat %(seat)s is in an exit row: who sits there must be able to help others.") % {"seat": seat}
    return ""


def fits(seat: Seat, kind: str, *, needs_help: bool = False, with_infant: bool = False) -> bool:
    """Whether a traveller may have a seat."""
    return not why_not(seat, kind, needs_help=needs_help, with_infant=with_infant)
