"""How fast one changed row of a board of 331 reaches all who watch it, and what that costs.

The servers take turns, block by block, so that what else the machine does meets all of them.
"""

import os
from collections import defaultdict
from contextlib import ExitStack

from tests.bench.processes import can_scale, serving, serving_scaled, watching
from tests.bench.tables import Column, Table, medians, note, number

KINDS = {
    "airside": "Airside",
    "scaled": "Airside, 2 processes",
    "tutorial": "tutorial Channels",
    "limit": "bare uvloop writer",
}
FEWER = 1  # changes, where each takes many seconds
COLUMNS = [
    Column("first", "first ms"),
    Column("median", "median ms"),
    Column("p99", "p99 ms"),
    Column("last", "last ms"),
    Column("per_second", "deliveries/s", 0),
    Column("cpu", "CPU µs each"),
    Column("memory", "KB a socket"),
    Column("bytes", "bytes", 0),
    Column("connecting", "connecting s", 2),
]


def measure():
    for sockets in map(int, os.environ.get("SOCKETS", "1000,5000").split(",")):
        yield table(sockets, kinds())


def kinds():
    if "KINDS" in os.environ:
        return os.environ["KINDS"].split(",")
    if can_scale():
        return list(KINDS)
    note("fanout: PostgreSQL or Redis is not installed, so it goes without two processes on them")
    return [kind for kind in KINDS if kind != "scaled"]


def table(sockets, kinds):
    blocks, length = defaultdict(list), 1600
    turns = number("BLOCKS", 3)
    for turn in range(turns):
        for kind in kinds:
            note(f"fanout: {sockets} sockets, {turn + 1} of {turns}: {KINDS[kind]}")
            block = measure_block(kind, sockets, length)
            blocks[kind].append(block)
            if kind == "airside":
                length = int(block["bytes"])
    rows = {KINDS[kind]: medians(blocks[kind]) for kind in kinds}
    return Table(f"{sockets:,} sockets, one changed row", COLUMNS, rows, compared(rows))


def measure_block(kind, sockets, length):
    """A server, its watchers, some changes. Medians of the changes."""
    changes = FEWER if kind == "tutorial" and sockets > 2000 else number("CHANGES", 7)
    with ExitStack() as stack:
        servers = (
            stack.enter_context(serving_scaled()) if kind == "scaled" else [stack.enter_context(serving(kind, length))]
        )
        before = memory(servers)
        watchers = stack.enter_context(watching(servers, sockets))
        watchers.change()  # the first one warms caches
        settled = memory(servers)
        rounds = [watchers.change() for _ in range(changes)]
    figures = medians([{name: value for name, value in one.items() if name != "changed"} for one in rounds])
    return {
        **figures,
        "per_second": sockets / figures["last"] * 1000,
        "memory": (settled - before) / sockets / 1024,
        "connecting": watchers.connecting,
    }


def memory(servers):
    return sum(server.ask("usage")["memory"] for server in servers)


def compared(rows):
    names = [KINDS[kind] for kind in ("airside", "tutorial", "limit")]
    if not all(name in rows for name in names):
        return ""
    ours, theirs, least = (rows[name]["last"] for name in names)
    return f"Last delivery: {theirs / ours:.1f} times sooner than the tutorial way, {ours / least:.1f} times the limit."
