"""Limits how many requests run at once; the rest queue in order of arrival.

Each running request has a thread, and mostly a connection to the database. Two hundred threads of one interpreter get
less done than eight do (docs/performance.md), and need more connections than there are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]


def limit_concurrency(application: Application, at_once: int, at_any_time: Collection[str] = ()) -> Application:
    """Wrap an ASGI application so that at most ``at_once`` requests run; the paths ``at_any_time`` are exempt."""
    slots = asyncio.Semaphore(at_once)

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] in at_any_time:
            await application(scope, receive, send)
        else:
            async with slots:
                await application(scope, receive, send)

    return limited
