"""A board that is open for long: thousands of rows change, and the page holds no more than before."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from e2e.conftest import is_live
from live.outbox import publish
from tracking.flights import topics
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, ROUNDS, WARM = 100, 24, 4


def change_all(gate):
    with transaction.atomic():
        Flight.objects.update(gate=gate)
        publish(topics.board("JFK"))


def held(cdp):
    """What the page holds once rubbish is collected: DOM nodes, listeners, MB of script's objects."""
    cdp.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
    return metrics["Nodes"], metrics["JSEventListeners"], metrics["JSHeapUsedSize"] / 1e6


def test_thousands_of_changes_leave_nothing_behind(person, make_flight):
    for number in range(ROWS):
        make_flight(minutes=30 + number, number=str(number + 1))
    page = person()
    page.goto("/flights/JFK/departures/")
    is_live(page)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    for number in range(ROUNDS):
        change_all(f"Z{number}")
        expect(page.locator("tbody .gate", has_text=f"Z{number}")).to_have_count(ROWS)
        if number == WARM:
            expect(page.locator("tr.changed")).to_have_count(0)
            before = held(cdp)
    expect(page.locator("tr.changed")).to_have_count(0)
    nodes, listeners, heap = held(cdp)
    assert nodes <= before[0] * 1.02
    assert listeners <= before[1]
    assert heap <= before[2] + 1
