"""A board in a real Chromium through very many row changes: whether its heap, its nodes and its listeners stay flat."""

import time

from playwright.sync_api import sync_playwright

from tests.bench.dom import FLAGS
from tests.bench.processes import serving
from tests.bench.tables import Column, Table, note, number
from tests.browser import on_path

AT_A_TIME, EVERY = 20, 0.05  # rows of one frame, and seconds between frames
COLUMNS = [
    Column("heap", "heap MB"),
    Column("nodes", "nodes", 0),
    Column("listeners", "listeners", 0),
]
SETTLED = """async (version) => {
  const board = document.querySelector(".live[data-v]");
  while (board.dataset.v !== version || document.querySelector(".changed")) await new Promise((go) => setTimeout(go, 50));
}"""


def measure():
    changes = number("CHANGES", 100_000)
    rows = {}
    with sync_playwright() as playwright, serving("airside") as server:
        page = playwright.chromium.launch(executable_path=on_path(), args=FLAGS).new_page()
        page.goto(server.url + server.ask("address")["page"])
        inspector = page.context.new_cdp_session(page)
        inspector.send("Performance.enable")
        for done in range(0, changes + 1, changes // 10):
            note(f"browser: {done} of {changes} row changes")
            if done:
                change(server, changes // 10)
            page.evaluate(SETTLED, server.ask("address")["version"])
            rows[f"{done:,} row changes"] = held(inspector)
    yield Table("A board in Chromium", COLUMNS, rows)


def change(server, rows):
    due = time.monotonic()
    for _ in range(rows // AT_A_TIME):
        due += EVERY
        server.ask("changes")
        time.sleep(max(due - time.monotonic(), 0))


def held(inspector):
    """What the page holds once the garbage is collected."""
    inspector.send("HeapProfiler.collectGarbage")
    found = {metric["name"]: metric["value"] for metric in inspector.send("Performance.getMetrics")["metrics"]}
    return {
        "heap": found["JSHeapUsedSize"] / 2**20,
        "nodes": found["Nodes"],
        "listeners": found["JSEventListeners"],
    }
