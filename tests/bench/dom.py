"""From a change's commit to the changed text in a real Chromium, while others watch the same board."""

import statistics

from playwright.sync_api import sync_playwright

from tests.bench.processes import serving, watching
from tests.bench.tables import Column, Table, note, number, percentile
from tests.browser import on_path

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PAGES = 10  # opened one after the other: who joins when decides on one's place among all
KINDS = {"airside": "Airside", "tutorial": "tutorial Channels"}
COLUMNS = [
    Column("median", "median ms"),
    Column("p99", "p99 ms"),
    Column("most", "most ms"),
    Column("others", "others' last, median ms"),
    Column("changes", "changes", 0),
]

# The row's text when it changes, with when: Date.now() is the wall's clock, in whole milliseconds.
WATCH = """() => {
  window.shown = {};
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const rows = element?.matches("tbody") ? element.rows : [element?.closest("tr")];
      for (const row of rows) {
        if (row && shown[row.id]?.text !== row.textContent) shown[row.id] = { text: row.textContent, at: Date.now() };
      }
    }
  }).observe(document.querySelector("tbody"), { childList: true, characterData: true, subtree: true });
}"""
SHOWN = """async ([id, committed]) => {
  while (!(shown[id]?.at >= committed)) await new Promise((go) => setTimeout(go, 20));
  return shown[id].at;
}"""


def measure():
    sockets = number("SOCKETS", 1000)
    rows = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=on_path(), args=FLAGS)
        for kind, name in KINDS.items():
            note(f"dom: {name}")
            rows[name] = measure_kind(kind, sockets, browser)
    yield Table(f"Signal to DOM: Chromium and {sockets:,} others watch", COLUMNS, rows)


def measure_kind(kind, sockets, browser):
    taken, others = [], []
    with serving(kind) as server, watching([server], sockets) as watchers:
        watchers.change()  # the first one warms caches
        for _ in range(PAGES):
            page = browser.new_page()
            page.goto(server.url + server.ask("address")["page"])
            page.evaluate(WATCH)
            watchers.change()
            for _ in range(number("CHANGES", 200) // PAGES):
                figures = watchers.change()
                changed = figures["changed"]
                shown = page.evaluate(SHOWN, [changed["row"], int(changed["at"] * 1000)])
                taken.append(shown - changed["at"] * 1000)
                others.append(figures["last"])
            page.close()
    return {
        "median": statistics.median(taken),
        "p99": percentile(taken, 0.99),
        "most": max(taken),
        "others": statistics.median(others),
        "changes": len(taken),
    }
