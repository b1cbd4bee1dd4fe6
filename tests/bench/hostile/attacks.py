"""The attacks, each in a process of its own, with an address of its own and a low priority.

    python -m tests.bench.hostile.attacks NAME

Takes a line of JSON, the arguments of Attack, and attacks until its input ends. Then it prints, as a line of JSON, what
came of it. Who is refused tries again, all of an attack together so many times a second: the rest is for a firewall.
"""

import asyncio
import gc
import json
import os
import socket
import sqlite3
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager, closing
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import uvloop

from tests.bench.hostile.wire import CHUNKED, Site, ask, connect, form, open_socket, request
from tests.bench.servers import raise_file_limit

NICE = 10
FIRST_A_SECOND = 500  # connections
AGAIN_A_SECOND = int(os.environ.get("AGAIN", 100))
TRIES_AGAIN = 1  # seconds after a refusal
BIG_FILE = "/static/ninja/swagger-ui-bundle.js"  # 1.4 MB
BIG_PAGE = "/flights/JFK/departures/?hours=24"
GIGABYTES = 1200 * 2**20
PART = 2**20  # bytes sent at a time
ESTABLISHED = 1  # the kernel's TCP_ESTABLISHED


class Attack:
    """``how_many``: connections; ``sessions``: cookies of people with an account; ``database``: its address."""

    def __init__(self, site, source, how_many, sessions=(), database="", slots=()):
        self.site, self.source, self.how_many = Site(*site), source, how_many
        self.sessions, self.database, self.slots = sessions, database, slots
        self.outcomes, self.numbers, self.held = Counter(), count(), 0
        self.gap, self.next_open = 0.0, 0.0

    async def run(self, name):
        job = getattr(self, name)
        async with asyncio.TaskGroup() as group:
            for number in range(self.how_many):
                group.create_task(self.again_and_again(job, number))

    async def again_and_again(self, job, number):
        for tries in count():
            await self.turn(AGAIN_A_SECOND if tries else FIRST_A_SECOND)
            try:
                outcome = await job(number)
            except (OSError, TimeoutError) as fault:
                outcome = type(fault).__name__
            self.outcomes[str(outcome)] += 1
            await asyncio.sleep(TRIES_AGAIN)

    async def turn(self, a_second):
        """Wait until the next connection may be opened, of so many a second."""
        now = time.monotonic()
        self.next_open = max(self.next_open, now) + 1 / a_second
        await asyncio.sleep(self.next_open - now)

    @asynccontextmanager
    async def connected(self, receive_buffer=None):
        one = await connect(self.site, self.source, receive_buffer)
        try:
            yield one
        finally:
            one.close()

    @asynccontextmanager
    async def holding(self):
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    # Readers that stall: a large file or page is asked for, and nothing is read

    async def stalled(self, number):
        path = BIG_PAGE if number % 2 else BIG_FILE
        async with self.connected(receive_buffer=2048) as one, self.holding():
            await asyncio.get_running_loop().sock_sendall(one, request(self.site, path))
            while True:
                await asyncio.sleep(1)
                if one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != ESTABLISHED:
                    return "closed by the server"

    # Sockets

    async def searches(self, number):
        """A search that nobody else has, each on a socket of its own."""
        return await self.watch(f"/ws/flights/?q=zz{number}")

    async def filters(self, number):
        """The board that all watch, filtered by a text that nobody else has."""
        return await self.watch(f"/ws/departures/JFK/?q=a{number}")

    async def private(self, number):
        """Somebody's own bookings, whose permission is asked again while it is open."""
        user, cookie = self.sessions[number]
        return await self.watch(f"/ws/my-reservations/{user}/", cookie)

    async def watch(self, path, cookie=""):
        ended, beat_at = asyncio.get_running_loop().create_future(), time.monotonic()

        def hear(kind, frame):
            nonlocal beat_at
            if kind == "beat":
                self.gap, beat_at = max(self.gap, time.monotonic() - beat_at), time.monotonic()

        def end(why):
            if not ended.done():
                ended.set_result(why)

        await open_socket(self.site, self.source, path, cookie, hear, end)
        async with self.holding():
            return await ended

    # Bodies

    async def bodies(self, number):
        """Forms of 1,200 MB, with their length told before and without."""
        chunked = bool(number % 2)
        head = request(self.site, "/accounts/login/", "POST", length=CHUNKED if chunked else GIGABYTES)
        part = b"x" * PART
        framed = b"%x\r\n" % PART + part + b"\r\n" if chunked else part
        loop = asyncio.get_running_loop()
        async with self.connected() as one, self.holding():
            sending = asyncio.ensure_future(self.send_body(one, head, framed))
            try:
                return (await loop.sock_recv(one, 65536))[9:12].decode() or "closed by the server"
            finally:
                sending.cancel()

    async def send_body(self, one, head, part):
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(one, head)
        for _ in range(GIGABYTES // PART):
            await loop.sock_sendall(one, part)

    # Requests that are never sent whole

    async def halves(self, number):
        """A head that goes on a line every few seconds, or a body of which a byte comes as often."""
        begin, part = (
            (b"GET / HTTP/1.1\r\nHost: %s\r\n" % str(self.site).encode(), b"X-More: 1\r\n")
            if number % 2
            else (request(self.site, "/accounts/login/", "POST", length=1000), b"x")
        )
        loop = asyncio.get_running_loop()
        async with self.connected() as one, self.holding():
            await loop.sock_sendall(one, begin)
            while True:
                try:
                    async with asyncio.timeout(5):
                        return (await loop.sock_recv(one, 65536))[9:12].decode() or "closed by the server"
                except TimeoutError:
                    await loop.sock_sendall(one, part)

    # Floods

    async def flood(self, number):
        """As many pages and forms as are answered: the largest page, wrong passwords, holds."""
        for _ in range(20):
            self.outcomes[str((await ask(self.site, self.source, BIG_PAGE)).status)] += 1
            self.outcomes[
                str(await self.post("/accounts/login/", login=f"{uuid4()}@example.org", password="wrong"))
            ] += 1
            self.outcomes[str(await self.hold())] += 1
        return "went on"

    async def post(self, path, page=None, source=None, **data):
        """Send a form as its page has it; the status, or that of a page without a form."""
        source = source or self.source
        token, cookie = await form(self.site, source, page or path)
        body = urlencode({**data, "csrfmiddlewaretoken": token}).encode()
        return (await ask(self.site, source, path, "POST", body, cookie)).status

    async def hold(self, source=None):
        slot, day = self.slots[next(self.numbers) % len(self.slots)]
        page = "/restaurants/bench/"
        data = {"party": 2, "date": day, "slot": slot, "key": uuid4()}
        return await self.post(f"{page}hold/", page, source, **data)

    # Neighbours that hang

    async def mail(self, number):
        """People who have forgotten their password, while the mail server accepts and says nothing. Each has an address."""
        source = self.source.rpartition(".")[0] + f".{number + 10}"
        return await self.post("/accounts/password/reset/", source=source, email=f"{uuid4()}@example.org")

    async def lock(self, number):
        """The database's lock for writing, taken from outside for 25 s of 30, and guests who try to book meanwhile."""
        if number:
            return await self.hold(self.source.rpartition(".")[0] + f".{number + 10}")
        async with self.holding():
            try:
                await asyncio.to_thread(self.locked, 25)
            except (sqlite3.OperationalError, psycopg.OperationalError) as fault:  # it was not had: a deadlock
                return type(fault).__name__
        await asyncio.sleep(5 - TRIES_AGAIN)
        return "locked for 25 s"

    def locked(self, seconds):
        if self.database.startswith("postgres"):
            with psycopg.connect(self.database) as connection:
                found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                tables = ", ".join(f'"{name}"' for (name,) in found)
                connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")  # which lets others read
                time.sleep(seconds)
        else:
            with closing(sqlite3.connect(self.database, timeout=60, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                time.sleep(seconds)


async def main(name):
    os.nice(NICE)
    raise_file_limit()
    gc.disable()
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    attack = Attack(**json.loads(await lines.readline()))
    cpu = time.process_time()
    began = time.monotonic()
    going = asyncio.ensure_future(attack.run(name))
    ends = asyncio.ensure_future(lines.readline())
    await asyncio.wait([going, ends], return_when=asyncio.FIRST_COMPLETED)
    used = (time.process_time() - cpu) / (time.monotonic() - began)
    told = {"outcomes": attack.outcomes, "held": attack.held, "gap": attack.gap, "cpu": used}
    print(json.dumps(told), flush=True)
    if going.done():
        going.result()  # what it failed with
    os._exit(0)  # thousands of connections need no farewell, nor a thread that holds a lock


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
