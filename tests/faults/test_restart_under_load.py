"""The server restarts under a thousand sockets: all are told to come back, and no request is lost."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.utils import timezone

from tests.live.readers import raw_socket
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)

SOCKETS = 1000
COME_BACK = b"\x88\x02" + (1012).to_bytes(2, "big")


def test_a_thousand_sockets_are_told_to_come_back_and_do(serve, open_page, flight):
    server = serve(processes=1)
    crowd = [raw_socket(server, "/ws/echo/", room=65536) for _ in range(SOCKETS)]
    server.process.send_signal(signal.SIGTERM)
    for one in crowd:
        assert closing_frame(one) == COME_BACK
        one.close()
    assert server.end() == 0
    server.start()
    with open_page(server, "departures/JFK/") as page:
        flight.assign_gate("B22")
        page.until_current()


def closing_frame(reader):
    """The close frame, whatever ping comes before it."""
    while (head := reader.recv(2))[0] != 0x88:
        reader.recv(head[1])
    return head + reader.recv(head[1])


def test_what_was_answered_is_kept_and_no_flight_is_half_changed(serve, make_flight, source):
    """A process is ended again and again while a feed talks to it."""
    server = serve(processes=1)
    flights = [make_flight(number=str(number)) for number in range(1, 6)]
    with ThreadPoolExecutor(1) as pool:
        for round_ in range(3):
            told = pool.submit(talk, server, source, flights, round_)
            while not told.done() and not Flight.objects.filter(gate__gt=f"{round_}005").exists():
                time.sleep(0.01)
            server.stop() if round_ % 2 else server.kill()
            accepted = told.result(30)
            for flight in Flight.objects.all():
                assert flight.gate >= f"{round_}{accepted:03}", "what was answered is there"
                assert flight.gate == flight.changes.filter(field="gate").last().after
                assert flight.revision == flight.changes.last().revision
            server.start()


def talk(server, source, flights, round_):
    """Calls, each a new gate for all flights, until the connection breaks: the number of the last that was answered."""
    accepted = 0
    with httpx.Client(headers={"Authorization": f"Bearer {source.key}"}, timeout=30) as feed:
        for call in range(400):
            updates = [
                {
                    "airline": flight.airline_id,
                    "number": flight.number,
                    "origin": "JFK",
                    "date": str(flight.date),
                    "reported_at": timezone.now().isoformat(),
                    "gate": f"{round_}{call:03}",
                }
                for flight in flights
            ]
            try:
                if feed.post(f"{server.url}/api/flights/updates", json=updates).status_code == 200:
                    accepted = call
            except httpx.HTTPError:
                break
    return accepted
