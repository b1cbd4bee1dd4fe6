"""Regions are rendered in turn: one address with many searches keeps nobody's board waiting; one that fails backs off."""

import asyncio
import threading

import pytest

from accounts.models import User
from live import rendering, tasks
from live.rendering import Watched
from tests.live.people import Browser, People, rename, working_hub
from tests.server.test_metrics import counted
from tests.waiting import until_async as until

pytestmark = pytest.mark.django_db(transaction=True)

SEARCHES = 40


class Search(People):
    """A region with a filter; ``rendered`` has the addresses in the order of their renderings."""

    rendered = []
    lock = threading.Lock()

    def __init__(self, query=None, language=None, number=0):
        super().__init__(query, language)
        self.filters = {"q": str(number)} if number else {}
        self.address = f"people/{number}"

    def render(self, fresh=True):
        with self.lock:
            self.rendered.append(self.address)
        return super().render(fresh)


class OwnPage(Search):
    public = False

    def allows(self, user):
        return True


class Reader(Browser):
    def take(self, text):
        pass


@pytest.fixture
def rendered(monkeypatch, settings):
    settings.LIVE = {**settings.LIVE, "outbox_every": 60}
    monkeypatch.setattr(Search, "rendered", [])
    return Search.rendered


def watch(hub, number, client, region_class=Search):
    region = region_class(number=number)
    assert hub.join(region, region.topics(), Reader("", client=client).socket)
    return hub.watched[region.address]


def order_of_board(rendered, clients=("10.0.0.1",)):
    """When the board of everybody is rendered, after 40 searches of these addresses were waiting already."""

    async def body():
        async with working_hub() as hub:
            searches = [watch(hub, number, client) for number in range(1, SEARCHES) for client in clients]
            boards = [watch(hub, 0, f"10.0.0.{number}") for number in range(2, 8)]
            await until(
                lambda: len(set(rendered)) == SEARCHES and not any(w.is_refreshing() for w in [*searches, boards[0]])
            )
            rendered.clear()
            for watched in [*searches, boards[0]]:
                watched.mark_stale()
            await until(lambda: len(rendered) >= SEARCHES)

    asyncio.run(asyncio.wait_for(body(), 60))
    return rendered.index("people/0")


def test_what_several_addresses_watch_does_not_wait_for_the_searches_of_one(rendered):
    assert order_of_board(rendered) < 5


def test_nor_for_those_that_are_opened_from_several_addresses_each(rendered):
    assert order_of_board(rendered, ["10.0.0.1", "10.1.0.1", "10.2.0.1"]) < 5


def position_of_own_page(rendered, **change):
    """When the page of one's own is rendered, after 40 searches of the same address were waiting already."""

    async def body():
        async with working_hub() as hub:
            watched = [watch(hub, number, "10.0.0.1") for number in range(1, SEARCHES)]
            watched.append(watch(hub, 0, "10.0.0.1", OwnPage))
            await until(lambda: len(set(rendered)) == SEARCHES and not any(each.is_refreshing() for each in watched))
            rendered.clear()
            for each in watched:
                each.mark_stale(**change)
            await until(lambda: len(rendered) >= SEARCHES)

    asyncio.run(asyncio.wait_for(body(), 60))
    return rendered.index("people/0")


def test_a_change_of_ones_own_page_waits_for_no_searches(rendered):
    assert position_of_own_page(rendered, signal_at=1.0) < 5


def test_opening_it_takes_turns_with_them(rendered):
    assert position_of_own_page(rendered) > 5


def test_without_turns_it_would_wait_for_all_of_them(rendered, monkeypatch):
    monkeypatch.setattr(Watched, "turn", lambda watched, is_change=False: ("", False))
    assert order_of_board(rendered) > SEARCHES - 5


def test_a_region_that_fails_is_tried_ever_less_often_and_told_once(rendered, monkeypatch, caplog):
    pauses, fails, real = [], [True], asyncio.sleep
    user = User.objects.create_user("ada@example.org", first_name="Ada")

    def fail_or_not():
        if fails:
            raise RuntimeError("no such column")

    async def pause(seconds):
        if seconds >= 1 and seconds in (1, 2, 4, 8, 16, 32, 60):
            pauses.append(seconds)
            seconds = 0
        await real(seconds)

    monkeypatch.setattr(Search, "hook", staticmethod(fail_or_not))

    async def body():
        async with working_hub() as hub:
            monkeypatch.setattr(rendering.asyncio, "sleep", pause)
            watched = watch(hub, 0, "10.0.0.1")
            await until(lambda: watched.failures >= 9)
            fails.clear()
            await until(lambda: watched.failures == 0 and watched.snapshot)
            await hub.texts.run(rename, user, "Grace")

    asyncio.run(asyncio.wait_for(body(), 60))
    assert [pause for pause in pauses if pause in (2, 4, 8, 16, 32)] == [2, 4, 8, 16, 32]
    assert pauses.count(60) >= 2
    assert len([record for record in caplog.records if "cannot render" in record.message]) == 1


def joined(hub, number, client):
    region = Search(number=number)
    return hub.join(region, region.topics(), Reader("", client=client).socket)


def test_a_few_addresses_with_many_regions_leave_room_for_all_others(monkeypatch):
    monkeypatch.setattr("live.hub.MAX_REGIONS", 60)
    monkeypatch.setattr("live.hub.MODEST", 5)

    async def body():
        async with working_hub() as hub:
            greedy = [joined(hub, number, f"10.0.0.{number % 2}") for number in range(1, 61)]
            assert sum(greedy) == 30, "half of them"
            assert not joined(hub, 99, "10.0.0.1")
            others = [joined(hub, 100 + number, f"10.0.1.{number}") for number in range(29)]
            assert all(others), "who watches few"
            assert joined(hub, 1, "10.0.0.1"), "what is watched already costs no more"

    asyncio.run(asyncio.wait_for(body(), 60))


def test_renderings_that_are_late_are_counted_each_and_logged_once(caplog, monkeypatch):
    monkeypatch.setattr(tasks, "logged", {})
    before = counted("airside_late_renders_total", region="Search")

    async def body():
        async with working_hub() as hub:
            for number in range(20):
                watch(hub, number, "10.0.0.1").report_late()

    asyncio.run(asyncio.wait_for(body(), 60))
    assert counted("airside_late_renders_total", region="Search") == before + 20
    assert len([record for record in caplog.records if "more than 10 s" in record.message]) == 1
