"""A burst of requests waits its turn: few at once, addresses in turn; writing never keeps reading waiting; probes always."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from server.concurrency import limit_concurrency


class Slow:
    """An application that answers when it is let, and then sends for as long as ``sends_on`` is not set."""

    def __init__(self):
        self.at_work, self.most, self.begun, self.go_on = 0, 0, [], asyncio.Event()
        self.ends = asyncio.Event()
        self.ends.set()

    async def __call__(self, scope, receive, send):
        self.begun.append(scope["path"])
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            await self.go_on.wait()
            if scope["path"] == "/fails/":
                raise ValueError
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await self.ends.wait()
        finally:
            self.at_work -= 1


def ask(application, *paths, of="10.0.0.1", method="GET"):
    return [one(application, path, of, method) for path in paths]


def one(application, path, of, method):
    statuses = []

    async def send(message):
        statuses.extend([message["status"]] if "status" in message else [])

    scope = {"type": "http", "path": path, "method": method, "client": [of, 1], "headers": []}
    task = asyncio.create_task(application(scope, None, send))
    task.statuses = statuses
    return task


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def run(test):
    def body():
        async def with_slow():
            slow = Slow()
            await test(slow, partial(limit_concurrency, slow, exempt={"/healthz"}, apart="/static/"))

        with ThreadPoolExecutor(1) as thread:  # in this one the browsers' tests may have left a loop that runs
            thread.submit(asyncio.run, asyncio.wait_for(with_slow(), 10)).result()

    body.__name__, body.__doc__ = test.__name__, test.__doc__
    return body


@run
async def test_so_many_at_once_in_the_order_in_which_they_came(slow, limited):
    paths = [f"/{number}/" for number in range(9)]
    asked = ask(limited(2), *paths)
    await asyncio.sleep(0)
    assert slow.begun == ["/0/", "/1/"]
    slow.go_on.set()
    await asyncio.gather(*asked)
    assert slow.begun == paths and slow.most == 2


@run
async def test_probes_are_answered_all_the_same(slow, limited):
    asked = ask(limited(2), "/0/", "/1/", "/2/", "/healthz")
    await asyncio.sleep(0)
    assert slow.begun == ["/0/", "/1/", "/healthz"]
    slow.go_on.set()
    await asyncio.gather(*asked)


@run
async def test_one_that_fails_and_one_that_leaves_make_room(slow, limited):
    fails, works, leaves, last = ask(limited(2), "/fails/", "/1/", "/leaves/", "/last/")
    await asyncio.sleep(0)
    leaves.cancel()
    slow.go_on.set()
    with pytest.raises(ValueError):
        await fails
    await asyncio.gather(works, last)
    assert slow.begun == ["/fails/", "/1/", "/last/"] and slow.at_work == 0


@run
async def test_addresses_take_turns(slow, limited):
    application = limited(2)
    many = ask(application, *[f"/{number}/" for number in range(9)])
    await settle()
    few = ask(application, "/a/", "/b/", of="10.0.0.2") + ask(application, "/c/", of="10.0.0.3")
    slow.go_on.set()
    await asyncio.gather(*many, *few)
    assert slow.begun[:8] == ["/0/", "/1/", "/2/", "/a/", "/c/", "/3/", "/b/", "/4/"]


@run
async def test_one_address_never_has_all_places(slow, limited):
    application = limited(4)
    many = ask(application, *[f"/{number}/" for number in range(9)])
    await settle()
    assert slow.begun == ["/0/", "/1/", "/2/"]
    other = ask(application, "/a/", of="10.0.0.2")
    await settle()
    assert slow.begun[3:] == ["/a/"]
    slow.go_on.set()
    await asyncio.gather(*many, *other)


@run
async def test_reading_goes_on_while_writing_waits(slow, limited):
    application = limited(4)
    writes = [task for of in "1234567" for task in ask(application, f"/w{of}/", of=f"10.0.0.{of}", method="POST")]
    await settle()
    reads = ask(application, "/read/", of="10.0.0.1")
    await settle()
    assert slow.begun == ["/w1/", "/w2/", "/w3/", "/read/"]
    slow.go_on.set()
    await asyncio.gather(*writes, *reads)
    assert slow.at_work == 0


@run
async def test_a_place_is_given_back_when_the_answer_starts(slow, limited):
    application = limited(2)
    slow.ends.clear()
    slow.go_on.set()
    asked = ask(application, *[f"/{number}/" for number in range(9)])
    await settle()
    assert [task.statuses for task in asked] == [[200]] * 9
    slow.ends.set()
    await asyncio.gather(*asked)


@run
async def test_files_have_places_of_their_own(slow, limited):
    application = limited(2)
    asked = ask(application, "/0/", "/1/", "/2/", "/static/0.css", "/static/1.css", "/static/2.css")
    await settle()
    assert slow.begun == ["/0/", "/1/", "/static/0.css", "/static/1.css"]
    slow.go_on.set()
    await asyncio.gather(*asked)


@run
async def test_too_many_of_one_address_are_refused_and_others_are_not(slow, limited):
    application = limited(2, of_one=3)
    slow.go_on.set()
    slow.ends.clear()  # who reads slowly still counts
    asked = ask(application, "/0/", "/1/", "/2/", "/3/") + ask(application, "/a/", of="10.0.0.2")
    await settle()
    assert [task.statuses for task in asked] == [[200], [200], [200], [429], [200]]
    slow.ends.set()
    await asyncio.gather(*asked)
    again = ask(application, "/4/")
    await asyncio.gather(*again)
    assert again[0].statuses == [200]


@run
async def test_each_ipv6_network_has_its_own_bound(slow, limited):
    application = limited(2, of_one=1)
    slow.go_on.set()
    slow.ends.clear()
    asked = [*ask(application, "/0/", of="2001:db8:1::1"), *ask(application, "/1/", of="2001:db8:1::2")]
    asked += ask(application, "/2/", of="2001:db8:2::1")
    await settle()
    assert [task.statuses for task in asked] == [[200], [429], [200]]
    slow.ends.set()
    await asyncio.gather(*asked)


@run
async def test_who_waits_too_long_is_told(slow, limited):
    application = limited(2, wait_within=0.01)
    asked = ask(application, "/0/", "/1/", "/2/", "/3/")
    await asyncio.gather(*asked[2:])
    assert [task.statuses for task in asked] == [[], [], [503], [503]]
    slow.go_on.set()
    await asyncio.gather(*asked)
    assert slow.begun == ["/0/", "/1/"] and slow.at_work == 0
    await asyncio.gather(*ask(application, "/4/"))
    assert slow.begun[2:] == ["/4/"]
