"""What a search costs among thirty days of a thousand flights: found, priced and rendered, connections included."""

import statistics

from tests.bench.processes import can_scale, serving, serving_scaled
from tests.bench.tables import Column, Table, note, percentile

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


def measure():
    rows = {}
    note("searching: SQLite, 1 process")
    with serving("searching") as server:
        rows["SQLite, 1 process"] = figures(server)
    if can_scale():
        note("searching: PostgreSQL, 2 processes")
        with serving_scaled("searching") as servers:
            rows["PostgreSQL, 2 processes"] = figures(servers[0])
    yield Table("200 searches for flights, among 30 days of 1,000", COLUMNS, rows)


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
