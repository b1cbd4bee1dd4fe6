"""Which cabin an aircraft of the demo has. The record has no types: they are guessed from registrations, as airlines gave them."""

import re

FLEET = (  # carrier, registration, layout; the first that matches
    ("B6", r"N[1-3]", "e190"),
    ("B6", r"", "a320-one-cabin"),
    ("UA", r"N4\d\dUA", "a320"),
    ("UA", r"N8\d\dUA", "a319"),
    ("UA", r"N5\d\dUA|N[1245][1-8]1\d\d", "757-200"),
    ("UA", r"N\d\d[67]\d\d", "737-700"),
    ("UA", r"N(59053|75854)", "767-300"),
    ("UA", r"", "737-800"),
    ("DL", r"N9", "md-88"),
    ("DL", r"N3\d\dNB", "a319"),
    ("DL", r"N3\d\d(US|NW)", "a320"),
    ("DL", r"N1", "767-300"),
    ("DL", r"N(6|7)", "757-200"),
    ("DL", r"", "737-800"),
    ("AA", r"N3\d\dAA", "767-300"),
    ("AA", r"N[45]\d\dAA", "md-88"),
    ("AA", r"", "737-800"),
    ("US", r"N9", "e190-two-cabins"),
    ("US", r"N(5|16|17|18|19)", "a321"),
    ("US", r"N(1|6)", "a320"),
    ("US", r"", "a319"),
    ("EV", r"N\d\d\dPQ|N\d\d\dCA|N\d\d\dLR", "crj-900"),
    ("EV", r"N[67]\d\d(QX|EV)", "crj-700"),
    ("EV", r"N8", "crj-200"),
    ("EV", r"", "erj-145"),
    ("MQ", r"N5", "crj-700"),
    ("MQ", r"", "erj-145"),
    ("9E", r"N(6|9)", "crj-900"),
    ("9E", r"", "crj-200"),
    ("WN", r"", "737-700-one-cabin"),
    ("FL", r"", "737-700"),
    ("VX", r"N52", "a319"),
    ("VX", r"", "a320"),
    ("F9", r"", "a319"),
    ("YV", r"", "crj-900"),
    ("AS", r"", "737-800"),
    ("HA", r"", "a330-200"),
)
OTHER = "a320"


def layout_of(carrier: str, tail: str) -> str:
    """The slug of the layout of an aircraft; of the most usual one of its airline if nobody knows which it is."""
    return next((slug for code, known, slug in FLEET if code == carrier and re.match(known, tail)), OTHER)
