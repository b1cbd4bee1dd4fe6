"""What hostile clients and hanging neighbours cost 500 honest visitors, on both set-ups; and what 1,500 private pages cost.

Each attack meets a fresh server, whose mail server accepts and says nothing. ``SECONDS``: how long each is measured,
from its beginning; ``ATTACKS=none,stalled,lock,pages``: which; ``KINDS=sqlite,scaled``: on which set-ups. With ``MINUTES=10`` the
attacks run together for so long, and nothing else is measured.
"""

import os
import statistics

from tests.bench.hostile.setups import SETUPS, serving_hostile
from tests.bench.hostile.sides import Meter, attacking, complaints, visiting
from tests.bench.tables import Column, Table, note, number, percentile, written

WATCHERS = 500
PRIVATE = (0, 700, 1500)
# Connections of each attack, and what it is.
ATTACKS = {
    "none": (0, "none"),
    "stalled": (40, "40 readers that stall on a file or page"),
    "searches": (5100, "5,100 sockets, each with a search of its own"),
    "filters": (400, "400 sockets, each with a filtered board of its own"),
    "private": (1500, "1,500 private pages from one address"),
    "bodies": (2, "2 forms of 1,200 MB at a time"),
    "halves": (2000, "2,000 requests that are never sent whole"),
    "flood": (50, "50 clients that ask for pages and post forms"),
    "mail": (30, "30 password resets at once, the mail server hangs"),
    "lock": (21, "the database locked for 25 s of 30, 20 guests book"),
}
SEEN = [
    Column("first", "first frame, median ms", 0),
    Column("first_most", "most ms", 0),
    Column("none", "no frame in 10 s", 0),
    Column("change", "change to the last, median ms", 0),
    Column("change_most", "most ms", 0),
    Column("missed", "not reached all", 0),
    Column("page", "page, median ms", 0),
    Column("page_p99", "p99 ms", 0),
    Column("page_most", "most ms", 0),
    Column("wrong", "pages not 200", 0),
    Column("gap", "longest without a heartbeat s"),
    Column("lost", "watchers thrown out", 0),
]
COST = [
    Column("changes", "changes", 0),
    Column("unsaved", "not saved", 0),
    Column("pages", "pages", 0),
    Column("server", "server's CPU %", 0),
    Column("memory", "most memory of a process MB", 0),
    Column("attackers", "attackers' CPU %", 0),
    Column("visitors", "visitors' CPU %", 0),
    Column("machine", "machine busy %", 0),
    Column("held", "hostile connections held", 0),
    Column("refused", "ended or refused", 0),
]
PAGES = [
    Column("gap", "boards: longest without a heartbeat s"),
    Column("private_gap", "private pages: longest s"),
    Column("lost", "sockets lost", 0),
    Column("change", "change to the last of 500, median ms", 0),
    Column("change_most", "most ms", 0),
    Column("page_p99", "page p99 ms", 0),
    Column("server", "server's CPU %", 0),
    Column("memory", "most memory of a process MB", 0),
    Column("unready", "/readyz not 200", 0),
]
PAGES_TOO = "pages"  # among ATTACKS: the table of private pages
SOURCE, FURTHER = "127.0.1.1", "127.0.1.2"  # of the honest; attackers have 127.0.2.1, 127.0.3.1, …


