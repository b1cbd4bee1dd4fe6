"""Mail that waits for long is shown to whoever works here, also before its first try; nobody else hears of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from post.models import Message

pytestmark = pytest.mark.django_db
SAYS = "waiting to be sent"


@pytest.fixture
def templates():
    """The site's own."""


@pytest.fixture
def mail_waits(db):
    ago = timezone.now() - timedelta(minutes=12)
    for to in ("ada@example.org", "bob@example.org"):
        Message.objects.create(to=to, subject="Your table", body="…", language="en", made_at=ago, due_at=ago)


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@example.org", "window-seat-12A")


def test_staff_read_how_many_and_since_when(client, mail_waits, root):
    client.force_login(root)
    page = client.get("/connection/").text
    assert f"2 mails are {SAYS}, the oldest for 12\xa0minutes" in page
    assert "ada@example.org" not in page


def test_an_agent_of_the_desk_reads_it_too(client, mail_waits, bob):
    client.force_login(bob)
    assert SAYS in client.get("/connection/").text


def test_visitors_and_people_with_just_an_account_do_not(client, mail_waits, alice):
    assert SAYS not in client.get("/connection/").text
    client.force_login(alice)
    assert SAYS not in client.get("/connection/").text


def test_mail_that_has_just_been_written_is_no_trouble(client, mail_waits, root):
    Message.objects.update(made_at=timezone.now())
    client.force_login(root)
    assert SAYS not in client.get("/connection/").text


def test_a_visitors_page_does_not_ask_for_it(client, mail_waits):
    with CaptureQueriesContext(connection) as asked:
        client.get("/connection/")
    assert not [query for query in asked if "post_message" in query["sql"]]
