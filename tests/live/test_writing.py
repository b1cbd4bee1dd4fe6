"""Writing to a socket: who has left is no fault, and a bug is logged and counted; others get what they should."""

import asyncio

import pytest

from live import tasks
from live.codes import TRY_AGAIN
from live.writing import EXTENSION, Socket, write_of
from tests.live.people import TOPIC, Browser, People, working_hub
from tests.server.test_metrics import counted
from tests.waiting import until_async as until

pytestmark = pytest.mark.django_db(transaction=True)


class Reader(Browser):
    def __init__(self, fault=None, **options):
        super().__init__("", **options)
        self.fault, self.texts = fault, []

    def take(self, text):
        if self.fault:
            raise self.fault
        self.texts.append(text)


@pytest.fixture(autouse=True)
def _nothing_logged_yet(monkeypatch):
    monkeypatch.setattr(tasks, "logged", {})


def run(body):
    asyncio.run(asyncio.wait_for(body(), 60))


@pytest.mark.parametrize("write", [True, False], ids=["write", "send"])
def test_a_bug_in_writing_is_logged_and_counted_and_the_others_are_served(caplog, settings, write):
    settings.LIVE = {**settings.LIVE, "outbox_every": 60}
    before = counted("airside_hub_failures_total", job="send")

    async def body():
        region, readers = People(), [Reader(TypeError("a bug"), write=write), Reader(TypeError("a bug"), write=write)]
        served = Reader(write=write)
        async with working_hub() as hub:
            for reader in (*readers, served):
                hub.join(region, [TOPIC], reader.socket)
            await until(lambda: served.texts and all(reader.socket.closed for reader in readers))

    run(body)
    assert counted("airside_hub_failures_total", job="send") == before + 2
    (record,) = [record for record in caplog.records if "writing to a socket failed" in record.message]
    assert record.exc_info[0] is TypeError


@pytest.mark.parametrize("write", [True, False], ids=["write", "send"])
def test_who_has_just_left_is_no_fault(caplog, write):
    before = counted("airside_hub_failures_total", job="send")

    async def body():
        reader = Reader(BrokenPipeError("it has left"), write=write)
        reader.socket.push("text")
        await until(lambda: reader.socket.closed)
        assert not reader.socket.push("more")

    run(body)
    assert counted("airside_hub_failures_total", job="send") == before
    assert not caplog.records


def test_a_send_may_do_what_every_coroutine_may():
    """Such as waiting with a time limit, which needs a task."""
    sent = []

    async def send(message):
        async with asyncio.timeout(5):
            await asyncio.sleep(0)
        sent.append(message)

    async def body():
        socket = Socket(send, write_of({}, send))
        assert socket.push("first")
        assert not socket.push("second"), "the first is not sent yet"
        await until(lambda: sent)
        await until(lambda: not socket.busy_since)
        assert socket.push("third")
        await until(lambda: len(sent) == 2)
        socket.close(TRY_AGAIN)
        await until(lambda: len(sent) == 3)

    run(body)
    assert [message.get("text") for message in sent] == ["first", "third", None]


def test_the_servers_own_function_is_used_where_there_is_one():
    texts = []
    write = write_of({"extensions": {EXTENSION: texts.append}}, None)
    assert write("text") is None
    assert texts == ["text"]
