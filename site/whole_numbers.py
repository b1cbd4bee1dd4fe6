"""Whole numbers as people and programs send them: keys of rows, and amounts in minor units.

    key_of(request.GET.get("station", ""))          # 12; None for "", "١٢", "12x", and for what no row can have
    whole(request.POST.get("accepted", ""))         # 3100; None likewise

The digits are those of ASCII: other scripts' are numbers to Python, and not to a database.
"""

MOST = 2**31 - 1  # what the column of an amount holds
LARGEST_KEY = 2**63 - 1  # what the column of a key holds


def key_of(text: str) -> int | None:
    """The key that a text of an address or a form is; None for what can't be one."""
    return whole(text, LARGEST_KEY) or None


def whole(text: str, most: int = MOST) -> int | None:
    """The number that a text is; None for what is none, or is larger than ``most``."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None
