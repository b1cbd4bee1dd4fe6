"""The hub, with the real database and channel layer, and readers that act as sockets do."""

import asyncio
import json
import threading
import time
from datetime import timedelta
from unittest.mock import patch

import pytest

from accounts.models import User
from live import rendering
from live.codes import TRY_AGAIN
from live.rendering import BURST, KEPT
from tests.live.dom import Dom
from tests.live.people import TOPIC, Browser, People, rename, working_hub
from tests.waiting import until_async as until

pytestmark = pytest.mark.django_db(transaction=True)

HUNDREDS = 20  # browsers that stand for so many


class Page(Browser):
    """A page that was served this snapshot, with its DOM."""

    by_write = True

    def __init__(self, shown, **options):
        super().__init__(shown.version, write=self.by_write, **options)
        self.dom = Dom(shown.region_id, shown.html, shown.version)
        self.frames, self.histories = [], [self.dom.html]
        self.beats = []

    def take(self, text):
        if '"beat"' in text:
            self.beats.append(json.loads(text))
            return
        self.frames.append(text)
        assert self.dom.take(text), "a frame for a version that is not shown"
        self.histories.append(self.dom.html)


@pytest.fixture(autouse=True, params=[True, False], ids=["write", "send"])
def _by_each_way(request, monkeypatch):
    """Sockets are written to by the server's own function, and by any ASGI send."""
    monkeypatch.setattr(Page, "by_write", request.param)


def live(test):
    """Run a coroutine function with a hub, a region, and what runs a function of the database in a thread."""

    def run(db, settings, user):
        settings.LIVE = {**settings.LIVE, "outbox_every": 60}

        async def body():
            async with working_hub() as hub:
                await test(hub, People(), user, hub.renders.run, settings)

        asyncio.run(asyncio.wait_for(body(), 60))

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def join(hub, region, page):
    assert hub.join(region, region.topics(), page.socket)


@pytest.fixture
def user():
    return User.objects.create_user("ada@example.org", first_name="Ada")


def make_people(how_many):
    for number in range(how_many):
        User.objects.create_user(f"person{number}@example.org", first_name="Somebody")


@live
async def test_a_change_reaches_who_watches(hub, region, user, database, settings):
    browser = Page(await database(People().render))
    join(hub, region, browser)
    await hub.listener.listening.wait()
    await database(rename, user, "Grace")
    await until(lambda: "Grace" in browser.dom.html)
    assert browser.dom.html == (await database(People().render)).html


@live
async def test_a_region_is_told_which_topics_have_changed(hub, region, user, database, settings):
    told, render = [], region.render
    region.render = lambda: told.append(region.changed) or render()
    join(hub, region, Page(await database(People().render)))
    await hub.listener.listening.wait()
    await until(lambda: told == [None] and not hub.watched[TOPIC].is_refreshing())
    older = Page(await database(People().render))
    await database(rename, user, "Grace")
    await until(lambda: {TOPIC} in told and not hub.watched[TOPIC].is_refreshing())
    assert None not in told[1:]
    join(hub, region.copy(), older)  # which may show anything
    await until(lambda: None in told[1:])


@live
async def test_who_shows_the_current_version_gets_nothing(hub, region, user, database, settings):
    shown = await database(People().render)
    first, second = Page(shown), Page(shown)
    join(hub, region, first)
    await until(lambda: hub.watched[TOPIC].snapshot)
    rendered = region.renderings
    join(hub, region, second)
    await until(lambda: not hub.watched[TOPIC].is_refreshing())
    assert first.frames == second.frames == []
    assert region.renderings == rendered and not hub.watched[TOPIC].stale


@live
async def test_no_gap_between_the_page_and_the_socket(hub, region, user, database, settings):
    browser = Page(await database(People().render))
    await database(rename, user, "Grace", False)  # nobody is told
    join(hub, region, browser)
    await until(lambda: "Grace" in browser.dom.html)


@live
async def test_who_comes_with_a_newer_page_is_never_shown_the_past(hub, region, user, database, settings):
    early = Page(await database(People().render))
    join(hub, region, early)
    await until(lambda: hub.watched[TOPIC].snapshot)
    await database(rename, user, "Grace", False)  # its hint is late
    late = Page(await database(People().render))
    assert "Grace" in late.dom.html
    join(hub, region, late)
    await until(lambda: "Grace" in early.dom.html and not hub.watched[TOPIC].is_refreshing())
    assert all("Grace" in html for html in late.histories)


