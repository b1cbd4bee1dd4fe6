"""The mailbox over a real socket."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from accounts.models import Mail

pytestmark = pytest.mark.django_db(transaction=True)


def frames(socket):
    while True:
        frame = json.loads(socket.recv(timeout=5))
        if "content" in frame:
            yield frame["content"]


def test_a_mail_shows_at_once_in_the_demo(serve):
    with serve(AIRSIDE_DEMO="1").ws("/ws/mailbox/") as socket:
        shown = frames(socket)
        assert "No mail yet" in next(shown)
        Mail.objects.keep("alice@example.com", "Gate B22", "Text")
        assert "Gate B22" in next(shown)


def test_without_the_demo_the_socket_is_closed_and_says_nothing(server):
    Mail.objects.keep("alice@example.com", "Secret", "Text")
    with server.ws("/ws/mailbox/") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=5)
    assert closed.value.rcvd.code == 4404
