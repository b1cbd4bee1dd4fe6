"""Money is whole minor units, however many of them a unit has (none of the yen, 1,000 of the dinar): no code uses 100."""

import re
import tokenize
from io import StringIO

import pytest
from django.conf import settings

ROOMS = ["bookings/seats", "site/checkout"]
ABOUT_MONEY = re.compile(r"\b(Money|amount|fee|price|refund)")
HUNDREDS = {"100", "1_00", "100.0", "0.01", "1e2"}


def hundreds(source):
    """The lines of a program that have a number such as 100, in strings and comments too where it is one by itself."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return [
        token.start[0]
        for token in tokens
        if (token.type == tokenize.NUMBER and token.string in HUNDREDS) or token.string.strip("\"'") in HUNDREDS
    ]


def files():
    found = [path for room in ROOMS for path in (settings.BASE / room).rglob("*.py") if "migrations" not in path.parts]
    return {path: path.read_text() for path in found}


def test_there_are_no_hundreds_in_what_deals_with_money():
    of_money = {path: source for path, source in files().items() if ABOUT_MONEY.search(source)}
    assert len(of_money) > 10
    found = [
        f"{path.relative_to(settings.BASE)}:{line}" for path, source in of_money.items() for line in hundreds(source)
    ]
    assert not found


@pytest.mark.parametrize("source", ["cents = price * 100\n", 'Decimal("0.01")\n', "x / 100.0\n"])
def test_a_hundred_would_be_found(source):
    assert hundreds(source)


def test_other_numbers_are_none():
    assert not hundreds("WHOLE = 10_000  # 100 per cent\nx = 1000\n")
