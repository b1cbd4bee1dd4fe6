import re

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache

from accounts.models import User
from post.models import Message
from tests.serving import *  # noqa: F403  (the server that sockets are served by)

PASSWORD = "window-seat-12A"


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


@pytest.fixture(scope="session")
def hashed():
    """The password as it is kept. To hash it takes a quarter of a second, as it should: once is enough."""
    return make_password(PASSWORD)


@pytest.fixture
def alice(db, hashed):
    """Somebody with an account and no role."""
    return who_signs_in(User.objects.create_user("alice@example.com"), hashed)


@pytest.fixture
def root(db, hashed):
    return who_signs_in(User.objects.create_superuser("root@example.com"), hashed)


def who_signs_in(user, hashed):
    user.password = hashed
    user.save()
    return user


@pytest.fixture
def demo(settings):
    """The demo, whose mail is shown on the mailbox page."""
    settings.DEMO = True


@pytest.fixture
def sign_in(client):
    """Sign in by the form, as people do; gives the answer to it."""

    def submit(email, password=PASSWORD, **more):
        return client.post("/accounts/login/", {"login": email, "password": password, **more})

    return submit


@pytest.fixture
def mailbox(client, demo):
    """The links on the mailbox page, newest first, as paths."""

    def links():
        return re.findall(r'<a href="(/accounts/[^"]+)">http', client.get("/accounts/mailbox/").text)

    return links


@pytest.fixture
def agent(alice):
    """Somebody who works at the flight desk."""
    group, _ = Group.objects.get_or_create(name="flight desk")
    group.permissions.set(Permission.objects.filter(codename="change_flight"))
    alice.groups.add(group)
    return alice


@pytest.fixture
def kept(db):
    """Write a mail."""

    def keep(subject="Hello", text="Text", to="alice@example.com"):
        return Message.objects.create(to=to, subject=subject, body=text, language="en")

    return keep
