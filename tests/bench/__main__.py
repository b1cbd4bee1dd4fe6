"""How fast one changed row of a board of 331 reaches all who watch it: ``make bench``; ``JSON=1`` for machines.

Three servers, one after the other and round again, so that what else the machine does meets all of them. Nothing is
asserted: docs/performance.md says how to read the table.
"""

import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from contextlib import contextmanager

KINDS = {"airside": "Airside", "tutorial": "tutorial Channels", "limit": "bare uvloop writer"}
SOCKETS = [int(number) for number in os.environ.get("SOCKETS", "1000,5000").split(",")]
BLOCKS = int(os.environ.get("BLOCKS", 3))
CHANGES = int(os.environ.get("CHANGES", 7))  # of one block
FEWER = 1  # where each takes many seconds
COLUMNS = [
    ("first", "first ms", 1),
    ("median", "median ms", 1),
    ("p99", "p99 ms", 1),
    ("last", "last ms", 1),
    ("per_second", "deliveries/s", 0),
    ("cpu", "CPU µs each", 1),
    ("memory", "KB a socket", 1),
    ("bytes", "bytes", 0),
    ("connecting", "connecting s", 2),
]


def main():
    kinds = os.environ.get("KINDS", ",".join(KINDS)).split(",")
    results = {}
    for sockets in SOCKETS:
        blocks, length = defaultdict(list), 1600
        for number in range(BLOCKS):
            for kind in kinds:
                note(f"{sockets} sockets, {number + 1} of {BLOCKS}: {KINDS[kind]}")
                changes = FEWER if kind == "tutorial" and sockets > 2000 else CHANGES
                block = measure(kind, sockets, changes, length)
                blocks[kind].append(block)
                if kind == "airside":
                    length = int(block["bytes"])
        results[sockets] = {kind: medians(blocks[kind]) for kind in kinds}
    if os.environ.get("JSON"):
        print(json.dumps({"machine": machine(), "sockets": results}, indent=1))
    else:
        report(results)


def measure(kind, sockets, changes, length):
    """One block: a server, its watchers, some changes. Medians of the changes."""
    with tempfile.TemporaryDirectory() as folder, running_server(kind, length, folder) as port:
        before = ask(port, "usage")
        command = [
            sys.executable,
            "-m",
            "tests.bench.watchers",
            str(port),
            str(sockets),
            ask(port, "address")["address"],
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watchers:
            connecting = json.loads(watchers.stdout.readline())["connected"]
            change(watchers)  # the first one warms caches
            settled = ask(port, "usage")
            rounds = [change(watchers) for _ in range(changes)]
            watchers.stdin.close()
    last = statistics.median(one["last"] for one in rounds)
    return {
        **{name: statistics.median(one[name] for one in rounds) for name in rounds[0]},
        "per_second": sockets / last * 1000,
        "memory": (settled["memory"] - before["memory"]) / sockets / 1024,
        "connecting": connecting,
    }


@contextmanager
def running_server(kind, length, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench.servers", kind, str(port)]
    environment = {**os.environ, "AIRSIDE_DATA": folder, "HOST": "127.0.0.1"}
    server = subprocess.Popen(
        [*command, str(length)] if kind == "limit" else command, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        if server.stdout.readline().strip() != "ready":
            sys.exit(f"The {kind} server did not start.")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        server.stdout.close()


def ask(port, what):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/{what}", timeout=60) as answer:
        return json.load(answer)


def change(watchers):
    watchers.stdin.write("change\n")
    watchers.stdin.flush()
    return json.loads(watchers.stdout.readline())


def medians(blocks):
    return {name: statistics.median(block[name] for block in blocks) for name, _, _ in COLUMNS}


def report(results):
    print(machine())
    for sockets, by_kind in results.items():
        print(f"\n{sockets:,} sockets of one process, one changed row\n")
        print("| |" + "|".join(title for _, title, _ in COLUMNS) + "|")
        print("|---|" + "--:|" * len(COLUMNS))
        for kind, figures in by_kind.items():
            print(
                f"| {KINDS[kind]} |" + "|".join(f" {figures[name]:,.{digits}f} " for name, _, digits in COLUMNS) + "|"
            )
        if {"airside", "tutorial", "limit"} <= set(by_kind):
            ours, theirs, least = (by_kind[kind]["last"] for kind in KINDS)
            print(
                f"\nLast delivery: {theirs / ours:.1f} times sooner than the tutorial way, {ours / least:.1f} times the limit."
            )


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def note(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
