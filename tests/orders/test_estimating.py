"""How long an order takes: known vectors, and what holds for any kitchen (Hypothesis)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.orders.estimating import (
    CEILING,
    FORGOTTEN,
    LONGEST,
    NARROWEST,
    SHORTEST,
    Estimate,
    Seen,
    estimate,
    load_factor,
    quantile,
    remaining,
    size_class,
    typical,
)

MINUTES = [6, 7, 7, 8, 8, 9, 9, 10, 12, 15, 60]
times = st.lists(st.integers(1, 120), max_size=40)
ages = st.lists(st.integers(0, 89), max_size=40)


@pytest.mark.parametrize(("percent", "minutes"), [(50, 9), (80, 12), (90, 15)])
def test_quantiles_are_the_nearest_rank_where_all_have_ended(percent, minutes):
    assert quantile(MINUTES, [], percent) == minutes


@pytest.mark.parametrize(("percent", "minutes"), [(50, 8), (80, 10), (90, 12)])
def test_one_that_was_forgotten_does_not_count(percent, minutes):
    assert quantile([each for each in MINUTES if each <= CEILING], [], percent) == minutes


def test_the_range_goes_from_the_median_to_the_time_that_nine_of_ten_need():
    assert estimate(Seen(MINUTES), [], setting=20) == Estimate(8, 12, False)


def test_orders_that_go_on_are_lower_bounds():
    """Known: of 3, 5+, 6, 8+, 10 (+: goes on) a fifth has ended at 3 and 1 - 4/5 × 2/3 = 7/15 at 6 (Kaplan and Meier)."""
    assert quantile([3, 6, 10], [5, 8], 20) == 3
    assert quantile([3, 6, 10], [5, 8], 46) == 6
    assert quantile([3, 6, 10], [5, 8], 47) == 10
    assert quantile([3, 6], [5, 8], 80) == 8  # nobody knows: the longest of all


def test_a_kitchen_that_is_stuck_does_not_look_fast():
    fast = Seen([6] * 10)
    assert estimate(fast, [], setting=12).high == 9
    assert estimate(fast, [25], setting=12).high == 25


def test_with_too_few_orders_the_setting_is_said_and_marked():
    assert estimate(Seen(MINUTES[:4]), [], setting=20) == Estimate(20, 23, True)
    assert estimate(Seen([50] * 9), [], setting=20).is_estimated  # each of them beyond the ceiling
    assert not estimate(Seen(MINUTES[:5]), [], setting=20).is_estimated


def test_twice_as_many_as_it_makes_at_once_take_twice_as_long():
    assert load_factor(7, usual=0) == 2
    assert load_factor(7, usual=7) == 1
    assert estimate(Seen(), [0] * 7, setting=12) == Estimate(24, 30, True)


def test_sizes_are_in_three_classes():
    assert [size_class(items) for items in (1, 2, 3, 5, 6, 40)] == [0, 0, 1, 1, 2, 2]


def test_the_typical_number_is_the_median():
    assert (typical([]), typical([4]), typical([9, 1, 2, 3])) == (0, 4, 2)


@given(times, st.sampled_from([50, 80, 90]))
def test_without_bounds_a_quantile_is_the_nearest_rank(minutes, percent):
    ranked = sorted(minutes)
    assert quantile(minutes, [], percent) == (ranked[-(-len(minutes) * percent // 100) - 1] if minutes else 0)


@given(times, ages, st.integers(0, 89), st.sampled_from([50, 80, 90]))
def test_one_more_that_goes_on_never_makes_a_quantile_shorter(minutes, bounds, more, percent):
    assert quantile(minutes, [*bounds, more], percent) >= quantile(minutes, bounds, percent)


@given(times, st.lists(st.integers(0, 20), max_size=40), ages, st.integers(0, 89), st.integers(0, 80))
def test_one_more_open_order_never_makes_it_earlier(minutes, ahead, open_ages, more, setting):
    seen = Seen(minutes, ahead)
    before, after = estimate(seen, open_ages, setting), estimate(seen, [*open_ages, more], setting)
    assert after.low >= before.low and after.high >= before.high


@given(times, ages, st.integers(0, 30), st.integers(0, 80))
def test_as_open_orders_grow_older_it_never_gets_earlier(minutes, open_ages, later, setting):
    older = [age + later for age in open_ages]
    before, after = estimate(Seen(minutes), open_ages, setting), estimate(Seen(minutes), older, setting)
    assert after.low >= before.low and after.high >= before.high


@given(times, ages, st.integers(0, 200))
def test_it_is_within_bounds_and_no_earlier_than_the_oldest_open_order_is_old(minutes, open_ages, setting):
    low, high, _is_estimated = estimate(Seen(minutes), open_ages, setting)
    assert SHORTEST <= low <= high - NARROWEST and high <= LONGEST
    assert high >= max(open_ages, default=0)


def test_an_order_that_was_forgotten_for_hours_says_nothing():
    assert estimate(Seen(), [FORGOTTEN + 1], setting=12) == estimate(Seen(), [], setting=12)


@given(st.integers(0, 600))
def test_what_is_late_gets_a_range_in_the_future(age):
    low, high, _is_estimated = remaining(age)
    assert 0 < low < high
