"""How many seats each fare family may still sell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.seats.fares.nesting import Demand, emsr_b, littlewood, seats_open


def theft_nesting(capacity, sold, protect):
    """The other school, for two families: what is protected stays so, whatever the higher one has sold."""
    return capacity - sum(sold) - protect


def test_a_seat_sold_high_comes_out_of_what_is_protected():
    assert seats_open(30, sold_by_rank=[0, 4], protect_by_rank=[0, 12]) == [18, 26]
    assert theft_nesting(30, [0, 4], 12) == 14


@pytest.mark.parametrize(
    ("sold", "left"),
    [
        ([0, 0, 0], [70, 90, 100]),
        ([70, 0, 0], [0, 20, 30]),  # the lowest has reached its limit, the flight is not full
        ([60, 5, 0], [10, 25, 35]),
        ([60, 0, 12], [10, 28, 28]),  # more than is protected for the highest: the rest counts for both
        ([0, 40, 0], [50, 50, 60]),
        ([0, 0, 100], [0, 0, 0]),
    ],
)
def test_three_families(sold, left):
    assert seats_open(100, sold, protect_by_rank=[0, 30, 10]) == left


def test_more_seats_taken_than_there_are_leaves_none():
    assert seats_open(50, [40, 20, 0], [0, 10, 5]) == [0, 0, 0]


families = st.integers(1, 5)


@given(st.data())
def test_a_higher_family_is_never_closed_while_a_lower_one_is_open(data):
    number = data.draw(families)
    counts = st.lists(st.integers(0, 60), min_size=number, max_size=number)
    capacity, sold, protect = data.draw(st.integers(0, 200)), data.draw(counts), data.draw(counts)
    left = seats_open(capacity, sold, protect)
    assert left == sorted(left) and left[-1] == max(0, capacity - sum(sold))


@given(st.data())
def test_a_seat_sold_never_opens_another(data):
    number = data.draw(families)
    counts = st.lists(st.integers(0, 60), min_size=number, max_size=number)
    capacity, sold, protect = data.draw(st.integers(0, 200)), data.draw(counts), data.draw(counts)
    before = seats_open(capacity, sold, protect)
    sold[data.draw(st.integers(0, number - 1))] += 1
    after = seats_open(capacity, sold, protect)
    assert all(now <= was for now, was in zip(after, before, strict=True))


@pytest.mark.parametrize(("high", "low", "seats"), [(20_000, 10_000, 50), (30_000, 10_000, 56.46)])
def test_littlewood(high, low, seats):
    assert littlewood(Demand(high, 50, 15), low) == pytest.approx(seats, abs=0.01)


def test_littlewood_protects_nothing_for_a_fare_that_is_no_higher():
    assert littlewood(Demand(10_000, 50, 15), 10_000) == 0


def test_emsr_b():
    demands = [Demand(520, 0, 0), Demand(534, 39.6, 13.2), Demand(567, 45.1, 15.0), Demand(1050, 17.3, 5.8)]
    assert emsr_b(demands) == pytest.approx([0, 83.15, 50.94, 16.72], abs=0.01)
