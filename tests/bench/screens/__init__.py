"""Screens that nobody touches, and widgets in other people's pages: what they cost the server, and the browser.

``TABLES=weight,glass,crowd,hosts``: which of the four. ``BLOCKS=3``, ``CHANGES=20``, ``SECONDS=20`` choose other numbers.
"""

import os

from tests.bench.screens import crowds, glass, hosts, weight

TABLES = {"weight": weight, "glass": glass, "crowd": crowds, "hosts": hosts}


def measure():
    for name in os.environ.get("TABLES", ",".join(TABLES)).split(","):
        yield TABLES[name].table()
