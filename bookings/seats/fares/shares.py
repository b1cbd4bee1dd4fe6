"""Shares of an amount, in basis points: 10,000 are the whole. Whole numbers all the way, rounded half up."""

WHOLE = 10_000


def half_up(dividend: int, divisor: int) -> int:
    """A quotient of whole numbers that are not negative, rounded half up."""
    return (2 * dividend + divisor) // (2 * divisor)


def share(amount: int, rate: int) -> int:
    """So many basis points of an amount."""
    return half_up(amount * rate, WHOLE)


def to_step(dividend: int, divisor: int, step: int) -> int:
    """A quotient rounded half up to a multiple of ``step``, such as whole dollars."""
    return half_up(dividend, divisor * step) * step
