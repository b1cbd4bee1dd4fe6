"""Seats for a party: beside each other as far as there are such, and each child beside an adult."""

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.seats.layouts import layout
from bookings.seats.layouts.choosing import Choice, apart, judged, together
from bookings.seats.layouts.drawing import read
from tests.effort import examples

ROW = read("row", "X\n[economy]\n10 ABC DEF\n")
REGIONAL = read("regional", "X\n[economy]\n10 AC DF\n")
THREE = read("three", "X\n[economy]\n10 ABC DEF\n11 AB. DEF  exit legroom\n12 A-C .EF\n")


def seats(text, row=10):
    return {f"{row}{letter}" for letter in text}


def test_two_beside_each_other():
    assert together(ROW, seats("ABDEF"), 2) == Choice(["10A", "10B"], is_together=True, family=True)


def test_across_the_aisle_is_not_together_and_said():
    assert together(ROW, seats("CD"), 2) == Choice(["10C", "10D"], across_aisle=True, family=True)


def test_with_somebody_between_is_neither():
    assert together(ROW, seats("AC"), 2) == Choice(["10A", "10C"], family=True)


def test_beside_comes_before_across_the_aisle_and_that_before_apart():
    assert together(ROW, seats("ACDF"), 2).seats == ["10C", "10D"]
    assert together(ROW, seats("ACDEF"), 2).seats == ["10D", "10E"]


def test_a_and_c_of_a_regional_row_are_together():
    assert together(REGIONAL, seats("AC"), 2).is_together
    assert together(REGIONAL, seats("CD"), 2) == Choice(["10C", "10D"], across_aisle=True, family=True)


@pytest.mark.parametrize("count", [0, 7])
def test_there_are_no_seats_where_there_are_too_few(count):
    choice = together(ROW, seats("ABCDEF"), count)
    assert choice.seats == [] and not choice


def test_a_child_sits_beside_an_adult_though_that_takes_another_row():
    """Two adults and two children: one row would be enough for four, but not with each child beside an adult."""
    aircraft = read("x", "X\n[economy]\n10 ABCD EF GHJK\n11 ABCD EF GHJK\n")
    free = {"10A", "10B", "10D", "10G", "11A", "11B"}
    assert len({aircraft.seats[code].row for code in together(aircraft, free, 4).seats}) == 1
    choice = together(aircraft, free, 4, children={2, 3})
    assert choice.family and set(choice.seats) == {"10A", "10B", "11A", "11B"}


def test_it_says_so_if_a_child_cannot_be_beside_an_adult():
    choice = together(ROW, seats("CD"), 2, children={1})
    assert choice.seats == ["10C", "10D"] and not choice.family


def test_one_adult_has_a_child_on_each_side():
    choice = together(ROW, seats("ABC"), 3, children={0, 2})
    assert choice.family and choice.seats[1] == "10B"
    assert not together(ROW, seats("ABCDEF"), 4, children={0, 1, 2}).family


def test_children_alone_are_never_beside_an_adult():
    assert not together(ROW, seats("ABC"), 1, children={0}).family


def test_parties_with_children_or_who_avoid_them_get_no_exits():
    free = seats("AB", 11) | seats("AF")
    assert together(THREE, free, 2).seats == ["11A", "11B"]
    assert together(THREE, free, 2, avoid_exit=True).seats == ["10A", "10F"]
    assert together(THREE, free, 2, children={1}).seats == ["10A", "10F"]
    assert together(THREE, seats("AB", 11), 2, children={1}).seats == []


def test_a_choice_leaves_few_single_seats():
    assert together(ROW, seats("ABCEF"), 2).seats == ["10E", "10F"]
    assert together(ROW, seats("ABE"), 1).seats == ["10E"]


def test_who_has_not_asked_for_an_exit_or_legroom_gets_none_while_others_are_free():
    assert together(layout("a320"), {"5A", "11A", "20B"}, 1).seats == ["20B"]
    assert together(layout("a320"), {"5A", "11A"}, 1).seats == ["5A"]


def test_rows_of_a_large_party_are_near_each_other():
    a320 = layout("a320")
    free = {f"{row}{letter}" for row in (8, 20, 21) for letter in "ABC"}
    assert {a320.seats[code].row for code in together(a320, free, 5).seats} == {20, 21}


def test_seats_are_in_the_order_of_the_travellers():
    choice = together(ROW, seats("DEF"), 3, children={0})
    assert len(set(choice.seats)) == 3 and choice.seats[0] in ("10D", "10E", "10F") and choice.family


def test_seats_that_somebody_chose_are_judged_alike():
    assert judged(ROW, ["10C", "10D"]).across_aisle
    assert judged(ROW, ["10F", "10D", "10E"], {2}) == Choice(["10F", "10D", "10E"], is_together=True, family=True)
    assert apart(ROW, ["10A", "10C", "10B"], {0, 1}) == set()
    assert apart(ROW, ["10A", "10C", "10B"], {1, 2}) == {1}


@given(st.sets(st.sampled_from(sorted(THREE.seats)), min_size=1), st.integers(1, 5), st.data())
def test_no_choice_is_better(free, count, data):
    """Compared with all possible ones: as few children apart, and then as few rows."""
    children = data.draw(st.sets(st.integers(0, count - 1)))
    allowed = sorted(code for code in free if not (children and THREE.seats[code].is_exit))
    choice = together(THREE, free, count, children=children)
    if len(allowed) < count:
        assert choice.seats == []
        return
    assert len(set(choice.seats)) == count and set(choice.seats) <= set(allowed)

    def cost(chosen):
        return len(apart(THREE, chosen, children)), len({THREE.seats[code].row for code in chosen})

    # Children are alike, and so are adults: which seats the children have is enough.
    first = sorted(children) + [index for index in range(count) if index not in children]
    possible = (
        [code for _index, code in sorted(zip(first, [*small, *(set(chosen) - set(small))], strict=True))]
        for chosen in combinations(allowed, count)
        for small in combinations(chosen, len(children))
    )
    assert cost(choice.seats) == min(map(cost, possible))
    assert choice.family == (cost(choice.seats)[0] == 0)


@given(st.sets(st.sampled_from(sorted(ROW.seats)), min_size=2), st.integers(2, 4))
def test_together_is_found_wherever_it_exists(free, count):
    possible = [order for order in permutations(sorted(free), count) if judged(ROW, order).is_together]
    assert together(ROW, free, count).is_together == bool(possible)


@pytest.mark.parametrize("slug", ["777-200", "767-300", "a320", "crj-900"])
def test_any_party_on_any_aircraft_gets_different_free_seats(slug):
    aircraft = layout(slug)
    codes = [seat.code for seat in aircraft.in_cabin("economy")]

    @given(st.sets(st.sampled_from(codes), min_size=9), st.integers(1, 9), st.integers(0, 8))
    def holds(free, count, few):
        children = set(range(min(few, count - 1)))
        choice = together(aircraft, free, count, children=children)
        assert set(choice.seats) <= free and len(set(choice.seats)) == len(choice.seats) in (0, count)
        assert not choice or choice == judged(aircraft, choice.seats, children)

    settings(max_examples=examples(30))(holds)()
