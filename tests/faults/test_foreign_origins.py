"""A page of another site opens a socket to us, with its visitor's cookies: refused."""

import pytest
from websockets.exceptions import InvalidStatus

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", None, "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
def test_pages_of_other_origins_are_refused(server, flight, origin):
    origin = origin and origin.format(port=server.port)
    with pytest.raises(InvalidStatus) as refused, server.ws(BOARD, origin=origin):
        pass
    assert refused.value.response.status_code in (400, 403)


def test_a_host_that_is_not_ours_is_refused(server, flight):
    """A name of somebody else's that resolves to this machine: Origin and Host agree, and are both not ours."""
    with (
        pytest.raises(InvalidStatus),
        server.ws(BOARD, origin="http://rebound.example", additional_headers={"Host": "rebound.example"}),
    ):
        pass
