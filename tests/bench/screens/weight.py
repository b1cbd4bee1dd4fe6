"""What a screen loads at its first start, compressed as it comes over the network, with its fonts."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager

from tests.bench.processes import Server, ending
from tests.bench.screens.glass import LIVE, SIZE
from tests.bench.screens.tracing import chromium
from tests.bench.tables import Column, Table, note

BUDGET = 120  # KB
COLUMNS = [
    Column("all", "KB"),
    Column("Document", "of it the document"),
    Column("Stylesheet", "styles"),
    Column("Script", "scripts"),
    Column("Font", "fonts"),
    Column("Other", "the rest"),
    Column("requests", "requests", 0),
    Column("budget", f"of the {BUDGET} KB", 2),
]


def table():
    rows = {}
    with serving_collected("screens") as server, chromium() as browser:
        scene = server.ask("scene")
        for words, screen, path in (
            ("a screen, 331 flights in two languages", scene["screens"][1], scene["screens"][1]["page"]),
            (f"a screen, {scene['few']['rows']} flights in two languages", scene["few"], scene["few"]["page"]),
            ("the page of departures, 331 flights", scene["few"], server.ask("address")["page"]),
        ):
            note(f"screens: weight, {words}")
            rows[words] = measured(browser, server, screen, path)
    return Table("First load", COLUMNS, rows)


def measured(browser, server, screen, path):
    context = browser.new_context(viewport=SIZE)
    name, _, value = screen["cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = context.new_page()
    inspector = context.new_cdp_session(page)
    inspector.send("Network.enable")
    kinds, sizes = {}, Counter()
    inspector.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    inspector.on(
        "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
    )
    page.goto(server.url + path)
    page.evaluate(LIVE)
    page.wait_for_timeout(3000)
    context.close()
    of_kind = Counter()
    for request, size in sizes.items():
        kind = kinds.get(request, "Other")
        of_kind[kind if kind in ("Document", "Stylesheet", "Script", "Font") else "Other"] += size / 1024
    total = of_kind.total()
    return {**of_kind, "all": total, "requests": len(sizes), "budget": total / BUDGET}


@contextmanager
def serving_collected(kind):
    """A server whose static files are collected and compressed, as ``manage.py serve`` has them."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"AIRSIDE_DATA": folder, "AIRSIDE_STATIC_COLLECTED": "1"}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
            env={**os.environ, **environment},
            check=True,
        )
        with ending(Server(kind, folder, AIRSIDE_STATIC_COLLECTED="1")) as server:
            yield server
