"""What was taken back was never said."""

import pytest
from django.db import transaction

from tests.faults.conftest import METRICS_KEY, counted
from tests.sockets import next_frame, silence

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_that_is_rolled_back_reaches_nobody(serve, open_page, flight):
    server = serve(processes=1, AIRSIDE_METRICS_KEY=METRICS_KEY)
    with open_page(server, "departures/JFK/") as page:
        with silence(page.socket), transaction.atomic():
            flight.assign_gate("B1")
            transaction.set_rollback(True)
        assert not counted(server, "airside_signals_total"), "not even that something changed"
        flight.refresh_from_db()
        flight.assign_gate("B2")
        frame = next_frame(page.socket)
    assert "B2" in frame["content"] and "B1" not in frame["content"]
