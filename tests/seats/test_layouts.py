"""The cabins of aircraft types: what their drawings say, and that they are like real ones."""

import csv

import pytest
from django.conf import settings

from bookings.seats.layouts import LAYOUTS, Cabin, Kind, layout
from bookings.seats.layouts.drawing import BadDrawing, read

REAL = settings.BASE.parent / "shared/data/real"
A320 = """Airbus A320
[economy]
    l.. ggg
 1  cc. DEF
 2  ABC DEF
12  ABC DEF  exit legroom
14  ABC DEF  exit legroom
31  AB. DEF
32  AB. .cc  norecline last
"""


@pytest.mark.parametrize(
    ("slug", "capacity"),
    [
        ("a319", {"first": 8, "economy": 120}),
        ("a320", {"first": 12, "economy": 138}),
        ("a320-one-cabin", {"economy": 150}),
        ("a321", {"first": 16, "economy": 166}),
        ("737-700", {"first": 12, "economy": 106}),
        ("737-800", {"first": 16, "economy": 144}),
        ("757-200", {"first": 24, "economy": 157}),
        ("767-300", {"first": 30, "economy": 225}),
        ("777-200", {"business": 32, "premium": 24, "economy": 262}),
        ("a330-200", {"business": 30, "economy": 226}),
        ("crj-200", {"economy": 50}),
        ("crj-700", {"first": 9, "economy": 56}),
        ("crj-900", {"first": 12, "economy": 64}),
        ("e190", {"economy": 100}),
        ("erj-145", {"economy": 50}),
        ("md-88", {"first": 16, "economy": 133}),
    ],
)
def test_an_aircraft_has_its_seats(slug, capacity):
    aircraft = layout(slug)
    assert {cabin: aircraft.capacity(cabin) for cabin in aircraft.cabins} == capacity
    assert aircraft.capacity() == len(aircraft.seats) == sum(capacity.values())


def test_an_aircraft_that_is_not_drawn_is_a_lookup_error():
    with pytest.raises(LookupError, match="concorde"):
        layout("concorde")
    with pytest.raises(LookupError, match="99Z"):
        layout("a320").neighbours("99Z")


@pytest.mark.parametrize("slug", LAYOUTS)
def test_what_holds_for_every_aircraft(slug):
    aircraft = LAYOUTS[slug]
    assert {len(row.cells) for row in aircraft.rows} == {aircraft.columns}
    for code, seat in aircraft.seats.items():
        assert code == seat.code == f"{seat.row}{seat.letter}" and seat.letter != "I"
        assert seat.is_middle == (not seat.is_window and not seat.is_aisle)
        assert len(seat.codes & {"LS", "RS"}) == 1 or seat.side == "centre"
        assert seat.is_exit == ("1A" in seat.codes) == ("IE" in seat.codes) == ("1B" in seat.codes)
        for other in aircraft.neighbours(code):
            beside = aircraft.seats[other]
            assert (beside.row, beside.section, beside.cabin) == (seat.row, seat.section, seat.cabin)
            assert code in aircraft.neighbours(other)
        for other in aircraft.across_aisle(code):
            assert seat.is_aisle and aircraft.seats[other].is_aisle and other not in aircraft.neighbours(code)
    for row in aircraft.rows:
        walls = [seat for seat in row.seats if seat.is_window]
        assert len(walls) <= 2, f"row {row.number} has more windows than the aircraft has sides"
    assert any(row.is_exit for row in aircraft.rows)
    assert any(cell.kind == Kind.LAVATORY for row in aircraft.rows for cell in row.cells)


@pytest.mark.parametrize("slug", ["a320", "737-800", "crj-900", "erj-145", "767-300"])
def test_there_is_no_row_13(slug):
    rows = {seat.row for seat in layout(slug).seats.values()}
    assert 13 not in rows and {12, 14} <= rows


def test_regional_aircraft_skip_letters_and_not_seats():
    crj = layout("crj-900")
    assert [seat.letter for seat in crj.in_cabin("economy")[:4]] == ["A", "C", "D", "F"]
    assert crj.neighbours("10A") == ["10C"] and crj.across_aisle("10C") == ["10D"] and crj.neighbours("10C") == ["10A"]
    assert [crj.seats[code].kind for code in ("10A", "10C")] == ["window", "aisle"]
    single = layout("erj-145").seats["5A"]
    assert single.is_window and single.is_aisle and single.kind == "window"


def test_a_row_may_be_narrower_than_the_cabin():
    """The window seats stand at the wall, wherever it is; the seat before a missing one is no window."""
    a321 = layout("a321")
    assert a321.seats["11B"].is_window and "11A" not in a321.seats
    boeing = layout("737-800")
    assert not boeing.seats["7D"].is_window and boeing.seats["7D"].is_aisle
    assert boeing.seats["8A"].is_bulkhead and not boeing.seats["8D"].is_bulkhead


def test_a_wide_seat_is_beside_the_next_and_a_missing_one_is_not():
    aircraft = read("x", "X\n[first]\n 1  A-B E-F\n[economy]\n 2  A.C DEF\n")
    assert aircraft.neighbours("1A") == ["1B"] and aircraft.across_aisle("1B") == ["1E"]
    assert aircraft.neighbours("2A") == [] and aircraft.neighbours("2E") == ["2D", "2F"]
    assert aircraft.cabins == [Cabin.FIRST, Cabin.ECONOMY]


