"""What is not for everybody does not exist for others: over HTTP, as a fragment, and over a socket."""

import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients import socket_of
from tests.sockets import close_code

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_is_not_signed_in_is_asked_to(server, flight):
    with server.ws("/ws/flight-delay/") as socket:
        assert close_code(socket) == 4401


def test_who_may_not_look_is_refused(server, flight, charlie):
    with socket_of(server, charlie, "/ws/desk/JFK/") as socket:
        assert close_code(socket) == 4403


def test_nothing_is_sent_to_who_may_not_look(server, flight, charlie):
    with socket_of(server, charlie, "/ws/desk/JFK/") as socket, pytest.raises(ConnectionClosed):
        assert not socket.recv(5), "not even a heartbeat"


def test_a_private_fragment_does_not_exist_for_others(flight, client, charlie, bob):
    assert client.get("/live/desk/JFK/").status_code == 404
    client.force_login(charlie)
    assert client.get("/live/desk/JFK/").status_code == 404
    client.force_login(bob)
    response = client.get("/live/desk/JFK/")
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
