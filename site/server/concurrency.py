"""Limits how many requests run at once; the rest wait in order of arrival.

Each running request has a thread, and usually a database connection. Two hundred threads that share one interpreter
finish less work than eight (docs/performance.md), and need more connections than the database has.
"""

import asyncio
from collections.abc import Collection

from asgi_types import Application, Receive, Scope, Send


def limit_concurrency(application: Application, at_once: int, exempt: Collection[str] = ()) -> Application:
    """Wrap an ASGI application for http so that at most ``at_once`` requests run at a time.

    Requests for the paths in ``exempt`` neither wait nor count.
    """
    places = asyncio.Semaphore(at_once)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in exempt:
            await application(scope, receive, send)
        else:
            async with places:
                await application(scope, receive, send)

    return limited
