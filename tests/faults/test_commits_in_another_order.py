"""Transactions commit in one order and are heard of in another: nobody is shown the past, and nothing is left out."""

import pytest

from live import outbox
from live.models import Publish
from tests.faults.conftest import METRICS_KEY, counted
from tests.faults.unlucky import unlucky
from tests.feeding import Feed, load
from tests.waiting import until
from tracking.flights import topics
from tracking.flights.models import Flight, Source

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "departures/JFK/"


@pytest.fixture
def feeds_of(make_flight):
    """``feeds_of(server)``: some feeds, each with a flight of its own."""
    flights = [make_flight(number=str(number)) for number in range(1, 5)]
    keys = [Source.objects.issue(f"source {flight.number}")[1] for flight in flights]
    return lambda server: [Feed.of(server, [key], [flight]) for key, flight in zip(keys, flights, strict=True)]


@pytest.fixture
def shows_nothing_older(serve, open_page, feeds_of):
    """``shows_nothing_older("without_…")``: an open board while all feeds write at once."""

    def shows_nothing_older(*misfortunes):
        server = serve(**unlucky("swaps_hints", "renders_raggedly", *misfortunes))
        with open_page(server, BOARD) as page:
            with load(*feeds_of(server)):
                while page.frames < 25:
                    page.take(15)
            page.until_current()
        assert page.showed_nothing_older()

    return shows_nothing_older


def test_what_is_shown_is_never_older_than_what_was(shows_nothing_older):
    shows_nothing_older()


def test_without_one_rendering_at_a_time_it_would_be(shows_nothing_older):
    with pytest.raises(AssertionError):
        for _try in range(4):  # chance may be kind
            shows_nothing_older("without_one_rendering_at_a_time")


@pytest.fixture
def hears_of_the_late_one(serve, open_page, flight):
    """``hears_of_the_late_one("without_…")``: of two outbox rows the second is committed, and read, before the first."""

    def commit(pk, gate):
        Flight.objects.filter(pk=flight.pk).update(gate=gate)
        Publish.objects.create(pk=pk, topic=topics.board("JFK"))

    def hears_of_the_late_one(*misfortunes, seconds=15):
        server = serve(processes=1, AIRSIDE_METRICS_KEY=METRICS_KEY, **unlucky(*misfortunes))
        newest = outbox.newest()
        with open_page(server, BOARD) as page:
            commit(newest + 2, "A2")
            until(lambda: counted(server, "airside_signals_total"))
            page.until_current()
            commit(newest + 1, "A1")
            page.until_current(seconds)

    return hears_of_the_late_one


def test_an_outbox_row_that_commits_late_is_read(hears_of_the_late_one):
    hears_of_the_late_one()


def test_without_looking_back_it_would_not_be(hears_of_the_late_one):
    with pytest.raises(TimeoutError):
        hears_of_the_late_one("without_looking_back", seconds=2)
