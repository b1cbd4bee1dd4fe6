"""Three hundred screens with their heartbeats and two thousand widgets, beside two hundred members of staff, in one process."""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager

from tests.bench.processes import Watchers, serving, watching
from tests.bench.tables import Column, Table, median, note, number

ROWS = {
    "staff": "200 staff",
    "all": "and 300 screens, 2,000 widgets",
    "beating": "and the heartbeats of the screens",
    "limit": "a bare uvloop writer, as many sockets that hear of it",
}
# Who hears of the change: the third flight has another gate.
HEARS = {"agents": "staff", "screens": "screens", "boards": "board widgets", "flights": "flight widgets"}
COLUMNS = [
    Column("last", "last ms"),
    *(Column(name, f"last of {words} ms") for name, words in HEARS.items()),
    Column("missed", "missed", 0),
    Column("cpu", "CPU ms a change"),
    Column("rest", "CPU % between changes"),
    Column("memory", "memory MB", 0),
    Column("each", "KB a socket"),
    Column("beats", "heartbeats", 0),
    Column("beat", "answered in, median ms"),
    Column("beat_p99", "p99 ms"),
    Column("failed", "failed", 0),
]


def table():
    blocks, hearing = defaultdict(list), 1
    turns = number("BLOCKS", 3)
    for turn in range(turns):
        for kind, words in ROWS.items():
            note(f"screens: crowd, {turn + 1} of {turns}: {words}")
            if kind == "limit":
                blocks[kind].append(measure_limit(hearing))
            else:
                block, hearing = measure_block(kind)
                blocks[kind].append(block)
    rows = {words: middle(blocks[kind]) for kind, words in ROWS.items()}
    return Table("Screens and widgets beside staff, one changed row", COLUMNS, rows, compared(rows))


def middle(blocks):
    """The median of each figure over the blocks that have it."""
    return {name: median([block[name] for block in blocks]) for name in blocks[0]}


def measure_block(kind):
    with serving("screens") as server:
        before = server.ask("usage")["memory"]
        groups = groups_of(server.ask("scene"), kind)
        with gathering(server, groups) as crowd:
            if kind == "beating":
                crowd.tell("beat", server.ask("address")["release"])
            crowd.settle(12)  # every screen was heard, and the caches are warm
            crowd.change()
            crowd.tell("beats")
            rest, seconds = server.ask("usage"), number("SECONDS", 20)
            crowd.settle(seconds)
            rested = server.ask("usage")
            changes = [changed(server, crowd) for _ in range(number("CHANGES", 20))]
            beats = crowd.tell("beats")
            memory = server.ask("usage")["memory"]
    sockets = sum(len(group["sockets"]) for group in groups)
    hearing = sum(len(group["sockets"]) for group in groups if group["hears"])
    lasts = {name: median([one["last"][name] for one in changes]) for name in changes[0]["last"]}
    figures = {
        **lasts,
        "last": median([max(one["last"].values()) for one in changes]),
        "missed": sum(one["missed"] for one in changes),
        "cpu": median([one["cpu"] for one in changes]),
        "rest": (rested["cpu"] - rest["cpu"]) / seconds * 100,
        "memory": memory / 2**20,
        "each": (memory - before) / sockets / 1024,
    }
    if kind == "beating":
        figures |= {
            "beats": beats["beats"],
            "beat": beats["median"],
            "beat_p99": beats["p99"],
            "failed": beats["failed"],
        }
    return figures, hearing


def changed(server, crowd):
    before = server.ask("usage")["cpu"]
    figures = crowd.change()
    figures["cpu"] = (server.ask("usage")["cpu"] - before) * 1000
    crowd.settle(1)
    return figures


def groups_of(scene, kind):
    """The groups of sockets (crowd.py). Half of the widgets of flights show another flight, and hear nothing."""
    screens = scene["screens"]
    staff = [
        {"name": "agents", "hears": True, "sockets": [["/ws/desk/JFK/?lang=en", cookie] for cookie in scene["agents"]]},
        {
            "name": "supervisors",
            "hears": False,
            "sockets": [["/ws/screens/wall/?lang=en", cookie] for cookie in scene["supervisors"]],
        },
    ]
    if kind == "staff":
        return staff
    third = scene["flights"][2]
    return [
        *staff,
        {
            "name": "screens",
            "hears": True,
            "sockets": [[screen["board"], screen["cookie"]] for screen in screens],
            "beats": [[screen["beat"], screen["cookie"]] for screen in screens],
        },
        {"name": "controls", "hears": False, "sockets": [[screen["control"], screen["cookie"]] for screen in screens]},
        {"name": "boards", "hears": True, "sockets": [[path, ""] for path in scene["boards"]]},
        {"name": "flights", "hears": True, "sockets": [[path, ""] for path in scene["flights"] if path == third]},
        {"name": "others", "hears": False, "sockets": [[path, ""] for path in scene["flights"] if path != third]},
    ]


@contextmanager
def gathering(server, groups):
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(groups, file)
    command = [sys.executable, "-m", "tests.bench.screens.crowd", str(server.port), file.name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Watchers(process)
        process.stdin.close()


def measure_limit(sockets):
    with serving("limit", 600) as server, watching([server], sockets) as watchers:
        watchers.change()
        return {"last": median([watchers.change()["last"] for _ in range(number("CHANGES", 20))])}


def compared(rows):
    staff, everybody, beating, least = (rows[words]["last"] for words in ROWS.values())
    return (
        f"Last frame: {everybody / staff:.1f} times that of staff alone, {everybody / least:.1f} times the limit; with"
        f" heartbeats {beating / staff:.1f} and {beating / least:.1f} times."
    )
