"""People with an account; who works where."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@example.org", first_name="Alice")


@pytest.fixture
def charlie(db):
    return User.objects.create_user("charlie@example.org", first_name="Charlie")


@pytest.fixture
def bob(db):
    return desk_agent("bob@example.org", "Bob")


@pytest.fixture
def ana(db):
    return desk_agent("ana@example.org", "Ana")


def desk_agent(email, name):
    user = User.objects.create_user(email, first_name=name)
    user.groups.add(Group.objects.get(name="flight desk"))
    return user


@pytest.fixture
def gina(db):
    """She boards passengers at the gates."""
    user = User.objects.create_user("gina@example.org", first_name="Gina")
    user.groups.add(Group.objects.get(name="gate"))
    return user


@pytest.fixture
def dora(db):
    return User.objects.create_user("dora@example.org", first_name="Dora")


@pytest.fixture
def dave(db):
    return User.objects.create_user("dave@example.org", first_name="Dave")


@pytest.fixture
def erik(db):
    return User.objects.create_user("erik@example.org", first_name="Erik")


@pytest.fixture
def sally(db):
    """She works at the sales desk."""
    user = User.objects.create_user("sally@example.org", first_name="Sally")
    user.groups.add(Group.objects.get(name="sales desk"))
    return user
