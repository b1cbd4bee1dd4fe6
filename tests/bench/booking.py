"""Two hundred guests book a restaurant's last tables at the same moment, over HTTP, again and again; and what a calendar costs.

Each round is another time at which 20 tables are left. All guests ask for it at once; who gets a table books it, with
name and e-mail, and all others are told that it is gone, with the nearest times. ``ATTEMPTS``: how often they ask in all.
"""

import asyncio
import re
import statistics
import time
from collections import Counter
from uuid import uuid4

import httpx

from tests.bench.processes import set_ups
from tests.bench.tables import Column, Table, note, number, percentile

LEFT = 20  # tables at each time
COLUMNS = [
    Column("attempts", "attempts", 0),
    Column("rate", "answers/s", 0),
    Column("bookings", "bookings/s"),
    Column("median", "median ms", 0),
    Column("p99", "p99 ms", 0),
    Column("sold", "sold", 0),
    Column("refused", "told it is gone", 0),
    Column("failed", "other answers", 0),
    Column("twice", "sold twice", 0),
]
CALENDAR = [Column("median", "median ms"), Column("best", "best ms"), Column("queries", "queries", 0)]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
OPEN = {
    "AIRSIDE_POSTS_PER_ADDRESS": "100000000",
    "AIRSIDE_MAILS_PER_ADDRESS": "100000000",
    "AIRSIDE_MAILS_PER_RECIPIENT": "100000000",
    "AIRSIDE_MAILS_PER_SESSION": "100000000",
    **{
        f"AIRSIDE_{name}": "100000000" for name in ("HOLDS_PER_ADDRESS", "BOOKINGS_PER_ADDRESS", "BOOKINGS_PER_CONTACT")
    },
    "AIRSIDE_HOLD_SHARE": "100",
    "EMAIL_URL": "dummymail://",
}  # all ask from one address, and nobody reads mail


def measure():
    guests, attempts = number("GUESTS", 200), number("ATTEMPTS", 2000)
    rows, calendars = {}, {}
    for name, kind in set_ups("booking", **OPEN).items():
        note(f"booking: {guests} guests, {attempts:,} attempts: {name}")
        with kind(LEFT) as servers:
            rows[name] = asyncio.run(contend(servers, guests, attempts))
        note(f"booking: a calendar of 30 days: {name}")
        with kind(LEFT) as servers:
            servers[0].ask("book")
            asked = servers[0].ask("availability")
            taken = {"median": statistics.median(asked["ms"]), "best": min(asked["ms"])}
            calendars[name] = {**taken, "queries": asked["queries"]}
    yield Table(f"{guests} guests at once, for {LEFT} tables at each time", COLUMNS, rows)
    yield Table("30 days of 60 tables and 5,000 reservations: on which can two come?", CALENDAR, calendars)


async def contend(servers, guests, attempts):
    slots = servers[0].ask("last_tables")["slots"][: -(-attempts // guests)]
    clients = [Guest(servers[number % len(servers)].url) for number in range(guests)]
    for client in clients:
        await client.arrive()
    answers, began = [], time.monotonic()
    for slot, day in slots:
        answers += await asyncio.gather(*(client.book(slot, day) for client in clients))
    seconds = time.monotonic() - began
    for client in clients:
        await client.browser.aclose()
    ends = [end for end, _ms in answers]
    note(f"booking: {dict(Counter(ends))}")
    waits = [ms for _end, ms in answers]
    return {
        "attempts": len(answers),
        "rate": len(answers) / seconds,
        "bookings": ends.count("booked") / seconds,
        "median": statistics.median(waits),
        "p99": percentile(waits, 0.99),
        "sold": servers[0].ask("sold")["booked"],
        "refused": ends.count("gone"),
        "failed": len(ends) - ends.count("booked") - ends.count("gone"),
        "twice": servers[0].ask("sold")["twice"],
    }


class Guest:
    """A browser with cookies of its own."""

    def __init__(self, url):
        self.browser = httpx.AsyncClient(base_url=url, timeout=120)

    async def arrive(self):
        page = await self.browser.get("/restaurants/bench/")
        self.token = TOKEN.search(page.text)[1]

    async def book(self, slot, day):
        """How it ended, and the milliseconds until the answer to what was asked for first."""
        began = time.monotonic()
        answer = await self.send("/restaurants/bench/hold/", party=2, date=day, slot=slot, key=uuid4())
        waited = (time.monotonic() - began) * 1000
        if answer.status_code == 303:
            answer = await self.send(answer.headers["Location"], name="Ada Lovelace", email="ada@example.org")
            return ("booked" if answer.status_code == 303 else f"not confirmed: {answer.status_code}"), waited
        return ("gone" if answer.status_code == 409 else f"failed: {answer.status_code}"), waited

    async def send(self, address, **data):
        return await self.browser.post(address, data={**data, "csrfmiddlewaretoken": self.token})
