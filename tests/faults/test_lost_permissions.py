"""A role, a session, an account or a password ends: so do the pushes that it allowed, within seconds."""

import pytest
from django.contrib.sessions.models import Session

from tests.clients import socket_of
from tests.sockets import close_code, next_frame

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("end", ["role", "session", "deactivation", "password"])
def test_private_pushes_end_with_what_allowed_them(server, flight, bob, end):
    with socket_of(server, bob, "/ws/desk/JFK/") as socket:
        next_frame(socket)
        if end == "role":
            bob.groups.clear()
        elif end == "session":
            Session.objects.get().delete()
        elif end == "deactivation":
            bob.is_active = False
            bob.save()
        else:
            bob.set_password("another-one-entirely")
            bob.save()
        assert close_code(socket) == (4403 if end == "role" else 4401)
