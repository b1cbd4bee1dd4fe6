import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache

from accounts.models import User
from post.models import Message

PASSWORD = "window-seat-12A"


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


@pytest.fixture
def alice(db):
    """Somebody with an account and no role."""
    return User.objects.create_user("alice@example.com", PASSWORD)


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@example.com", PASSWORD)


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
