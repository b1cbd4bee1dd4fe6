"""Limits how many requests run at once; the rest wait in queues that take turns by address.

Each running request has a thread, and usually a database connection. Two hundred threads that share one interpreter
finish less work than eight (docs/performance.md), and need more connections than the database has.

A request gives its place back when its answer starts, so a slow reader holds none. One address never has all
places, and neither have requests that write: while these wait for a lock, pages that only read go on. What waits too long,
and what is too much for one address, is refused with a sentence.
"""

import time
from collections.abc import Collection

from asgi_types import Application, Message, Receive, Scope, Send, client_of
from limits import Shares, neighbourhood
from places import Places
from server.refusals import TOO_BUSY, TOO_MUCH_AT_ONCE, refuse
from shared_reads import ARRIVED

SAFE = {"GET", "HEAD", "OPTIONS"}


def limit_concurrency(
    application: Application,
    at_once: int,
    of_one: int = 500,
    wait_within: float = 20,
    exempt: Collection[str] = (),
    apart: str | None = None,
) -> Application:
    """Wrap an ASGI application for http so that at most ``at_once`` requests run at a time.

    ``of_one``: how many requests one address may have at once, waiting, running or being answered; more are refused with
    429. ``wait_within``: seconds that one waits for its place, then it is refused with 503. Requests for the paths in
    ``exempt`` neither wait nor count. Those below ``apart`` have as many places of their own: static files.
    """
    places, apart_places = Places(at_once), Places(at_once)
    shares = Shares("requests", of_one)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        scope[ARRIVED] = time.monotonic()
        if scope["path"] in exempt:
            await application(scope, receive, send)
            return
        client = client_of(scope)
        if not shares.take(client):
            await refuse(scope, send, TOO_MUCH_AT_ONCE)
            return
        try:
            of = apart_places if apart and scope["path"].startswith(apart) else places
            await run(of, neighbourhood(client), scope, receive, send)
        finally:
            shares.give_back(client)

    async def run(of: Places, address: str, scope: Scope, receive: Receive, send: Send) -> None:
        writes = scope["method"] not in SAFE
        try:
            await of.take(address, writes, wait_within)
        except TimeoutError:
            await refuse(scope, send, TOO_BUSY)
            return
        has_place = True

        def leave() -> None:
            nonlocal has_place
            if has_place:
                has_place = False
                of.give_back(address, writes)

        async def leave_and_send(message: Message) -> None:
            leave()
            await send(message)

        try:
            await application(scope, receive, leave_and_send)
        finally:
            leave()

    return limited
