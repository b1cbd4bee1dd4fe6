"""One region's query takes for ever: whoever watches another notices nothing."""

from contextlib import ExitStack

import pytest

from tests.faults.unlucky import unlucky

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = 10


@pytest.fixture
def beside_a_blocked_one(serve, feed_of, flight, open_page, tmp_path):
    """``beside_a_blocked_one("without_…")``: a board follows what changes, while a region that many watch is blocked."""

    def beside_a_blocked_one(*misfortunes, seconds=15):
        blocks = tmp_path / "blocks"
        blocks.touch()
        server = serve(processes=1, **unlucky(*misfortunes, BLOCKS=str(blocks)))
        feed = feed_of(server)
        with ExitStack() as opened:
            opened.callback(blocks.unlink)
            for _ in range(20):
                opened.enter_context(server.ws("/ws/blocked/"))
            page = opened.enter_context(open_page(server, "departures/JFK/"))
            for number in range(CHANGES):
                feed.report(flight.number, f"A{number}")
                page.until_current(seconds)

    return beside_a_blocked_one


def test_other_regions_are_as_quick_as_ever(beside_a_blocked_one):
    beside_a_blocked_one()


def test_without_threads_to_spare_they_would_wait(beside_a_blocked_one):
    with pytest.raises(TimeoutError):
        beside_a_blocked_one("without_threads_to_spare", seconds=2)
