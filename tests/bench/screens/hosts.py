"""A page of another site with twenty widgets: how long its own main thread is taken, which is not ours to take."""

import time

from e2e.elsewhere import another_site
from tests.bench.processes import serving
from tests.bench.screens.glass import change
from tests.bench.screens.tracing import chromium, traced
from tests.bench.tables import Column, Table, note, number

WIDGETS = 20
RATE = 10  # changes a second
SIZE = {"width": 1600, "height": 9000}  # so that all are in view
COLUMNS = [
    Column("longest", "loading: longest task ms"),
    Column("cpu", "of CPU"),
    Column("long", "over 50 ms", 0),
    Column("busy", "busy ms", 0),
    Column("live_longest", "live: longest task ms"),
    Column("live_cpu", "of CPU"),
    Column("live_long", "over 50 ms", 0),
    Column("live_share", "busy %"),
    Column("sockets", "sockets", 0),
]


def table():
    rows = {}
    with serving("screens") as server, chromium() as browser, another_site(server.url) as site:
        site.style = "airside-board, airside-flight, iframe { display: block; width: 360px; float: left; margin: 4px }"
        flights = server.ask("scene")["flights"][:5]
        bodies = {
            "the page alone": "<p>Welcome.</p>",
            f"with {WIDGETS} plain frames": "".join(map(frame, [site] * WIDGETS, range(WIDGETS))),
            f"with {WIDGETS} widgets": "".join(widget(number, flights) for number in range(WIDGETS)),
        }
        for words, body in bodies.items():
            note(f"screens: hosts, {words}")
            rows[words] = measured(browser, server, site, words, body)
        assert not site.reports, site.reports
    return Table(
        f"A page of another site, {RATE} changes a second",
        COLUMNS,
        rows,
        "Its main thread alone: the frames have others.",
    )


def frame(site, number):
    return f'<iframe src="{site.ours}/embed/board/JFK/departures/?n={number}" width="360" height="400" title="Departures"></iframe>'


def widget(number, flights):
    """Boards and flights by turns."""
    if number % 2:
        flight = flights[number % len(flights)].split("/")[4]
        return f'<airside-flight thing="{flight}"></airside-flight>'
    return '<airside-board airport="JFK" side="departures"></airside-board>'


def measured(browser, server, site, words, body):
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    address = site.put(f"/{words.replace(' ', '-')}", body, head=site.script if "widgets" in words else "")
    with traced(browser, page, address) as loading:
        page.goto(address)
        time.sleep(8)
    with traced(browser, page, address) as live:
        change(server, number("SECONDS", 20), RATE)
    context.close()
    return {**loading, **{f"live_{name}": figure for name, figure in live.items()}, "sockets": len(sockets)}
