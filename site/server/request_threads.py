"""Threads for requests that are used again: with its thread, a request gets an open connection to the database.

Django runs each request in a thread of its own, and a new thread opens a new connection. On SQLite that costs about as much as
the queries of a page. Closing the last connection makes SQLite write its log back into the database.
"""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import ThreadSensitiveContext

from asgi_types import Application, Receive, Scope, Send
from live.threads import keep_connections


def with_request_threads(application: Application, keep: int) -> Application:
    """Wrap an ASGI application for http. ``keep``: how many threads are kept while there is nothing to do."""
    idle: list[ThreadPoolExecutor] = []

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        thread = idle.pop() if idle else ThreadPoolExecutor(1, "request", initializer=keep_connections)
        is_free = False
        try:
            async with ThreadSensitiveContext(executor=thread):
                await application(scope, receive, send)
            is_free = len(idle) < keep
        finally:
            if is_free:
                idle.append(thread)
            else:  # one too many; or its view may still run, and nobody else may wait for that
                thread.shutdown(wait=False)

    return run
