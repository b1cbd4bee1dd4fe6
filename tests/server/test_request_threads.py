"""Requests use threads again, each with its connection to the database; one that may still be at work is not used again."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from server.request_threads import with_request_threads

pytestmark = pytest.mark.django_db(transaction=True)


def look():
    """The thread, and the connection that it has open."""
    connection.ensure_connection()
    return threading.current_thread(), connection.connection


def view(seen, ended=None, begun=None):
    """An application whose view, in its thread, looks; and waits until it is let."""

    def work(scope):
        seen.append((scope["path"], *look()))
        if scope["path"] == "/slow/":
            begun.set()
            ended.wait(20)

    async def application(scope, receive, send):
        await sync_to_async(work)(scope)
        if scope["path"] == "/fails/":
            raise ValueError

    return application


def test_the_next_request_has_the_thread_of_the_last_one_and_its_connection():
    seen = []
    run = with_request_threads(view(seen), keep=2)

    async def body():
        for path in ("/a/", "/b/"):
            await run({"type": "http", "path": path}, None, None)

    asyncio.run(body())
    assert seen[0][1:] == seen[1][1:]


def test_requests_at_once_have_threads_of_their_own_and_no_more_are_kept_than_are_wanted():
    seen = []
    run = with_request_threads(view(seen), keep=1)

    async def body():
        for _round in range(2):
            await asyncio.gather(*(run({"type": "http", "path": path}, None, None) for path in ("/a/", "/b/")))
        await asyncio.to_thread(lambda: [thread.join(20) for thread in gone()])

    def gone():
        return {thread for _path, thread, _connection in seen[:2]} - {thread for _path, thread, _c in seen[2:]}

    asyncio.run(body())
    assert len({thread for _path, thread, _connection in seen}) == 3
    assert not any(thread.is_alive() for thread in gone())


def test_after_a_request_that_was_cancelled_nobody_waits_for_its_thread():
    seen, ended, begun = [], threading.Event(), threading.Event()
    run = with_request_threads(view(seen, ended, begun), keep=2)

    async def body():
        first = asyncio.create_task(run({"type": "http", "path": "/slow/"}, None, None))
        await asyncio.to_thread(begun.wait, 20)
        first.cancel()
        await asyncio.sleep(0)
        await asyncio.wait([asyncio.create_task(run({"type": "http", "path": "/next/"}, None, None))], timeout=10)
        seen.append("ends")
        ended.set()
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(body())
    assert [each[0] for each in seen[:2]] == ["/slow/", "/next/"] and seen[2] == "ends"
    assert seen[0][1] != seen[1][1]


def test_nor_is_that_of_one_that_failed_used_again():
    seen = []
    run = with_request_threads(view(seen), keep=2)

    async def body():
        with pytest.raises(ValueError):
            await run({"type": "http", "path": "/fails/"}, None, None)
        await run({"type": "http", "path": "/next/"}, None, None)

    asyncio.run(body())
    assert seen[0][1] != seen[1][1]
