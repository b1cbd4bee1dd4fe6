"""A transaction is open for long, its hint is lost, and others commit meanwhile: it is shown all the same (fault 36).

tests/live/test_checks.py asks whether the outbox is looked back as long as a transaction can be open.
"""

import threading
import time

import pytest
from django.db import connection, transaction

from live.outbox import publish
from tests.faults.unlucky import unlucky
from tests.faults.unlucky.misfortunes import loses_hints
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)

OPEN_FOR = 12  # seconds: longer than the outbox was looked back before


@pytest.fixture
def shows(serve, open_page, flight, monkeypatch):
    """``shows(…)``: an open board of a server with these variables shows what a long transaction has changed."""
    loses_hints(monkeypatch)  # here is where it is changed

    def shows(seconds=15, **environment):
        server = serve(processes=1, **unlucky(LIVE_OUTBOX_EVERY="0.2", **environment))
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
            page.until_current(seconds)

    return shows


def test_it_is_shown(shows):
    shows()


def test_without_looking_back_so_far_it_would_not_be(shows):
    with pytest.raises(TimeoutError):
        shows(seconds=5, LIVE_LOOKS_BACK="2")
