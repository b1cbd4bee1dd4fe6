"""Money is whole minor units, however many of them a unit has (none of the yen, 1,000 of the dinar): no code reckons with 100."""

import ast
import re

import pytest
from django.conf import settings

ROOMS = ["bookings/seats", "site/checkout"]
ABOUT_MONEY = re.compile(r"\b(Money|amount|fee|price|refund)")
COUNTS = re.compile(r"\b(sold|seats|load)\b")  # per cent of seats are no money
HUNDREDS = {100, 0.01, "100", "0.01"}


def hundreds(source):
    """The lines of a program that multiply or divide by 100, or make a Decimal of it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        parts = [node.left, node.right] if isinstance(node, ast.BinOp) else []
        if isinstance(node, ast.AugAssign):
            parts = [node.value]
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Decimal", "int", "float")):
            parts = node.args
        found += [part.lineno for part in parts if isinstance(part, ast.Constant) and part.value in HUNDREDS]
    return found


def files():
    found = [path for room in ROOMS for path in (settings.BASE / room).rglob("*.py") if "migrations" not in path.parts]
    return {path: path.read_text() for path in found}


def test_there_are_no_hundreds_in_what_deals_with_money():
    of_money = {path: source for path, source in files().items() if ABOUT_MONEY.search(source)}
    assert len(of_money) > 10
    found = [
        f"{path.relative_to(settings.BASE)}:{line}"
        for path, source in of_money.items()
        for line in hundreds(source)
        if not COUNTS.search(source.splitlines()[line - 1])
    ]
    assert not found


@pytest.mark.parametrize(
    "source", ["cents = price * 100", 'x = Decimal("0.01")', "x / 100.0", "x //= 100", "100 * fare"]
)
def test_a_hundred_would_be_found(source):
    assert hundreds(source) == [1]


def test_other_hundreds_are_none():
    assert not hundreds("SHOWN = 100\nWHOLE = 10_000  # 100 per cent\nfound = rows[:100]\nx = 1000 * y")
