"""Whole numbers as people and programs send them: keys, and amounts in minor units."""

MOST = 2**31 - 1  # what a column holds


def whole(text: str) -> int | None:
    """The number that a text is; None for what is none, or is larger than any of ours."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))
    return int(text) if is_number and int(text) <= MOST else None
