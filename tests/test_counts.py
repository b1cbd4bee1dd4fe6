"""No test is refused for what the tests before it have asked: requests are counted in the cache, and that outlives a test."""

import pytest

import limits


@pytest.mark.parametrize("_test", range(2))
def test_each_test_counts_from_the_beginning(_test):
    assert limits.count("tests", "everybody", limits.HOUR) == 1
