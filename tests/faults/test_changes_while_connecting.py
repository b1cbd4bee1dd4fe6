"""Between a page and its socket there is a gap: what changes in it is shown all the same, and nothing older."""

from contextlib import ExitStack
from types import SimpleNamespace

import httpx
import pytest

from tests.faults.conftest import OpenPage
from tests.faults.unlucky import unlucky
from tests.feeding import load
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "departures/JFK/"


@pytest.fixture
def arrives(serve, feed_of, open_page, flight):
    """``arrives("without_…")``: a change after the page was served and before its socket is open; others have seen it."""

    def arrives(*misfortunes, seconds=15):
        server = serve(processes=1, **unlucky(*misfortunes, LIVE_OUTBOX_EVERY="3600"))
        with open_page(server, BOARD) as other:
            page = served(server)
            feed_of(server).report(flight.number, "A1")
            other.until_current()
            with server.ws(f"/ws/{BOARD}?v={page.version}") as socket:
                OpenPage(BOARD, page, socket).until_current(seconds)

    return arrives


def test_a_change_in_the_gap_arrives(arrives):
    arrives()


def test_without_asking_what_the_page_shows_it_would_not(arrives):
    with pytest.raises(TimeoutError):
        arrives("without_asking_what_the_page_shows", seconds=2)


@pytest.fixture
def shows_nothing_older(serve, feed_of):
    """``shows_nothing_older("without_…")``: pages open one after another, while a flight's gate changes all the time."""

    def shows_nothing_older(*misfortunes, rounds=1):
        server = serve(**unlucky("renders_slowly", *misfortunes))
        for _ in range(rounds):
            one_round(server, feed_of(server))

    def one_round(server, feed, pages=15):
        opened = []
        with ExitStack() as sockets:
            with load(feed):
                until(lambda: feed.taken)
                for _ in range(pages):
                    page = served(server)
                    socket = sockets.enter_context(server.ws(f"/ws/{BOARD}?v={page.version}"))
                    opened.append(OpenPage(BOARD, page, socket))
            for page in opened:
                page.until_current()
                assert page.showed_nothing_older()

    return shows_nothing_older


def test_who_comes_while_all_changes_is_shown_nothing_older(shows_nothing_older):
    shows_nothing_older()


def test_without_waiting_for_a_later_rendering_they_would_be(shows_nothing_older):
    with pytest.raises(AssertionError):
        shows_nothing_older("without_waiting_for_a_rendering_that_begins_later", rounds=20)


def served(server):
    """The region's HTML and version, over HTTP as a page has them."""
    answer = httpx.get(f"{server.url}/live/{BOARD}", timeout=30)
    return SimpleNamespace(region_id="departures-JFK", html=answer.text, version=answer.headers["ETag"].strip('"'))