@live
async def test_who_comes_during_an_older_rendering_waits_for_the_next(hub, region, user, database, settings):
    early = Page(await database(People().render))
    goes_on, has_read = threading.Event(), threading.Event()

    def stop_once():
        region.hook = lambda: None
        has_read.set()
        goes_on.wait(5)

    region.hook = stop_once
    join(hub, region, early)
    await until(has_read.is_set)
    await database(rename, user, "Grace", False)
    late = Page(await database(People().render))
    join(hub, region, late)
    goes_on.set()
    await until(lambda: "Grace" in early.dom.html)
    assert all("Grace" in html for html in late.histories)


@live
async def test_a_burst_is_rendered_few_times_for_all_and_its_end_makes_it_out(hub, region, user, database, settings):
    settings.LIVE["between_renders"] = 0.3
    settings.LIVE["outbox_every"] = 0.5  # where the machine is busy, the layer has no room for all hints
    browsers = [Page(await database(People().render)) for _ in range(50)]
    for browser in browsers:
        join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    before, began = region.renderings, time.monotonic()

    def burst():
        for number in range(200):
            rename(user, f"Name{number}.")

    await database(burst)
    await until(lambda: all("Name199." in browser.dom.html for browser in browsers))
    most = (time.monotonic() - began) / settings.LIVE["between_renders"] + 2
    assert region.renderings - before <= most
    assert max(len(browser.frames) for browser in browsers) <= most


async def hundreds(hub, region, database, settings):
    """So many browsers watch that bursts of changes are shown at their end."""
    settings.LIVE["between_renders"] = 0.1
    settings.LIVE["outbox_every"] = 0.5
    browsers = [Page(await database(People().render)) for _ in range(HUNDREDS)]
    for browser in browsers:
        join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    return browsers


def bursts(quiet, longest):
    return patch.multiple(rendering, CHUNK=HUNDREDS, QUIET=quiet, LONGEST_BETWEEN=longest)


async def shown(browsers, name):
    await until(lambda: all(name in browser.dom.html for browser in browsers))


@live
async def test_where_hundreds_watch_a_burst_is_shown_at_its_end(hub, region, user, database, settings):
    """Its first change at once, and the others together."""
    browsers = await hundreds(hub, region, database, settings)
    before = region.renderings
    with bursts(quiet=2, longest=30):
        await database(rename, user, "Name0.")
        await shown(browsers, "Name0.")
        for number in range(1, 30):
            await database(rename, user, f"Name{number}.", False)
            for _ in range(BURST):  # at once: however slowly this machine makes changes, they are a burst
                hub.mark_stale(TOPIC, time.monotonic())
            await asyncio.sleep(0.02)
        await shown(browsers, "Name29.")
    assert region.renderings - before <= 3


@live
async def test_where_hundreds_watch_a_change_alone_waits_for_nothing(hub, region, user, database, settings):
    browsers = await hundreds(hub, region, database, settings)
    with bursts(quiet=60, longest=60):
        for name in ("Grace.", "Hedy."):
            await database(rename, user, name)
            await shown(browsers, name)


@live
async def test_where_hundreds_watch_what_goes_on_changing_is_shown_meanwhile(hub, region, user, database, settings):
    browsers = await hundreds(hub, region, database, settings)
    with bursts(quiet=60, longest=0.3):
        await database(lambda: [rename(user, f"Name{number}.") for number in range(10)])
        await shown(browsers, "Name9.")


@live
async def test_the_outbox_is_read_once_for_each_row(hub, region, user, database, settings):
    settings.LIVE["outbox_every"] = 0.05
    browser = Page(await database(People().render))
    join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    await database(rename, user, "Grace")
    await until(lambda: browser.frames and not hub.watched[TOPIC].is_refreshing())
    rendered, readings = region.renderings, len(hub.listener.floors)
    await until(lambda: len(hub.listener.floors) > readings + 4)
    assert region.renderings == rendered, "looking back is not hearing again"


