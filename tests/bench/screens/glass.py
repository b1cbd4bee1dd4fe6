"""A 4K screen in Chromium while thirty rows a second change: how long its main thread is taken."""

import time

from tests.bench.processes import serving
from tests.bench.screens.tracing import chromium, traced
from tests.bench.tables import Column, Table, note, number

RATE = 30  # changes a second
SIZE = {"width": 3840, "height": 2160}
COLUMNS = [
    Column("longest", "longest task ms"),
    Column("cpu", "most CPU of a task ms"),
    Column("long", "tasks over 50 ms", 0),
    Column("share", "main thread busy %"),
    Column("frames", "frames painted/s"),
    Column("changes", "changes", 0),
]
LIVE = """async () => {
  while (!document.querySelector(".live[data-state=live]")) await new Promise((go) => setTimeout(go, 50));
  await document.fonts.ready;
}"""
COUNT_FRAMES = "() => { window.painted = 0; (function next() { painted++; requestAnimationFrame(next); })(); }"


def table():
    rows = {}
    with serving("screens") as server, chromium() as browser:
        screen = server.ask("scene")["screens"][1]
        board = server.ask("address")["page"]
        for words, path, rate in (
            ("a screen, nothing changes", screen["page"], 0),
            (f"a screen, {RATE} changes a second", screen["page"], RATE),
            (f"the page of departures, {RATE} changes a second", board, RATE),
        ):
            note(f"screens: glass, {words}")
            rows[words] = measured(browser, server, screen, path, rate)
    return Table("A board of 331 flights at 3,840 × 2,160 in Chromium", COLUMNS, rows)


def measured(browser, server, screen, path, rate):
    context = browser.new_context(viewport=SIZE)
    name, _, value = screen["cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = context.new_page()
    page.goto(server.url + path)
    page.evaluate(LIVE)
    page.evaluate(COUNT_FRAMES)
    time.sleep(3)
    seconds = number("SECONDS", 20)
    before, began = page.evaluate("painted"), time.monotonic()
    with traced(browser, page, server.url + path) as figures:
        changes = change(server, seconds, rate)
    painted = (page.evaluate("painted") - before) / (time.monotonic() - began)
    context.close()
    return {**figures, "frames": painted, "changes": changes}


def change(server, seconds, rate):
    """Have so many changes a second made; how many there were."""
    began = due = time.monotonic()
    made = 0
    while time.monotonic() < began + seconds:
        if rate:
            due += 1 / rate
            server.ask("busy")
            made += 1
        time.sleep(max(due - time.monotonic(), 0) if rate else 1)
    return made