def measure():
    seconds, minutes = number("SECONDS", 30), number("MINUTES", 0)
    chosen = os.environ.get("ATTACKS", ",".join([*ATTACKS, PAGES_TOO])).split(",")
    attacks = [name for name in chosen if name not in ("none", PAGES_TOO)]
    together = {f"{len(attacks)} attacks together": attacks} if len(attacks) > 1 else {}
    runs = {ATTACKS[name][1]: [name] if name in attacks else [] for name in chosen if name in ATTACKS}
    runs = together or runs if minutes else runs | together
    seconds = minutes * 60 or seconds
    for kind in os.environ.get("KINDS", ",".join(SETUPS)).split(","):
        seen = {}
        for label, names in runs.items():
            note(f"hostile: {SETUPS[kind]}: {label}, {seconds} s")
            seen[label] = figures(kind, names, seconds)
        if seen:
            yield Table(f"What {WATCHERS} watchers and their neighbours see: {SETUPS[kind]}, {seconds} s", SEEN, seen)
            yield Table(f"What that took: {SETUPS[kind]}", COST, seen)
        if PAGES_TOO in chosen and not minutes:
            rows = private_pages(kind, SETUPS[kind], seconds)
            yield Table(f"Private pages open beside {WATCHERS} boards: {SETUPS[kind]}", PAGES, rows)


def private_pages(kind, name, seconds):
    rows = {}
    for private in PRIVATE:
        note(f"hostile: {name}: {private} private pages, {seconds} s")
        rows[f"{private:,}"] = figures(kind, [], seconds, private)
    return rows


def figures(kind, attacks, seconds, private=0):
    """A fresh set-up, its visitors, and these attacks for so long."""
    connections = {name: ATTACKS[name][0] for name in attacks}
    with serving_hostile(kind) as setup:
        watch = [[path, ""] for path in setup.boards(WATCHERS)]
        private_watch = [[f"/ws/my-reservations/{pk}/?v=", cookie] for pk, cookie in setup.people[:private]]
        with (
            visiting(setup, SOURCE, watch, control=setup.control, visits=setup.visits, pages=setup.pages) as visitors,
            visiting(setup, FURTHER, private_watch) as guests,
        ):
            visitors.measure(3)  # caches are warm from here on
            with Meter(setup.servers) as meter, attacking(setup, attacks, connections) as attackers:
                guests.begin(seconds)
                found = visitors.measure(seconds)
                beside = guests.answer()
                costs = meter.figures()
            told = [attacker.told for attacker in attackers]
            logged = complaints(setup.servers)
    measured = {
        **seen_by(found),
        **costs,
        **cost_of(told),
        "visitors": (found["cpu"] + beside["cpu"]) * 100,
        "private_gap": max(beside["gaps"], default=0),
        "lost": sum(found["lost"].values()) + sum(beside["lost"].values()),
    }
    tell(measured, found, told, logged)
    return measured


def seen_by(found):
    first = [seconds * 1000 for seconds in found["first"]]
    shown = [seconds * 1000 for seconds in found["delays"] if seconds is not None]
    pages = [seconds * 1000 for seconds in found["pages"]]
    answers = found["answers"]
    return {
        "first": statistics.median(first) if first else None,
        "first_most": max(first, default=None),
        "none": sum(found["no_frame"].values()),
        "change": statistics.median(shown) if shown else None,
        "change_most": max(shown, default=None),
        "missed": found["delays"].count(None),
        "unsaved": found["failed"],
        "changes": len(found["delays"]) + found["failed"],
        "page": statistics.median(pages),
        "page_p99": percentile(pages, 0.99),
        "page_most": max(pages),
        "pages": len(pages),
        "wrong": len(pages) - answers.get("200", 0),
        "gap": max(found["gaps"]),
    }


def cost_of(attackers):
    return {
        "attackers": sum(one["cpu"] for one in attackers) * 100,
        "held": sum(one["held"] for one in attackers),
        "refused": sum(sum(one["outcomes"].values()) for one in attackers),
    }


def tell(measured, found, attackers, logged):
    """The figures as they come, and what the tables only count."""
    note("  " + ", ".join(f"{name} {written(figure, 1)}" for name, figure in measured.items()))
    note("  " + ", ".join(f"{name}: {found[name]}" for name in ("no_frame", "answers", "lost")))
    for one in attackers:
        note(f"  {one['name']}: held {one['held']}, longest gap {one['gap']:.1f} s, {one['outcomes']}")
    for line, times in logged:
        note(f"  logged {times} times: {line}")
