"""One address opens all the sockets and searches that it can: it has its share, and others notice nothing (fault 34)."""

from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from live.codes import TRY_AGAIN
from tests.sockets import next_frame

pytestmark = pytest.mark.django_db(transaction=True)

GREEDY = ("127.0.0.2", 0)
SOCKETS, REGIONS, FILTERS = 30, 12, 6


@pytest.fixture
def bounded(serve, airports):
    return serve(
        AIRSIDE_SOCKETS_PER_ADDRESS=str(SOCKETS),
        AIRSIDE_REGIONS_PER_ADDRESS=str(REGIONS),
        AIRSIDE_FILTERS_PER_ADDRESS=str(FILTERS),
        AIRSIDE_HANDSHAKES_A_SECOND=str(10**9),  # not what is tested here: each refusal counts as twenty
    )


@pytest.fixture
def opened(bounded):
    """``opened(paths)`` opens sockets of the greedy address: how many stay open, and the codes with which others closed."""
    with ExitStack() as stack:

        def open_all(paths):
            codes = []
            for path in paths:
                socket = stack.enter_context(bounded.ws(path, source_address=GREEDY))
                try:
                    socket.recv(10)
                except ConnectionClosed as closed:
                    codes.append(closed.rcvd.code)
            return len(paths) - len(codes), set(codes)

        yield open_all


def first_frame(server, path):
    """What somebody else gets."""
    with server.ws(path) as socket:
        return next_frame(socket)["v"]


def processes(server):
    return len(getattr(server, "processes", [server]))


def test_sockets_of_one_address_are_bounded(bounded, opened):
    stay, codes = opened(["/ws/departures/JFK/"] * (SOCKETS * processes(bounded) + 5))
    assert (stay, codes) == (SOCKETS * processes(bounded), {TRY_AGAIN})
    assert first_frame(bounded, "/ws/departures/JFK/")


def test_searches_of_one_address_are_bounded(bounded, opened):
    stay, codes = opened([f"/ws/departures/JFK/?q={number}" for number in range(FILTERS * processes(bounded) + 5)])
    assert stay <= FILTERS * processes(bounded) and codes == {TRY_AGAIN}
    assert opened(["/ws/departures/JFK/"]) == (1, set()), "what many watch is still shown to it"
    assert first_frame(bounded, "/ws/departures/JFK/?q=mine")


def test_regions_of_one_address_are_bounded(bounded, opened, make_flight):
    flights = [make_flight(number=str(number)) for number in range(1, REGIONS * processes(bounded) + 6)]
    stay, codes = opened([f"/ws/flight/{flight.pk}/" for flight in flights])
    assert stay <= REGIONS * processes(bounded) and codes == {TRY_AGAIN}
    assert first_frame(bounded, f"/ws/flight/{flights[-1].pk}/")


def test_who_goes_on_opening_is_turned_away_before(serve, airports):
    """Behind a proxy, the proxy does it: tests/scaled."""
    server = serve(processes=1, AIRSIDE_SOCKETS_PER_ADDRESS="10", AIRSIDE_HANDSHAKES_A_SECOND="1")
    statuses = []
    for _ in range(30):
        try:
            with server.ws("/ws/departures/JFK/", source_address=GREEDY):
                statuses.append(101)
        except InvalidStatus as refusal:
            statuses.append(refusal.response.status_code)
    assert statuses[:10] == [101] * 10 and 429 in statuses[10:]
    assert first_frame(server, "/ws/departures/JFK/")
