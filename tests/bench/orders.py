"""A busy kitchen: 300 open orders of one shop, 500 customers with their page open, 4 kitchen screens, 5 moves a second.

Each move is a cook's tap over HTTP. ``SECONDS`` says for how long, ``RATE`` how many a second.
"""

import asyncio
import itertools
import re
import statistics
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.bench.portions import BUSY
from tests.bench.processes import set_ups
from tests.bench.tables import Column, Table, note, number, percentile

ORDERS, CUSTOMERS = 300, 500
LEADS_TO = {"accept": "accepted", "start": "making", "bump": "ready"}  # verb → the column where the card is then
CARD = re.compile(r"card-(\w+)-(\d+)\b")
CSRF = "a" * 32  # the same in a browser's cookie and in what it sends
WITHIN = 20  # seconds after which what was not shown never is
COLUMNS = [
    Column("moves", "moves", 0),
    Column("median", "tap to the customer, median ms"),
    Column("p99", "p99 ms"),
    Column("kitchens", "tap to the last kitchen, median ms"),
    Column("kitchens_p99", "p99 ms"),
    Column("answer", "answer to the tap, median ms"),
    Column("lost", "not shown", 0),
]
RENDERED = [
    Column("OrderByLink", "the customer’s page", 2),
    Column("KitchenColumn", "the kitchen’s four columns", 2),
    Column("KitchenHead", "its head", 2),
]


def measure():
    rows, rendered = {}, {}
    for name, kind in set_ups("kitchen", **BUSY).items():
        note(f"orders: {ORDERS} open orders, {CUSTOMERS} customers: {name}")
        with kind(ORDERS) as servers:
            scene = servers[0].ask("open_orders")
            moves, counts = asyncio.run(Bench(servers, scene).run())
            rows[name], rendered[name] = figures(moves), counts
            note(f"orders: {rows[name]} {counts}")
    title = f"{ORDERS} open orders of a shop, {CUSTOMERS} customers, 4 kitchen screens, {rate()} moves a second"
    yield Table(title, COLUMNS, rows)
    yield Table("Renderings for each move, in all processes", RENDERED, rendered)


def rate():
    return number("RATE", 5)


class Move:
    """One tap: when it was made, and when each screen that must show it did."""

    def __init__(self, customers):
        self.customers_left, self.kitchens_left = set(customers), set(range(4))
        self.customers, self.kitchens = [], []  # milliseconds
        self.began, self.answer, self.shown = time.monotonic(), None, asyncio.Event()

    def reach(self, left, reached, who):
        if who in left:
            left.remove(who)
            reached.append((time.monotonic() - self.began) * 1000)
        if not (self.customers_left or self.kitchens_left):
            self.shown.set()


class Bench:
    def __init__(self, servers, scene):
        self.servers, self.scene = servers, scene
        self.moves, self.verbs = {}, {}  # by the order's key
        self.watching = {}  # the customers of each order
        for customer in range(CUSTOMERS):
            self.watching.setdefault(self.order_of(customer)[0], []).append(customer)

    def order_of(self, customer):
        return self.scene["orders"][customer % len(self.scene["orders"])]

    async def run(self):
        async with AsyncExitStack() as stack:
            self.stack, self.tasks, self.firsts = stack, [], []
            for customer in range(CUSTOMERS):
                key, _verb, path = self.order_of(customer)
                await self.watch(customer, path, lambda text, who=customer, key=key: self.to_customer(who, key))
            for cook, cookie in enumerate(self.scene["cookies"]):
                for path in self.scene["kitchen"]:
                    await self.watch(cook, path, lambda text, who=cook: self.to_kitchen(who, text), cookie)
            self.cooks = [await stack.enter_async_context(self.cook(number)) for number in range(4)]
            await asyncio.gather(
                *(first.wait() for first in self.firsts)
            )  # each shows what is, so what comes is a change
            before = self.renderings()
            await self.tap_all()
            counts = self.renderings() - before
            for task in self.tasks:
                task.cancel()
        return list(self.moves.values()), {name: count / len(self.moves) for name, count in counts.items()}

    async def watch(self, who, path, came, cookie=""):
        """Open a socket, and hand on what comes. Each customer and each cook is at one of the processes."""
        server = self.servers[who % len(self.servers)]
        options = {"origin": server.url, "max_size": None, "additional_headers": {"Cookie": cookie} if cookie else {}}
        socket = await self.stack.enter_async_context(
            connect(server.url.replace("http", "ws", 1) + path, compression=None, **options)
        )

        first = asyncio.Event()
        self.firsts.append(first)

        async def read():
            with suppress(ConnectionClosed):  # what it should have shown is missed then
                async for text in socket:
                    if not text.startswith('{"beat"'):
                        first.set()
                        came(text)

        self.tasks.append(asyncio.create_task(read()))

    def cook(self, number):
        cookie = f"{self.scene['cookies'][number]}; csrftoken={CSRF}"
        url = self.servers[number % len(self.servers)].url
        return httpx.AsyncClient(
            base_url=url, timeout=60, headers={"Cookie": cookie, "X-CSRFToken": CSRF, "HX-Request": "true"}
        )

    def to_customer(self, who, key):
        if move := self.moves.get(key):
            move.reach(move.customers_left, move.customers, who)

    def to_kitchen(self, who, text):
        for column, key in CARD.findall(text):
            move = self.moves.get(int(key))
            if move and LEADS_TO[self.verbs[int(key)]] == column:
                move.reach(move.kitchens_left, move.kitchens, who)

    async def tap_all(self):
        """One order after another, at a steady rate."""
        orders = self.scene["orders"][: number("SECONDS", 30) * rate()]
        due, taps = time.monotonic(), []
        for (key, verb, _path), cook in zip(orders, itertools.cycle(self.cooks)):
            await asyncio.sleep(max(0, due - time.monotonic()))
            due += 1 / rate()
            taps.append(asyncio.create_task(self.tap(key, verb, cook)))
        await asyncio.gather(*taps)

    async def tap(self, key, verb, cook):
        self.verbs[key] = verb
        move = self.moves[key] = Move(self.watching.get(key, ()))
        answer = await cook.post(f"/orders/runway-grill/kitchen/{key}/tap/{verb}/")
        if answer.status_code != 200:
            raise SystemExit(f"orders: {verb} was answered by {answer.status_code}")
        move.answer = (time.monotonic() - move.began) * 1000
        with suppress(TimeoutError):
            await asyncio.wait_for(move.shown.wait(), WITHIN)

    def renderings(self):
        return sum((Counter(server.ask("renderings")) for server in self.servers), Counter())


def figures(moves):
    customers = [wait for move in moves for wait in move.customers]
    kitchens = [max(move.kitchens) for move in moves if move.kitchens]
    return {
        "moves": len(moves),
        "median": statistics.median(customers),
        "p99": percentile(customers, 0.99),
        "kitchens": statistics.median(kitchens),
        "kitchens_p99": percentile(kitchens, 0.99),
        "answer": statistics.median(move.answer for move in moves),
        "lost": sum(len(move.customers_left) + len(move.kitchens_left) for move in moves),
    }
