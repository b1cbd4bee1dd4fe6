"""A burst of requests waits its turn: few at once, in the order in which they came; probes are answered all the same."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.concurrency import limit_concurrency


class Slow:
    """An application that answers when it is let."""

    def __init__(self):
        self.at_work, self.most, self.begun, self.go_on = 0, 0, [], asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.begun.append(scope["path"])
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            await self.go_on.wait()
            if scope["path"] == "/fails/":
                raise ValueError
        finally:
            self.at_work -= 1


def ask(application, *paths):
    return [asyncio.create_task(application({"type": "http", "path": path}, None, None)) for path in paths]


def run(test):
    def body():
        async def with_slow():
            slow = Slow()
            await test(slow, limit_concurrency(slow, 2, exempt={"/healthz"}))

        with ThreadPoolExecutor(1) as thread:  # in this one the browsers' tests may have left a loop that runs
            thread.submit(asyncio.run, asyncio.wait_for(with_slow(), 10)).result()

    body.__name__, body.__doc__ = test.__name__, test.__doc__
    return body


@run
async def test_so_many_at_once_in_the_order_in_which_they_came(slow, application):
    paths = [f"/{number}/" for number in range(9)]
    asked = ask(application, *paths)
    await asyncio.sleep(0)
    assert slow.begun == ["/0/", "/1/"]
    slow.go_on.set()
    await asyncio.gather(*asked)
    assert slow.begun == paths and slow.most == 2


@run
async def test_probes_are_answered_all_the_same(slow, application):
    asked = ask(application, "/0/", "/1/", "/2/", "/healthz")
    await asyncio.sleep(0)
    assert slow.begun == ["/0/", "/1/", "/healthz"]
    slow.go_on.set()
    await asyncio.gather(*asked)


@run
async def test_one_that_fails_and_one_that_leaves_make_room(slow, application):
    fails, works, leaves, last = ask(application, "/fails/", "/1/", "/leaves/", "/last/")
    await asyncio.sleep(0)
    leaves.cancel()
    slow.go_on.set()
    with pytest.raises(ValueError):
        await fails
    await asyncio.gather(works, last)
    assert slow.begun == ["/fails/", "/1/", "/last/"] and slow.at_work == 0