def test_notes_are_for_a_row_or_for_some_of_its_seats():
    boeing = layout("767-300")
    assert [seat.code for seat in boeing.seats.values() if seat.is_bassinet] == ["10C", "10E"]
    assert boeing.seats["24D"].is_exit and boeing.seats["24D"].has_legroom and boeing.seats["24D"].is_chargeable
    assert not boeing.seats["23A"].reclines
    assert boeing.seats["20D"].side == "centre"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2 ABC DEI", "Line 4: “I” is no seat"),
        ("2 ABC DE", "aisles are elsewhere"),
        ("2 AB CDEF", "aisles are elsewhere"),
        ("2 ABC DFE", "not in order"),
        ("2 ABC DEE", "not in order"),
        ("1 ABC DEF", "row 1 follows row 1"),
        ("ABC DEF", "seats need the number"),
        ("2 l.. ggg", "seats need the number"),
        ("2 ABC DEF  exits", "“exits” is no note"),
        ("2 ABC D..  exit:F", "seats that aren't there"),
        ("[steerage]", "steerage"),
    ],
)
def test_a_drawing_with_a_mistake_is_refused(line, message):
    with pytest.raises(BadDrawing, match=message):
        read("x", f"X\n[economy]\n1 ABC DEF\n{line}\n")


@pytest.mark.parametrize("text", ["X\n", "X\n[economy]\n <.. ..>\n"])
def test_a_drawing_without_seats_is_refused(text):
    with pytest.raises(BadDrawing, match="no seats"):
        read("x", text)


def test_a_drawing_says_what_a_real_aircraft_has():
    """The A320 of a real flight: row 1 has seats on one side only, row 31 lacks a seat, row 32 has two."""
    a320 = read("a320", A320)
    assert [seat.code for seat in a320.rows[1].seats] == ["1D", "1E", "1F"]
    assert a320.seats["2A"].is_bulkhead and a320.seats["1D"].is_bulkhead and not a320.seats["2D"].is_bulkhead
    assert {"1A", "IE", "1B", "E", "L"} <= a320.seats["12B"].codes
    assert a320.seats["31B"].is_aisle and a320.seats["32A"].codes >= {"1D", "V", "W"}


@pytest.mark.skipif(not REAL.exists(), reason="the data are not at hand")
def test_a_real_aircraft_can_be_drawn_and_gets_the_codes_that_its_airline_gave():
    with open(REAL / "seatmap-a320-NCE-ORY.csv", newline="", encoding="utf-8") as file:
        seats = {row["id"]: set(row["codes"].split()) for row in csv.DictReader(file) if row["kind"] == "seat"}
    a320 = read("a320", drawn(seats))
    assert set(a320.seats) == set(seats) and a320.capacity() == 178
    ours = {"W", "A", "9", "E", "L", "K", "1A", "IE", "LS", "RS"}
    for code, codes in seats.items():
        assert a320.seats[code].codes & ours == codes & ours, code


def drawn(seats):
    lines = ["Airbus A320", "[economy]"]
    for number in sorted({int(code[:-1]) for code in seats}):
        here = "".join(letter if f"{number}{letter}" in seats else "." for letter in "ABCDEF")
        cells = f"{here[:3]} {here[3:]}".replace("...", "cc.") if number == 1 else f"{here[:3]} {here[3:]}"
        exits = any("E" in seats.get(f"{number}{letter}", ()) for letter in "ABCDEF")
        lines.append(f"{number} {cells}{'  exit legroom' if exits else ''}")
    return "\n".join(lines)


@pytest.mark.skipif(not REAL.exists(), reason="the data are not at hand")
@pytest.mark.parametrize(
    ("file", "aisles", "number"), [("duffel-3-3-rows-4-30", 1, 162), ("duffel-3-4-3-rows-48-84", 2, None)]
)
def test_other_real_aircraft_can_be_drawn(file, aisles, number):
    """From the answer of a shop for flights: sections of cells, some without a number, some with doors or lavatories."""
    with open(REAL / f"seatmap-{file}.csv", newline="", encoding="utf-8") as opened:
        cells = list(csv.DictReader(opened))
    lines, expected, last = ["X", "[economy]"], set(), 0
    widths = [3, 4, 3] if aisles == 2 else [3, 3]
    letters = ["ABC", "DEFG", "HJK"] if aisles == 2 else ["ABC", "DEF"]
    for index in sorted({int(cell["row_index"]) for cell in cells}):
        row = [cell for cell in cells if int(cell["row_index"]) == index]
        numbers = {int(cell["designator"][:-1]) for cell in row if cell["designator"]}
        line = " ".join("." * width for width in widths)
        if numbers or any(cell["type"] == "restricted_seat_general" for cell in row):
            last = numbers.pop() if numbers else last + 1
            sections = [["."] * width for width in widths]
            for cell in row:
                section, position = int(cell["section"]), int(cell["position"])
                if cell["type"] in ("seat", "restricted_seat_general"):
                    letter = cell["designator"][-1:] or letters[section][position]
                    sections[section][position] = letter
                    expected.add(f"{last}{letter}")
            line = f"{last} " + " ".join("".join(section) for section in sections)
        lines.append(line)
    assert set(read("x", "\n".join(lines)).seats) == expected
    assert number is None or len(expected) == number
