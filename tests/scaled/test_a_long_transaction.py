"""A transaction is open for long, its hint is lost, and others commit meanwhile: it is shown all the same (fault 36).

tests/faults/test_commits_in_another_order.py takes the looking back out, and tests/live/test_checks.py asks whether it
is as long as a transaction can be.
"""

import threading
import time

import pytest
from django.db import connection, transaction

from live.outbox import publish
from tests.faults.unlucky import unlucky
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)

OPEN_FOR = 12  # seconds: longer than the outbox was looked back before


@pytest.fixture
def shows(serve, open_page, flight):
    """``shows("…")``: an open board shows what a long transaction has changed."""

    def shows(*misfortunes):
        server = serve(processes=1, **unlucky("loses_hints", *misfortunes, LIVE_OUTBOX_EVERY="0.2"))
        began, ends = threading.Event(), threading.Event()

        def change():
            with transaction.atomic():
                Flight.objects.get(pk=flight.pk).assign_gate("A1")
                began.set()
                ends.wait(60)
            connection.close()

        with open_page(server, "departures/JFK/") as page:
            thread = threading.Thread(target=change)
            thread.start()
            assert began.wait(20)
            until = time.monotonic() + OPEN_FOR
            while time.monotonic() < until:
                publish("others")
                time.sleep(0.1)
            ends.set()
            thread.join()
            page.until_current(5)

    return shows


def test_it_is_shown(shows):
    shows()
