"""Reads the drawings in ``drawings/``::

    Airbus A320
    # a comment
    [first]                     the cabin of what follows
        l.. .gg                 lavatory, galley, nothing; a space is an aisle
        <.. ..>                 doors
     1  A-B E-F                 seats by their letters; a dash is part of the wide seats beside it
    [economy]
    12  ABC DEF  exit legroom   notes, for all seats of the row
    14  ABC D.F  bassinet:AF    a missing seat; a note for some of the seats

Each line of cells is as wide as the others and has its aisles where they have them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bookings.seats.layouts.aircraft import Layout
from bookings.seats.layouts.cabins import Cabin
from bookings.seats.layouts.cells import Cell, Kind, Row, Seat

LINE = re.compile(r"(?P<number>\d*) *(?P<cells>\S+(?: \S+)*)(?:  +(?P<notes>.*))?")
KINDS = {
    " ": Kind.AISLE,
    ".": Kind.GAP,
    "-": Kind.CONSOLE,
    "<": Kind.EXIT,
    ">": Kind.EXIT,
    "l": Kind.LAVATORY,
    "g": Kind.GALLEY,
    "c": Kind.CLOSET,
}
LETTERS = "ABCDEFGHJKL"  # no I: it looks like a 1
NOTES = {
    "exit": {"E", "1A", "1B", "IE"},
    "legroom": {"L", "CH"},
    "bassinet": {"B"},
    "norecline": {"1D"},
    "last": {"V"},
}


class BadDrawing(Exception):
    """The drawing can't be read. The message is a sentence with the number of the line."""


def read(slug: str, text: str) -> Layout:
    """The layout of a drawing. Raises BadDrawing."""
    name, *lines = text.splitlines()
    rows = list(rows_in(lines))
    if not any(row.seats for row in rows):
        raise BadDrawing("The drawing has no seats.")
    return Layout(slug, name.strip(), list(with_bulkheads(rows)))


def rows_in(lines: list[str]) -> Iterator[Row]:
    """The rows of all lines after the first. Raises BadDrawing."""
    cabin, begins, last, aisles = None, False, 0, None
    for line_number, line in enumerate(lines, start=2):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        try:
            if line.startswith("["):
                cabin, begins = Cabin(line.strip("[]")), True
                continue
            if cabin is None:
                raise ValueError("no cabin has begun")
            row = replace(row_from(line, cabin), begins_cabin=begins)
            there = [column for column, cell in enumerate(row.cells) if cell.kind == Kind.AISLE], len(row.cells)
            if aisles not in (None, there):
                raise ValueError("its aisles are elsewhere than in the first line")
            if row.number is not None and row.number <= last:
                raise ValueError(f"row {row.number} follows row {last}")
        except ValueError as error:
            raise BadDrawing(f"Line {line_number}: {error}.") from error
        aisles, begins, last = there, False, row.number or last
        yield row


def row_from(line: str, cabin: Cabin) -> Row:
    """Raises ValueError with the end of a sentence."""
    match = LINE.fullmatch(line)
    if not match:
        raise ValueError(f"“{line}” is no row")
    drawn, number = match["cells"], int(match["number"]) if match["number"] else None
    letters = [cell for cell in drawn if cell not in KINDS]
    if unknown := [letter for letter in letters if letter not in LETTERS]:
        raise ValueError(f"“{unknown[0]}” is no seat and no other cell")
    if any(left >= right for left, right in pairwise(letters)):
        raise ValueError(f"the letters {''.join(letters)} are not in order")
    if bool(letters) != (number is not None):
        raise ValueError("seats need the number of a row, and other lines have none")
    notes = notes_from(match["notes"] or "", letters)
    cells = []
    for column, cell in enumerate(drawn):
        if number is None or cell in KINDS:
            cells.append(Cell(KINDS[cell]))
            continue
        codes = position(drawn, column) | {code for note in notes if cell in notes[note] for code in NOTES[note]}
        section = drawn[:column].count(" ")
        cells.append(Cell(Kind.SEAT, Seat(f"{number}{cell}", number, cell, column, section, cabin, frozenset(codes))))
    return Row(number, cabin, tuple(cells))


def notes_from(text: str, letters: list[str]) -> dict[str, str]:
    """Note → letters of the seats that have it. Raises ValueError."""
    notes = {}
    for word in text.split():
        note, _colon, some = word.partition(":")
        if note not in NOTES:
            raise ValueError(f"“{note}” is no note")
        if set(some) - set(letters):
            raise ValueError(f"the note “{word}” is about seats that aren't there")
        notes[note] = some or "".join(letters)
    return notes


def position(drawn: str, column: int) -> set[str]:
    """Codes of where a seat is in its row."""
    left, right, codes = drawn[:column], drawn[column + 1 :], set()
    if not left.strip(".-") or not right.strip(".-"):
        codes.add("W")
    if left.rstrip(".-").endswith(" ") or right.lstrip(".-").startswith(" "):
        codes.add("A")
    if not codes:
        codes.add("9")
    if len(left) != len(right):
        codes.add("LS" if len(left) < len(right) else "RS")
    return codes


def with_bulkheads(rows: list[Row]) -> Iterator[Row]:
    """The rows, with the code for seats that have a wall in front, and no seats."""
    cabin, seats_in_front = None, set()  # sections
    for row in rows:
        if row.cabin != cabin:
            cabin, seats_in_front = row.cabin, set()
        if row.seats:
            yield replace(row, cells=tuple(with_bulkhead(cell, seats_in_front) for cell in row.cells))
            seats_in_front = {seat.section for seat in row.seats}
        else:
            yield row
            seats_in_front -= walls(row)


def walls(row: Row) -> set[int]:
    """The sections that have a lavatory, galley or closet."""
    sections, section = set(), 0
    for cell in row.cells:
        section += cell.kind == Kind.AISLE
        if cell.kind in (Kind.LAVATORY, Kind.GALLEY, Kind.CLOSET):
            sections.add(section)
    return sections


def with_bulkhead(cell: Cell, seats_in_front: set[int]) -> Cell:
    seat = cell.seat
    if seat is None or seat.section in seats_in_front:
        return cell
    return Cell(cell.kind, replace(seat, codes=seat.codes | {"K"}))
