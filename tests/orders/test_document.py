"""docs/orders.md: its table of moves is the one that the code goes by."""

import re

from django.conf import settings

from tracking.orders.models.states import LEGAL, State

ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", re.MULTILINE)


def test_the_table_of_moves_is_that_of_the_code():
    page = (settings.BASE / "docs" / "orders.md").read_text()
    written = {verb: {State(word.strip()) for word in states.split(",")} for verb, states in ROW.findall(page)}
    assert written == {verb: set(states) for verb, states in LEGAL.items()}
