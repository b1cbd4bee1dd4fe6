import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from bookings.seats.apps import FARES
from tests.seats.searching import no_search_before, sell

__all__ = ["no_search_before", "sell"]


@pytest.fixture
def clerk(client, fares):
    """A browser of somebody who may change fares and taxes."""
    user = User.objects.create_user("clerk@example.org")
    user.groups.add(Group.objects.get(name=FARES))
    client.force_login(user)
    return client
