"""Many who write at once: each waits its turn, and none is told of a lock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from tracking.flights.models import Flight, Source

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, CALLS, FLIGHTS = 16, 6, 10


def test_sixteen_feeds_at_once_are_all_heard(server, make_flight):
    flights = [make_flight(number=str(number)) for number in range(1, FLIGHTS + 1)]
    sources = [Source.objects.issue(f"feed {number}") for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [
            answer for answers in pool.map(lambda source: tell(server, source, flights), sources) for answer in answers
        ]
    assert [status for status, _ in answers] == [200] * WRITERS * CALLS
    assert {answer["accepted"] for _, answer in answers} == {FLIGHTS}
    for flight in Flight.objects.all():
        assert flight.revision == flight.changes.values("revision").distinct().count() > 1
        assert flight.gate == flight.changes.filter(field="gate").last().after


def tell(server, source, flights):
    """Several calls of one feed, each with a new gate for all flights: ``[(status, answer), …]``.

    A call that waits longer for its turn than the database's busy timeout is answered with an error, not with 200.
    """
    _source, key = source
    answers = []
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as feed:
        for call in range(CALLS):
            said = timezone.now() + timedelta(milliseconds=call)
            updates = [
                {
                    "airline": flight.airline_id,
                    "number": flight.number,
                    "origin": "JFK",
                    "date": str(flight.date),
                    "reported_at": said.isoformat(),
                    "gate": f"{_source.pk % 90}{'ABCDEF'[call]}",
                }
                for flight in flights
            ]
            answer = feed.post(f"{server.url}/api/flights/updates", json=updates)
            answers.append((answer.status_code, answer.json()))
    return answers
