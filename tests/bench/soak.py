"""Many sockets and many changes for a long time: whether memory stays flat, and the delay what it was."""

import statistics

from tests.bench.processes import serving, watching
from tests.bench.tables import Column, Table, note, number, percentile

RATE = 20  # changes a second
ROWS = 10  # of the table
COLUMNS = [
    Column("memory", "memory MB"),
    Column("changes", "changes so far", 0),
    Column("late", "of them late", 0),
    Column("median", "median ms"),
    Column("p99", "p99 ms"),
    Column("cpu", "CPU % of a core", 0),
]


def measure():
    sockets, minutes = number("SOCKETS", 1000), number("MINUTES", 30)
    seconds = minutes * 60 / ROWS
    rows, changes, late = {}, 0, 0
    with serving("airside") as server, watching([server], sockets) as watchers:
        before = server.ask("usage")
        for row in range(1, ROWS + 1):
            figures = watchers.tell("stay", seconds, RATE)
            after = server.ask("usage")
            changes += figures["changes"]
            late += figures["late"]
            rows[f"{minutes * row / ROWS:g} min"] = {
                "memory": after["memory"] / 2**20,
                "changes": changes,
                "late": late,
                "median": statistics.median(figures["shown"]),
                "p99": percentile(figures["shown"], 0.99),
                "cpu": (after["cpu"] - before["cpu"]) / seconds * 100,
            }
            before = after
            note(f"soak: {row} of {ROWS}: {after['memory'] / 2**20:.1f} MB")
    yield Table(f"{sockets:,} sockets, {RATE} changes a second", COLUMNS, rows)
