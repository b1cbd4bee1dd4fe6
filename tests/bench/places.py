"""Two thousand people after the last 200 places of an event, over HTTP, within a minute; and so of a bare view.

Each comes alone or with up to three others, opens the event's page, and asks for their places at once. Who gets them types the
names and registers; all others are told what is left, or that nothing is. ``PEOPLE``, ``PLACES`` and ``SECONDS``: how many come for
how many, within what time. ``CPU ms`` are the server's, for each person, whatever became of them.
"""

import asyncio
import re
import ssl
import statistics
import time
from collections import Counter
from random import Random
from uuid import uuid4

import httpx

from tests.bench.booking import OPEN, TOKEN
from tests.bench.processes import set_ups
from tests.bench.tables import Column, Table, note, number, percentile

MOST = 4  # in a party
TOLD = {  # what the page says to who comes too late, by what it means
    "fewer": re.compile(r"Hold the (one place|\d places) that (is|are) left"),
    "held": re.compile(r"None free at the moment"),
    "gone": re.compile(r"Sold out"),
}
COLUMNS = [
    Column("rate", "answers/s", 0),
    Column("median", "median ms", 0),
    Column("p99", "p99 ms", 0),
    Column("cpu", "CPU ms a person"),
    Column("sold", "places sold", 0),
    Column("booked", "parties registered", 0),
    Column("fewer", "told that fewer are left", 0),
    Column("held", "told that all are held", 0),
    Column("gone", "told that it is sold out", 0),
    Column("failed", "other answers", 0),
    Column("wrong", "of the ledger, wrong", 0),
]


def measure():
    people, places, seconds = number("PEOPLE", 2000), number("PLACES", 200), number("SECONDS", 60)
    rows = {}
    for name, kind in set_ups("sale", **BUSY).items():
        note(f"places: {people:,} people, {places} places, {seconds} s: {name}")
        with kind(places) as servers:
            rows[name], rows[f"{name}, a bare view"] = asyncio.run(contend(servers, people, places, seconds))
    yield Table(f"{people:,} people within {seconds} seconds, after the last {places} places", COLUMNS, rows)


# All come from one address.
BUSY = {**OPEN, "AIRSIDE_EVENT_HOLDS_PER_ADDRESS": "100000000", "AIRSIDE_REQUESTS_PER_ADDRESS": "100000000"}


async def contend(servers, people, places, seconds):
    scene, chance, context = servers[0].ask("on_sale"), Random(7), ssl.create_default_context()
    found = []
    for way in ("site", "bare"):
        parties = [
            Party(servers[turn % len(servers)].url, scene, chance.randint(1, MOST), context) for turn in range(people)
        ]
        before = cpu_of(servers)
        figures = await arriving([getattr(party, way) for party in parties], seconds)
        figures["cpu"] = (cpu_of(servers) - before) * 1000 / people
        sold = servers[0].ask("sold")
        found.append({**figures, "sold": sold[way], "wrong": len(sold["wrong"])})
        if sold["wrong"] or sold[way] > places:
            raise SystemExit(f"places: {sold}")
    return found


def cpu_of(servers):
    return sum(server.ask("usage")["cpu"] for server in servers)


async def arriving(calls, seconds):
    """They come one after the other, spread evenly."""
    began = time.monotonic()

    async def come(turn, call):
        await asyncio.sleep(max(0, began + turn * seconds / len(calls) - time.monotonic()))
        return await call()

    ends = await asyncio.gather(*(come(turn, call) for turn, call in enumerate(calls)))
    took = time.monotonic() - began
    counts = Counter(end for end, _waits in ends)
    note(f"places: {dict(counts)}")
    waits = [wait for _end, of_one in ends for wait in of_one]
    known = {name: counts.pop(name, 0) for name in ("booked", *TOLD)}
    return {
        "rate": len(waits) / took,
        "median": statistics.median(waits),
        "p99": percentile(waits, 0.99),
        **known,
        "failed": counts.total(),
    }


class Party:
    """A browser with cookies of its own. Both ways answer how it ended, and the milliseconds of each answer."""

    def __init__(self, url, scene, size, context):
        self.url, self.scene, self.size, self.context = url, scene, size, context
        self.waits = []

    async def site(self):
        async with httpx.AsyncClient(base_url=self.url, timeout=120, verify=self.context) as self.browser:
            return await self.register(), self.waits

    async def bare(self):
        async with httpx.AsyncClient(base_url=self.url, timeout=120, verify=self.context) as self.browser:
            answer = await self.send("GET", f"/bench/bare{self.size}")
            return answer.json()["end"], self.waits

    async def register(self):
        page = await self.send("GET", self.scene["path"])
        if page.status_code != 200:
            return f"the event's page: {page.status_code}"
        wanted = {"key": uuid4(), f"type-{self.scene['type']}": self.size}
        answer = await self.fill_in(page, f"{self.scene['path']}hold/", wanted)
        if answer.status_code == 409:
            return next((end for end, words in TOLD.items() if words.search(answer.text)), "not told why")
        if answer.status_code != 303:
            return f"the hold: {answer.status_code}"
        address = answer.headers["Location"]
        page = await self.send("GET", address)
        if page.status_code != 200:
            return f"the page of the hold: {page.status_code}"
        others = {f"name-{position}": f"Guest {position}" for position in range(2, self.size + 1)}
        answer = await self.fill_in(page, address, {"name": "Ada", "email": "ada@example.org", **others})
        if answer.status_code != 303:
            return f"the form: {answer.status_code}"
        page = await self.send("GET", answer.headers["Location"])
        return "booked" if page.status_code == 200 else f"the registration: {page.status_code}"

    async def fill_in(self, page, address, fields):
        return await self.send("POST", address, {**fields, "csrfmiddlewaretoken": TOKEN.search(page.text)[1]})

    async def send(self, method, address, fields=None):
        began = time.monotonic()
        answer = await self.browser.request(method, address, data=fields)
        self.waits.append((time.monotonic() - began) * 1000)
        return answer
