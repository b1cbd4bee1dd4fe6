from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from live import tasks
from tests.live.private import CROWD, Private


@pytest.fixture
def checks(monkeypatch, settings):
    """What each address answers; rounds follow each other quickly."""
    settings.LIVE = {**settings.LIVE, "recheck_every": 0.05, "outbox_every": 60}
    monkeypatch.setattr(Private, "checks", {})
    monkeypatch.setattr(tasks, "logged", {})
    return Private.checks


@pytest.fixture
def crowd(db):
    """The keys of 1,500 sessions of one person."""
    user = User.objects.create_user("grace@example.org")
    store = Session.get_session_store_class()()
    data = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]}
    data[HASH_SESSION_KEY] = user.get_session_auth_hash()
    rows = [
        Session(
            session_key=f"crowd{number:027}",
            session_data=store.encode(data),
            expire_date=timezone.now() + timedelta(days=1),
        )
        for number in range(CROWD)
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
