"""Five hundred clients want the last hundred seats of a flight at the same moment, over HTTP, and so of a bare view.

Each asks for one seat. Who gets one books it, with name and e-mail; all others are told, and offered something else.
``CLIENTS`` and ``SEATS``: how many.
"""

import asyncio
import re
import statistics
import time
from collections import Counter
from uuid import uuid4

import httpx

from tests.bench.booking import OPEN, TOKEN
from tests.bench.processes import set_ups
from tests.bench.tables import Column, Table, note, number, percentile

DEARER = re.compile(r'class="button first" name="choice" value="[^"]*/(\d+)"')  # the button that names the new price
COLUMNS = [
    Column("rate", "answers/s", 0),
    Column("median", "median ms", 0),
    Column("p99", "p99 ms", 0),
    Column("booked", "booked", 0),
    Column("gone", "told it is gone", 0),
    Column("failed", "other answers", 0),
    Column("twice", "seats sold twice", 0),
]


def measure():
    clients, seats = number("CLIENTS", 500), number("SEATS", 100)
    rows = {}
    for name, kind in set_ups("selling", AIRSIDE_SEAT_HOLDS_PER_ADDRESS="100000000", **OPEN).items():
        note(f"selling: {clients} clients, {seats} seats: {name}")
        with kind(seats) as servers:
            rows[name], rows[f"{name}, a bare view"] = asyncio.run(contend(servers, clients, seats))
    yield Table(f"{clients} clients at once, for the last {seats} seats of a flight", COLUMNS, rows)


async def contend(servers, clients, seats):
    wanted = servers[0].ask("last_seats")
    people = [Customer(servers[number % len(servers)].url, wanted) for number in range(clients)]
    for person in people:
        await person.arrive()
    ours = await timed([person.book() for person in people])
    bare = await timed([person.ask_bare() for person in people])
    for person in people:
        await person.browser.aclose()
    found = servers[0].ask("sold")
    if not found["adds_up"]:
        raise SystemExit("selling: a ledger does not add up")
    return [{**figures, "twice": found["twice"]} for figures in (ours, bare)]


async def timed(calls):
    began = time.monotonic()
    answers = await asyncio.gather(*calls)
    seconds = time.monotonic() - began
    ends = Counter(end for end, _ms in answers)
    note(f"selling: {dict(ends)}")
    waits = [ms for _end, ms in answers]
    return {
        "rate": len(answers) / seconds,
        "median": statistics.median(waits),
        "p99": percentile(waits, 0.99),
        "booked": ends["booked"],
        "gone": ends["gone"],
        "failed": len(answers) - ends["booked"] - ends["gone"],
    }


class Customer:
    """A browser with cookies of its own."""

    def __init__(self, url, wanted):
        self.browser = httpx.AsyncClient(base_url=url, timeout=120)
        self.wanted = wanted

    async def arrive(self):
        page = await self.browser.get("/fly/")
        self.token = TOKEN.search(page.text)[1] if TOKEN.search(page.text) else self.browser.cookies["csrftoken"]

    async def book(self):
        """How it ended, and the milliseconds until the answer to what was asked for first."""
        began = time.monotonic()
        chosen = {"legs": self.wanted["inventory"], "total": self.wanted["total"], "family": "flex", "cabin": "economy"}
        party = {"adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0}
        answer = await self.send("/fly/offers/", **chosen, **party, key=uuid4())
        while answer.status_code == 409 and (dearer := DEARER.search(answer.text)):  # another price: they take it
            answer = await self.send("/fly/offers/", **{**chosen, "total": dearer[1]}, **party, key=uuid4())
        waited = (time.monotonic() - began) * 1000
        if answer.status_code == 303:
            return "booked", waited
        return ("gone" if answer.status_code == 409 else f"failed: {answer.status_code}"), waited

    async def ask_bare(self):
        began = time.monotonic()
        answer = await self.browser.get("/bench/bare")
        return answer.json()["end"], (time.monotonic() - began) * 1000

    async def send(self, address, **data):
        return await self.browser.post(address, data={**data, "csrfmiddlewaretoken": self.token})
