"""Two hundred baskets after the last 20 portions of a dish at the same moment, over HTTP, and so of a bare view.

Each basket has one of it. Who gets one has ordered; all others are told at that line. ``BASKETS`` and ``PORTIONS``: how many.
"""

import asyncio
import re
import time

import httpx

from tests.bench.booking import OPEN, TOKEN
from tests.bench.processes import set_ups
from tests.bench.selling import timed
from tests.bench.tables import Column, Table, note, number

KEY, ACCEPTED = re.compile(r'name="key" value="([^"]+)"'), re.compile(r'name="accepted" value="(\d+)"')
MENU = "/orders/runway-grill/"
COLUMNS = [
    Column("rate", "answers/s", 0),
    Column("median", "median ms", 0),
    Column("p99", "p99 ms", 0),
    Column("booked", "sold", 0),
    Column("gone", "told it is gone", 0),
    Column("failed", "other answers", 0),
    Column("left", "left", 0),
]


def measure():
    baskets, portions = number("BASKETS", 200), number("PORTIONS", 20)
    rows = {}
    for name, kind in set_ups("kitchen", **BUSY).items():
        note(f"portions: {baskets} baskets, {portions} portions: {name}")
        with kind(portions) as servers:
            rows[name], rows[f"{name}, a bare view"] = asyncio.run(contend(servers, baskets))
    yield Table(f"{baskets} baskets at once, after the last {portions} portions", COLUMNS, rows)


# All order from one address.
BUSY = {**OPEN, "AIRSIDE_ORDERS_PER_ADDRESS": "100000000", "AIRSIDE_PORTION_SHARE": "100"}


async def contend(servers, baskets):
    dish = servers[0].ask("last_portions")["dish"]
    people = [Customer(servers[number % len(servers)].url, dish) for number in range(baskets)]
    for person in people:
        await person.fill_basket()
    ours = await timed([person.order() for person in people])
    bare = await timed([person.ask_bare() for person in people])
    for person in people:
        await person.browser.aclose()
    found = servers[0].ask("sold")
    if (found["sold"], found["orders"]) != (ours["booked"], ours["booked"]):
        raise SystemExit(f"portions: {ours['booked']} were told that they have one, and the orders have {found}")
    return [{**ours, "left": found["left"]}, bare]


class Customer:
    """A browser with cookies of its own, and one portion in its basket."""

    def __init__(self, url, dish):
        self.browser, self.dish = httpx.AsyncClient(base_url=url, timeout=120), dish

    async def fill_basket(self):
        page = await self.browser.get(f"{MENU}{self.dish}/")
        self.fields = {"csrfmiddlewaretoken": TOKEN.search(page.text)[1]}
        await self.browser.post(f"{MENU}{self.dish}/add/", data={**self.fields, "quantity": 1})
        page = await self.browser.get(f"{MENU}order/")
        self.fields |= {"key": KEY.search(page.text)[1], "accepted": ACCEPTED.search(page.text)[1]}

    async def order(self):
        """How it ended, and the milliseconds until the answer."""
        fields = {"way": "collection", "when": "soon", "name": "Ada", "email": "ada@example.org"}
        began = time.monotonic()
        answer = await self.browser.post(f"{MENU}order/", data={**self.fields, **fields})
        waited = (time.monotonic() - began) * 1000
        if answer.status_code == 303:
            return "booked", waited
        is_told = answer.status_code == 422 and "is sold out." in answer.text
        return ("gone" if is_told else f"failed: {answer.status_code}"), waited

    async def ask_bare(self):
        began = time.monotonic()
        answer = await self.browser.get("/bench/bare")
        return answer.json()["end"], (time.monotonic() - began) * 1000
