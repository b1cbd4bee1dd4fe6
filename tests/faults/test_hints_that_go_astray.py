"""Hints are lost, doubled, swapped, or nobody's any more: each page is current all the same."""

import time
from contextlib import nullcontext

import pytest

from live.models import Publish
from tests.faults.conftest import METRICS_KEY, counted
from tests.faults.unlucky import unlucky
from tracking.flights import topics

pytestmark = pytest.mark.django_db(transaction=True)

BY_HINTS_ALONE = {"LIVE_OUTBOX_EVERY": "3600"}


@pytest.fixture
def follows(open_page, feed_of, flight):
    """``follows(server, changes=10, seconds=15)``: an open board shows each change in as many seconds. Gives the page."""

    def follows(server, changes=1, seconds=15, every=0):
        feed = feed_of(server)
        with open_page(server, "departures/JFK/") as page:
            for number in range(changes):
                feed.report(flight.number, f"A{number}")
                page.until_current(seconds)
                time.sleep(every)
        assert len(feed.taken) == changes
        return page

    return follows


def test_lost_ones_are_made_good_by_the_outbox(serve, follows):
    follows(serve(**unlucky("loses_hints", LIVE_OUTBOX_EVERY="0.5")), changes=2)


def test_without_the_outbox_they_would_not_be(serve, follows):
    with pytest.raises(TimeoutError):
        follows(serve(**unlucky("loses_hints", **BY_HINTS_ALONE)), seconds=2)


@pytest.mark.parametrize("without", [[], ["without_remembering_what_was_heard"]], ids=["guarded", "unguarded"])
def test_doubled_ones_cost_no_rendering(serve, follows, without):
    misfortunes = unlucky("doubles_hints", "forgets_when_feeds_called", *without, **BY_HINTS_ALONE)
    server = serve(processes=1, AIRSIDE_METRICS_KEY=METRICS_KEY, **misfortunes)
    follows(server, changes=8, every=0.2)
    renderings = counted(server, "airside_render_seconds_count")
    publishes = Publish.objects.filter(topic=topics.board("JFK")).count()
    assert (renderings < publishes * 1.5) == (not without), (
        "each once, and a few twice that changed while they were rendered"
    )


def test_swapped_ones_show_nothing_older(serve, follows):
    assert follows(serve(**unlucky("swaps_hints")), changes=10).showed_nothing_older()


def test_a_socket_outlives_its_group_in_the_layer(serve, follows):
    """Which is a day there, and a second here."""
    follows(serve(**unlucky("forgets_groups", **BY_HINTS_ALONE)), changes=6, every=0.6)


def test_without_renewing_it_would_hear_no_more(serve, follows, settings):
    server = serve(**unlucky("forgets_groups", "without_renewing", **BY_HINTS_ALONE))
    with nullcontext() if settings.REDIS_URL else pytest.raises(TimeoutError):  # Redis keeps who subscribes
        follows(server, changes=6, seconds=2, every=0.6)
