"""A thousand people on the page of an event that is on, while they vote: 50 votes a second, and 50 at the same moment.

Each vote is a POST of somebody with a ticket. ``SOCKETS``: how many watch; ``SECONDS`` and ``RATE``: for how long, and how many a
second; ``BURSTS``: how often 50 come at once. Some of the watchers are looked at closely: a vote is seen once the page of each of
them shows a count that has it.
"""

import asyncio
import itertools
import json
import re
import statistics
import time
from contextlib import AsyncExitStack, suppress
from random import Random

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.bench.booking import OPEN
from tests.bench.orders import CSRF
from tests.bench.processes import set_ups, watching
from tests.bench.tables import Column, Table, note, number, percentile

CLOSELY = 20  # sockets
BURST = 50  # votes
COUNT = re.compile(r'id="now-question-(\d+)".*?<b class="figure">(\d+)</b>', re.S)
COLUMNS = [
    Column("votes", "votes", 0),
    Column("refused", "told to come back", 0),
    Column("answer", "answer to the vote, median ms"),
    Column("answer_p99", "p99 ms"),
    Column("seen", "seen, median ms"),
    Column("seen_p99", "p99 ms"),
    Column("last", "on the last page, p99 ms"),
    Column("renderings", "renderings a second and process"),
    Column("lost", "not shown", 0),
]
BURSTS = [
    Column("renderings", "renderings for a burst and process"),
    Column("refused", "told to come back", 0),
    Column("answer_p99", "answer to a vote, p99 ms", 0),
    Column("seen", "seen, median ms", 0),
    Column("last", "all on the last page, median ms", 0),
    Column("lost", "not shown", 0),
]


def measure():
    sockets, steady, bursts = number("SOCKETS", 1000), {}, {}
    for name, kind in set_ups("audience", **OPEN).items():
        note(f"votes: {sockets} people: {name}")
        with kind(sockets) as servers:
            scene = servers[0].ask("audience")
            with watching(servers, sockets - CLOSELY) as watchers:
                steady[name], bursts[name] = asyncio.run(Bench(servers, scene, watchers).run())
            note(f"votes: {steady[name]} {bursts[name]}")
    yield Table(f"{sockets:,} people at an event, {number('RATE', 50)} votes a second", COLUMNS, steady)
    yield Table(f"{BURST} votes at the same moment, {number('BURSTS', 20)} times", BURSTS, bursts)


class Vote:
    """``count``: what a page shows that has it. Without an ``answer`` it was told to come back."""

    def __init__(self, question):
        self.question, self.began = question, time.monotonic()
        self.answer = self.count = None


class Bench:
    def __init__(self, servers, scene, watchers):
        self.servers, self.scene, self.watchers = servers, scene, watchers
        self.pages = [{} for _page in range(CLOSELY)]  # question → [(moment, count)]
        self.answered = dict.fromkeys(scene["questions"], 0)
        pairs = list(itertools.product(scene["questions"], scene["cookies"]))
        Random(7).shuffle(pairs)
        self.pairs = iter(pairs)  # nobody votes for a question twice

    async def run(self):
        async with AsyncExitStack() as stack:
            self.clients = [
                await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=60))
                for server in self.servers
            ]
            tasks = [await self.look(stack, page) for page in range(CLOSELY)]
            steady = await self.steadily()
            await asyncio.sleep(6)  # the order has followed
            bursts = await self.in_bursts()
            for task in tasks:
                task.cancel()
        if self.servers[0].ask("counted") != {str(key): count for key, count in self.answered.items()}:
            raise SystemExit("votes: the database has other counts than were answered")
        return steady, bursts

    async def look(self, stack, page):
        """Open a page's socket, and note each count that it shows, and when."""
        server = self.servers[page % len(self.servers)]
        url = server.url.replace("http", "ws", 1) + self.servers[0].ask("address")["address"]
        socket = await stack.enter_async_context(connect(url, origin=server.url, max_size=None, compression=None))
        self.note_counts(page, await socket.recv())

        async def read():
            with suppress(ConnectionClosed):
                async for text in socket:
                    self.note_counts(page, text)

        return asyncio.create_task(read())

    def note_counts(self, page, text):
        moment = time.monotonic()
        for question, count in COUNT.findall(json.loads(text).get("content", "")):
            self.pages[page].setdefault(int(question), []).append((moment, int(count)))

    # Voting

    async def steadily(self):
        seconds, rate = number("SECONDS", 30), number("RATE", 50)
        before, began = self.renderings(), time.monotonic()
        reading = asyncio.create_task(asyncio.to_thread(self.watchers.settle, seconds + 2))
        tasks = []
        for turn in range(seconds * rate):
            await asyncio.sleep(max(0, began + turn / rate - time.monotonic()))
            tasks.append(asyncio.create_task(self.vote(turn)))
        votes = await asyncio.gather(*tasks)
        took = time.monotonic() - began
        await asyncio.sleep(1)  # the last are shown
        rendered = self.renderings() - before
        await reading
        return {**self.figures(votes), "renderings": rendered / took / len(self.servers)}

    async def in_bursts(self):
        rendered, votes, lasts = [], [], []
        for _burst in range(number("BURSTS", 20)):
            reading = asyncio.create_task(asyncio.to_thread(self.watchers.settle, 7))
            before = self.renderings()
            burst = await asyncio.gather(*(self.vote(turn) for turn in range(BURST)))
            await asyncio.sleep(1)  # before the order follows, which is a rendering too
            rendered.append((self.renderings() - before) / len(self.servers))
            await reading
            votes += burst
            waits = [wait for vote in burst if vote.answer for wait in self.waits(vote)]
            lasts.append(max(waits, default=0))
        found = self.figures(votes)
        return {**found, "renderings": statistics.mean(rendered), "last": statistics.median(lasts)}

    async def vote(self, turn):
        question, cookie = next(self.pairs)
        vote = Vote(question)
        answer = await self.clients[turn % len(self.clients)].post(
            self.scene["path"],
            data={"question": question},
            headers={"Cookie": f"{cookie}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "HX-Request": "true"},
        )
        if answer.status_code == 503:  # the server is busy, and says when to try again
            return vote
        if answer.status_code != 200:
            raise RuntimeError(f"votes: a vote was answered by {answer.status_code}")
        vote.answer = (time.monotonic() - vote.began) * 1000
        self.answered[question] += 1
        vote.count = self.answered[question]
        return vote

    def renderings(self):
        return sum(server.ask("renderings")["EventNow"] for server in self.servers)

    # What was seen

    def waits(self, vote):
        """The milliseconds from the click until each page showed a count that has it."""
        found = (
            next((moment for moment, count in page.get(vote.question, ()) if count >= vote.count), None)
            for page in self.pages
        )
        return [max(0, moment - vote.began) * 1000 for moment in found if moment is not None]

    def figures(self, votes):
        refused, votes = [vote for vote in votes if not vote.answer], [vote for vote in votes if vote.answer]
        waits = [self.waits(vote) for vote in votes]
        seen = [wait for of_one in waits for wait in of_one]
        answers = [vote.answer for vote in votes]
        return {
            "votes": len(votes),
            "refused": len(refused),
            "answer": statistics.median(answers),
            "answer_p99": percentile(answers, 0.99),
            "seen": statistics.median(seen),
            "seen_p99": percentile(seen, 0.99),
            "last": percentile([max(of_one) for of_one in waits if of_one], 0.99),
            "lost": sum(CLOSELY - len(of_one) for of_one in waits),
        }