@live
async def test_a_slow_reader_delays_nobody_and_is_current_when_it_reads_again(hub, region, user, database, settings):
    shown = await database(People().render)
    slow, quick = Page(shown), Page(shown)
    slow.reads.clear()
    settings.LIVE["beat_every"] = 10**6
    slow.socket.is_new = False  # what waits for it is a frame, and no heartbeat
    join(hub, region, slow)
    join(hub, region, quick)
    await hub.listener.listening.wait()
    await until(lambda: hub.watched[TOPIC].snapshot)
    for number in range(5):
        await database(rename, user, f"Name{number}.")
        await until(lambda number=number: f"Name{number}." in quick.dom.html)
    assert slow.frames == []
    slow.reads.set()
    await until(lambda: "Name4." in slow.dom.html)
    assert len(slow.frames) == 2, "one frame waited, and the snapshot took the place of all the others"


@live
async def test_who_was_away_for_a_while_gets_what_differs_and_for_long_everything(
    hub, region, user, database, settings
):
    await database(make_people, 20)
    away = [await database(People().render)]
    stays = Page(away[0])
    join(hub, region, stays)
    await until(lambda: hub.watched[TOPIC].snapshot)
    for number in range(KEPT + 1):
        await database(rename, user, f"Name{number}.")
        hub.watched[TOPIC].mark_stale()
        await until(lambda name=f"Name{number}.": name in stays.dom.html)
        away.append(await database(People().render))
    for shown, is_kept in [(away[-2], True), (away[1], True), (away[0], False)]:
        browser = Page(shown)
        join(hub, region, browser)
        await until(lambda browser=browser: browser.dom.html == away[-1].html)
        assert ["from" in json.loads(frame) for frame in browser.frames] == [is_kept]


@live
async def test_a_reader_that_stalls_is_told_to_come_back(hub, region, user, database, settings):
    settings.LIVE["stalled_after"] = 0.1
    browser = Page(await database(People().render))
    join(hub, region, browser)
    await hub.listener.listening.wait()
    await until(lambda: hub.watched[TOPIC].snapshot)
    browser.reads.clear()
    await database(rename, user, "Grace")
    await until(lambda: browser.socket.closed)
    browser.reads.set()
    await until(lambda: browser.closed == TRY_AGAIN)


@live
async def test_time_alone_changes_a_region(hub, region, user, database, settings):
    region.stale_at = lambda now: now + timedelta(seconds=0.3)
    browser = Page(await database(People().render))
    join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    await database(rename, user, "Grace", False)
    await until(lambda: "Grace" in browser.dom.html)


@live
async def test_a_region_that_cannot_be_rendered_now_is_rendered_later(hub, region, user, database, settings):
    browser = Page(await database(People().render))

    def fail_once():
        region.hook = lambda: None
        raise RuntimeError("the database went away")

    region.hook = fail_once
    join(hub, region, browser)
    await database(rename, user, "Grace", False)
    await until(lambda: "Grace" in browser.dom.html)


@live
async def test_nothing_is_kept_of_a_region_that_nobody_watches(hub, region, user, database, settings):
    browser = Page(await database(People().render))
    join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    await hub.listener.listening.wait()
    hub.leave(region.address, browser.socket)
    assert hub.watched == {}
    assert hub.by_topic == {}
    rendered = region.renderings
    await database(rename, user, "Grace")
    await until(lambda: hub.listener.seen)
    assert region.renderings == rendered
    assert browser.frames == []


@live
async def test_a_region_whose_topics_change_follows_the_new_ones(hub, region, user, database, settings):
    """One that shows today is about another day tomorrow."""
    browser = Page(await database(People().render))
    about = "yesterday"
    region.topics = lambda: [about]
    join(hub, region, browser)
    await until(lambda: hub.watched[TOPIC].snapshot)
    about = TOPIC

    def meanwhile():  # between the reading and the following: nobody who follows is told
        region.hook = lambda: None
        rename(user, "Grace", False)

    region.hook = meanwhile
    hub.watched[TOPIC].mark_stale()
    await until(lambda: "Grace" in browser.dom.html)
    assert list(hub.by_topic) == [TOPIC]
    await hub.listener.listening.wait()
    await database(rename, user, "Edsger")
    await until(lambda: "Edsger" in browser.dom.html)
    hub.leave(region.address, browser.socket)
    assert hub.by_topic == {}
