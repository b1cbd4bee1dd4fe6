"""How many rows a panel holds so that they can be read from a distance.

A letter is legible where its height is seen under 20 arc minutes (ISO 9241-303; 16 is the least): 58 mm at 10 m. A row is
1.45 times as high as a capital letter. The header takes the place of one row: 55 inches at 10 m hold it and 7 rows.
"""

from math import floor, radians, sqrt, tan

ARC_MINUTES = 20
ROW = 1.45  # row height, in heights of a capital letter
FRAME = 1  # rows that the header takes
INCH = 25.4  # mm
LEAST_ROWS, MOST_ROWS = 3, 40


def cap_height(distance: float, arc_minutes: float = ARC_MINUTES) -> float:
    """The height of a capital letter, in mm, that is seen under this angle from a distance in metres."""
    return 2000 * distance * tan(radians(arc_minutes / 60) / 2)


def panel_height(inches: float, is_portrait: bool) -> float:
    """The height, in mm, of a 16:9 panel with this diagonal."""
    long, short = 16 / sqrt(337), 9 / sqrt(337)
    return inches * INCH * (long if is_portrait else short)


def rows_per_page(inches: float, distance: float, is_portrait: bool = False) -> int:
    """The rows of one page, read from a distance in metres."""
    lines = panel_height(inches, is_portrait) / (ROW * cap_height(distance))
    return max(LEAST_ROWS, min(MOST_ROWS, floor(lines) - FRAME))


def reads_to(inches: float, rows: int, is_portrait: bool = False) -> float:
    """The distance in metres from which a page of this many rows can be read."""
    height = panel_height(inches, is_portrait) / (ROW * (rows + FRAME))
    return height / cap_height(1)
