"""A role, a session, an account or a password ends: so do the pushes that it allowed, within seconds."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from tests.live.readers import close_code
from tests.live.test_sockets import next_frame, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("end", ["role", "session", "deactivation", "password"])
def test_private_pushes_end_with_what_allowed_them(server, flight, bob, client, end):
    with signed_in(server, bob, client, "/ws/desk/JFK/") as socket:
        next_frame(socket)
        if end == "role":
            bob.groups.clear()
        elif end == "session":
            SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).delete()
        elif end == "deactivation":
            bob.is_active = False
            bob.save()
        else:
            bob.set_password("another-one-entirely")
            bob.save()
        assert close_code(socket) == (4403 if end == "role" else 4401)
