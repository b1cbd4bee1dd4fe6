"""How many guests come in at one door and at four, over HTTP, each door one after the other; and so of a bare view.

``SCANS``: how many tickets for each measurement. The answer that counts is "In": each ticket is scanned once.
"""

import asyncio
import statistics
import time
from uuid import uuid4

import httpx

from tests.bench.booking import OPEN
from tests.bench.orders import CSRF
from tests.bench.processes import set_ups
from tests.bench.tables import Column, Table, note, number, percentile

COLUMNS = [
    Column("rate", "scans/s", 0),
    Column("median", "median ms"),
    Column("p99", "p99 ms"),
    Column("let_in", "let in", 0),
    Column("failed", "other answers", 0),
]
BUSY = {**OPEN, "AIRSIDE_DOOR_SCANS_A_MINUTE": "100000000"}


def measure():
    scans, rows = number("SCANS", 400), {}
    for name, kind in set_ups("door", **BUSY).items():
        for doors in (1, 4):
            note(f"door: {scans} tickets, {doors} doors: {name}")
            with kind(scans) as servers:
                label = f"{name}, {doors} door{'s' * (doors > 1)}"
                rows[label], rows[f"{label}, a bare view"] = asyncio.run(evening(servers, doors))
    yield Table(f"{scans} guests come in", COLUMNS, rows)


async def evening(servers, doors):
    scene = servers[0].ask("guests")
    people = [Door(servers[number % len(servers)].url, scene, number) for number in range(doors)]
    shares = [scene["codes"][number::doors] for number in range(doors)]
    ours = await timed([person.scan_all(share) for person, share in zip(people, shares, strict=True)])
    found = servers[0].ask("inside")
    if set(found.values()) != {ours["let_in"]}:
        raise SystemExit(f"door: {ours['let_in']} were let in, and the scans have {found}")
    bare = await timed([person.ask_bare(len(share)) for person, share in zip(people, shares, strict=True)])
    for person in people:
        await person.browser.aclose()
    return ours, bare


async def timed(calls):
    began = time.monotonic()
    answers = [answer for door in await asyncio.gather(*calls) for answer in door]
    seconds = time.monotonic() - began
    waits = [ms for _is_in, ms in answers]
    let_in = sum(is_in for is_in, _ms in answers)
    figures = {"rate": len(answers) / seconds, "median": statistics.median(waits), "p99": percentile(waits, 0.99)}
    return {**figures, "let_in": let_in, "failed": len(answers) - let_in}


class Door:
    """A device: one scan after the other."""

    def __init__(self, url, scene, number):
        headers = {"Cookie": f"{scene['cookies'][number]}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "HX-Request": "true"}
        self.browser = httpx.AsyncClient(base_url=url, timeout=60, headers=headers)
        self.path, self.name = scene["path"], f"Door {number}"

    async def scan_all(self, codes):
        fields = {"way": "entry", "door": self.name}
        return [await self.one("POST", self.path, {**fields, "text": code, "key": uuid4()}) for code in codes]

    async def ask_bare(self, count):
        return [await self.one("GET", "/bench/bare") for _time in range(count)]

    async def one(self, method, path, fields=None):
        """Whether it was let in, and the milliseconds until the answer."""
        began = time.monotonic()
        answer = await self.browser.request(method, path, data=fields)
        return answer.status_code == 200, (time.monotonic() - began) * 1000
