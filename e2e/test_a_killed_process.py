"""A serving process is killed while a feed writes and browsers watch; behind nginx another goes on, else it starts again."""

from contextlib import ExitStack

from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.test_live_page import BOARD, equals_a_fresh_rendering
from tests.feeding import Feed, load
from tests.serving import Cluster
from tests.waiting import until
from tracking.flights.models import FlightChange, Source

WATCHING = 3
SOON = 10_000  # ms


def test_nothing_acknowledged_is_lost_and_every_browser_is_soon_current(person, server, make_flight):
    flights = [make_flight(number=str(number)) for number in range(100, 108)]
    keys = [Source.objects.issue(f"source {number}")[1] for number in range(8)]
    pages = [person() for _ in range(WATCHING)]
    for page in pages:
        page.goto(BOARD)
        is_live(page)
    feed = Feed.of(server, keys, flights)
    with ExitStack() as mended, load(feed):
        until(lambda: len(feed.taken) > 10)
        killed = server.processes[0] if isinstance(server, Cluster) else server
        mended.callback(killed.start)
        killed.kill()
        if killed is server:
            mended.close()
        before = len(feed.taken)
        until(lambda: len(feed.taken) > before + 10)
    assert set(feed.taken) <= set(FlightChange.objects.filter(field="gate").values_list("after", flat=True))
    newest = FlightChange.objects.filter(field="gate").last()
    for page in pages:
        expect(page.locator(f"#departure-{newest.flight_id}")).to_contain_text(newest.after, timeout=SOON)
        expect(page.locator(".live[data-state=live]").first).to_be_attached(timeout=SOON)
        equals_a_fresh_rendering(page)
        assert not_reloaded(page)
