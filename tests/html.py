"""Reading HTML in tests."""

import re


def one_line(html):
    """The HTML with each run of whitespace as one space, so that a test need not know how its template is laid out."""
    return re.sub(r"\s+", " ", html)
