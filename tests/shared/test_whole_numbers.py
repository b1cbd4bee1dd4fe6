"""What texts are whole numbers of ours, and which can be keys of rows."""

import pytest

from whole_numbers import LARGEST_KEY, MOST, key_of, whole


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.0", "1e3", "١٢", "²", "0x1", "1_000", "None", "1\x00"])
def test_what_is_no_number_is_neither(text):
    assert whole(text) is None and key_of(text) is None


def test_a_number_is_as_large_as_its_column():
    assert (whole("0"), whole("007"), whole(str(MOST)), whole(str(MOST + 1))) == (0, 7, MOST, None)
    assert (key_of(str(MOST + 1)), key_of(str(LARGEST_KEY)), key_of(str(LARGEST_KEY + 1))) == (
        MOST + 1,
        LARGEST_KEY,
        None,
    )
    assert key_of("9" * 5000) is None


def test_no_row_has_the_key_0():
    assert key_of("0") is None
