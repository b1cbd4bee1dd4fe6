"""What a search costs among thirty days of a thousand flights, connections included; and one search that many watch."""

import statistics

from tests.bench.processes import can_scale, serving, serving_scaled, watching
from tests.bench.tables import Column, Table, note, number, percentile

ROUNDS = 20  # of ten searches
COLUMNS = [
    Column("median", "median ms"),
    Column("cpu", "of it CPU of the server, median ms"),
    Column("p99", "p99 ms"),
    Column("page", "whole page, median ms"),
    Column("page_p99", "whole page, p99 ms"),
    Column("found", "results, median", 0),
    Column("queries", "queries", 0),
]


WATCHED = [
    Column("changes", "changes", 0),
    Column("renderings", "renderings", 0),
    Column("median", "last of all, median ms"),
    Column("p99", "last of all, p99 ms"),
    Column("late", "late changes", 0),
]
SECONDS, RATE = 30, 10


def measure():
    rows, sockets = {}, number("SOCKETS", 1000)
    note("searching: SQLite, 1 process")
    with serving("searching") as server:
        rows["SQLite, 1 process"] = figures(server)
        note(f"searching: {sockets} watch one search")
        seen = {"SQLite, 1 process": watch(server, sockets)}
    if can_scale():
        note("searching: PostgreSQL, 2 processes")
        with serving_scaled("searching") as servers:
            rows["PostgreSQL, 2 processes"] = figures(servers[0])
    yield Table("200 searches for flights, among 30 days of 1,000", COLUMNS, rows)
    yield Table(f"{sockets:,} people on one search, {RATE} prices a second", WATCHED, seen)


def figures(server):
    rounds = [server.ask("search") for _ in range(ROUNDS)]
    asked = {name: [each for one in rounds for each in one[name]] for name in ("results", "cpu", "pages", "found")}
    return {
        "median": statistics.median(asked["results"]),
        "cpu": statistics.median(asked["cpu"]),
        "p99": percentile(asked["results"], 0.99),
        "page": statistics.median(asked["pages"]),
        "page_p99": percentile(asked["pages"], 0.99),
        "found": statistics.median(asked["found"]),
        "queries": max(one["queries"] for one in rounds),
    }


def watch(server, sockets):
    """Prices move while so many watch: milliseconds until the last socket has each."""
    with watching([server], sockets) as watchers:
        watchers.change()  # the first one warms caches
        before = server.ask("usage")["renderings"]
        found = watchers.tell("stay", SECONDS, RATE)
        after = server.ask("usage")["renderings"]
    return {
        "changes": found["changes"],
        "renderings": after - before,
        "median": statistics.median(found["shown"]),
        "p99": percentile(found["shown"], 0.99),
        "late": found["late"],
    }
