"""The mailbox over a real socket."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from post.mail import post

pytestmark = pytest.mark.django_db(transaction=True)


def frames(socket):
    while True:
        frame = json.loads(socket.recv(timeout=5))
        if "content" in frame:
            yield frame["content"]


def test_a_mail_shows_at_once_in_the_demo(serve, demo):
    with serve(AIRSIDE_DEMO="1").ws("/ws/mailbox/") as socket:
        shown = frames(socket)
        assert "No mail yet" in next(shown)
        post("account/email/unknown_account", "alice@example.com", {}, "en")
        assert "There is no account for this address" in next(shown)


def test_without_the_demo_the_socket_is_closed_and_says_nothing(server, kept):
    kept("Secret")
    with server.ws("/ws/mailbox/") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=5)
    assert closed.value.rcvd.code == 4404
