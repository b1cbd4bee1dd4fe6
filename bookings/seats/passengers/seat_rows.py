"""The rows of a seat map, as values: what everybody may know of each seat."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.layouts import Cell, Kind, Seat
from bookings.seats.models import Inventory, Rules
from bookings.seats.models.choosing import fee_of
from clocks import clock
from money import Money

FREE, HELD, TAKEN, BLOCKED = "free", "held", "taken", "blocked"


class CellRow(NamedTuple):
    """One cell. For a seat ``state`` is one of the four above, ``until`` and ``clock`` say when a held one may be free."""

    kind: str
    words: str = ""
    code: str = ""
    letter: str = ""
    looks: str = ""  # classes
    state: str = ""
    until: str = ""
    clock: str = ""
    fee: str = ""  # where the fare lets one choose for a charge; "" where it costs nothing


class MapRow(NamedTuple):
    id: int
    number: int | None
    is_exit: bool
    cells: tuple[CellRow, ...]


def map_rows(inventory: Inventory, cabin: str, rules: Rules, now: datetime) -> Iterator[MapRow]:
    taken, tz = inventory.taken(now), inventory.flight.origin.tz
    fees = charged_fees(inventory, cabin, rules)
    for index, row in enumerate(inventory.plan.rows):
        if row.cabin != cabin:
            continue
        cells = tuple(cell_row(cell, taken, fees, tz) for cell in row.cells)
        yield MapRow(index, row.number, any(cell.seat and cell.seat.is_exit for cell in row.cells), cells)


def charged_fees(inventory: Inventory, cabin: str, rules: Rules) -> dict[str, Money]:
    """What each seat costs where the fare lets one choose for a charge, without those that cost nothing."""
    families = rules.families(cabin)
    if not families:
        return {}
    currency = families[0].terms.currency
    terms = Terms(currency, None, 0, 0, SeatChoice.CHARGED, 0)
    fees = {seat.code: fee_of(rules, terms, seat) for seat in inventory.plan.in_cabin(cabin)}
    return {code: Money(fee, currency) for code, fee in fees.items() if fee}


def cell_row(cell: Cell, taken: Mapping[str, Any], fees: Mapping[str, Money], tz: Any) -> CellRow:
    seat = cell.seat
    if seat is None:
        return CellRow(str(cell.kind), cell_words(cell.kind))
    looks = " ".join(name for name, is_so in looks_of(seat).items() if is_so)
    fee = str(fees.get(seat.code, ""))
    words = seat_words(seat)
    assignment = taken.get(seat.code)
    if assignment is None:
        return CellRow("seat", words, seat.code, seat.letter, looks, FREE, fee=fee)
    if assignment.held_until:
        until = assignment.held_until.isoformat(timespec="seconds")
        return CellRow("seat", words, seat.code, seat.letter, looks, HELD, until, clock(assignment.held_until, tz), fee)
    state = BLOCKED if assignment.rank is None else TAKEN
    return CellRow("seat", words, seat.code, seat.letter, looks, state, fee=fee)


def cell_words(kind: Kind) -> str:
    words = {Kind.LAVATORY: _("Lavatory"), Kind.GALLEY: _("Galley"), Kind.CLOSET: _("Closet"), Kind.EXIT: _("Exit")}
    return words.get(kind, "")


def looks_of(seat: Seat) -> dict[str, bool]:
    return {"at-exit": seat.is_exit, "has-legroom": seat.has_legroom, "has-bassinet": seat.is_bassinet}


def seat_words(seat: Seat) -> str:
    """Window, extra legroom, exit row."""
    kinds = {"window": _("window"), "aisle": _("aisle"), "middle": _("middle")}
    features = [
        kinds[seat.kind],
        _("extra legroom") if seat.has_legroom else "",
        _("exit row") if seat.is_exit else "",
        _("first row") if seat.is_bulkhead else "",
        _("bassinet possible") if seat.is_bassinet else "",
        "" if seat.reclines else _("hardly reclines"),
    ]
    return ", ".join(filter(None, features))
