"""Requests take turns: so many are at work at once, and a burst waits outside, in the order in which it came.

Each request at work has a thread, and mostly a connection to the database. Two hundred threads that share one interpreter
get less done than eight do (docs/performance.md), and want connections that nobody has.
"""

import asyncio


def in_turns(application, at_once, at_any_time=()):
    """An ASGI application for http of which so many requests run at once, those for the paths ``at_any_time`` beside them."""
    room = asyncio.Semaphore(at_once)

    async def waits(scope, receive, send):
        if scope["path"] in at_any_time:
            await application(scope, receive, send)
        else:
            async with room:
                await application(scope, receive, send)

    return waits
