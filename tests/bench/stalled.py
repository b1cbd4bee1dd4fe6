"""What readers that stall cost the others: when a change reaches the 900 that read, while 100 don't, or all do."""

import socket
from collections import defaultdict
from contextlib import ExitStack

from tests.bench.processes import serving, watching
from tests.bench.tables import Column, Table, medians, note, number
from tests.bench.watchers import HANDSHAKE

KINDS = {"airside": "Airside", "tutorial": "tutorial Channels"}
STALLED, READING = 100, 900
FLOODS = 12  # frames of the whole board, about 2 MB: more than the kernel keeps for a reader
COLUMNS = [
    Column("median", "median ms"),
    Column("p99", "p99 ms"),
    Column("last", "last ms"),
    Column("stalled", "cannot be written to", 0),
    Column("grown", "server's memory grown MB", 0),
]


def measure():
    blocks = defaultdict(list)
    turns = number("BLOCKS", 3)
    for turn in range(turns):
        for kind, name in KINDS.items():
            for stalled in (0, STALLED):
                note(f"stalled: {turn + 1} of {turns}: {name}, {stalled} stall")
                blocks[f"{name}, {stalled} stall"].append(measure_block(kind, stalled))
    rows = {label: medians(found) for label, found in blocks.items()}
    yield Table(f"{READING:,} sockets that read, beside {STALLED} more", COLUMNS, rows)


def measure_block(kind, stalled):
    # Airside closes who stalls after 20 seconds; here they stay, for the worst of it to be measured.
    with serving(kind, LIVE_STALLED_AFTER="3600") as server, ExitStack() as stack:
        address = server.ask("address")["address"]
        with watching([server], READING) as watchers:
            before = server.ask("usage")
            for _ in range(stalled):
                stack.enter_context(stalled_reader(server.port, address))
            for _ in range(FLOODS):
                server.ask("flood")
                watchers.settle()
            figures = medians([only(watchers.change()) for _ in range(number("CHANGES", 20))])
            after = server.ask("usage")
    return {**figures, "stalled": after["stalled"], "grown": (after["memory"] - before["memory"]) / 2**20}


def only(figures):
    return {column.name: figures[column.name] for column in COLUMNS if column.name in figures}


def stalled_reader(port, path):
    """A socket that opens, and reads nothing from then on."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", port))
    reader.sendall(HANDSHAKE.format(port=port, path=path).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += reader.recv(1)
    return reader
