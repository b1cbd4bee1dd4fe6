"""What is offered for a seat that is gone, and who may sit at an exit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.seats.layouts import layout
from bookings.seats.layouts.choosing import fits, nearest, why_not

A320 = layout("a320")


def test_the_kind_comes_before_the_row_and_that_before_the_side():
    free = {"20B", "20C", "24A", "22F", "18F", "18A"}
    assert nearest(A320, free, "20A", most=6) == ["18A", "18F", "22F", "24A", "20B", "20C"]


def test_it_is_of_the_same_cabin_and_never_the_lost_one():
    assert nearest(A320, {"3A", "20A", "21A"}, "20A") == ["21A"]
    assert nearest(A320, {"3F", "5A"}, "3A") == ["3F"]


def test_exits_are_left_out_for_those_who_may_not_sit_there():
    assert nearest(A320, {"11A", "14A"}, "10A") == ["11A", "14A"]
    assert nearest(A320, {"11A", "14A"}, "10A", avoid_exit=True) == ["14A"]


def test_there_are_as_many_as_asked_for():
    free = {seat.code for seat in A320.in_cabin("economy")} - {"20C"}
    assert len(nearest(A320, free, "20C")) == 5 and nearest(A320, free, "20C", most=1) == ["20D"]
    assert nearest(A320, set(), "20C") == []


def test_a_seat_that_no_aircraft_of_this_type_has_is_a_lookup_error():
    with pytest.raises(LookupError, match="13A"):
        nearest(A320, {"20A"}, "13A")


@given(st.sets(st.sampled_from(sorted(A320.seats))), st.sampled_from(sorted(A320.seats)))
def test_no_seat_left_out_is_more_like_it(free, lost):
    gone = A320.seats[lost]
    offered = nearest(A320, free, lost, most=3)

    def unlike(code):
        seat = A320.seats[code]
        return seat.kind != gone.kind, abs(seat.row - gone.row), seat.side != gone.side

    rest = [code for code in free - {lost} - set(offered) if A320.seats[code].cabin == gone.cabin]
    assert [unlike(code) for code in offered] == sorted(unlike(code) for code in offered)
    assert not rest or (len(offered) == 3 and min(map(unlike, rest)) >= unlike(offered[-1]))


@pytest.mark.parametrize(
    ("kind", "says", "at_exit"),
    [
        ("adult", {}, True),
        ("adult", {"with_infant": True}, False),
        ("adult", {"needs_help": True}, False),
        ("child", {}, False),
        ("infant", {}, False),
    ],
)
def test_exits_are_for_adults_who_can_help(kind, says, at_exit):
    assert fits(A320.seats["11A"], kind, **says) is at_exit
    assert fits(A320.seats["20A"], kind, **says)
    assert ("11A" in why_not(A320.seats["11A"], kind, **says)) is not at_exit
