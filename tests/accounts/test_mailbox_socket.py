"""The mailbox over a real socket."""

import pytest

from post.mail import post
from tests.sockets import close_code, contents

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_shows_at_once_in_the_demo(serve, demo):
    with serve(AIRSIDE_DEMO="1").ws("/ws/mailbox/") as socket:
        shown = contents(socket)
        assert "No mail yet" in next(shown)
        post("account/email/unknown_account", "alice@example.com", {}, "en")
        assert "There is no account for this address" in next(shown)


def test_without_the_demo_the_socket_is_closed_and_says_nothing(server, kept):
    kept("Secret")
    with server.ws("/ws/mailbox/") as socket:
        assert close_code(socket) == 4404
