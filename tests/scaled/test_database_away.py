"""PostgreSQL restarts: pages wait for it, sockets stay, and everything heals by itself."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.feeding import Feed, Visitor, load
from tests.scaled.parts import PostgreSQL
from tests.scaled.test_cluster import BOARD
from tests.sockets import content_with
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database():
    """A PostgreSQL of the test's own, with the site's tables."""
    with PostgreSQL() as database:
        manage(database, "migrate", "--verbosity=0")
        manage(database, "airports", "--verbosity=0")
        yield database


def manage(database, *words):
    environment = {**os.environ, "DATABASE_URL": database.url}
    command = [sys.executable, settings.BASE / "manage.py", *words]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_a_restart_of_the_database_is_waited_for(serve, database):
    site = serve(DATABASE_URL=database.url, REDIS_URL=settings.REDIS_URL[:-1] + "8")
    keys = [manage(database, "feed_key", "tower")]
    feed = Feed(site, keys, ["100"], timezone.now() + timedelta(hours=1))
    feed.report("100", "A1")
    visitor = Visitor(site)
    with ExitStack() as opened:
        sockets = [opened.enter_context(process.ws(BOARD)) for process in site.processes]
        for socket in sockets:
            content_with(socket, "A1")
        with load(visitor):
            until(lambda: visitor.answered > 2)
            database.end()
            until(lambda: visitor.asked > visitor.answered)
            database.start()
            until(lambda before=visitor.answered: visitor.answered > before + 2)
        assert len(visitor.failed) <= 1, "the page that it was working on, at most"
        feed.report("100", "A2")
        assert feed.taken == ["A1", "A2"], feed.failed
        for socket in sockets:
            content_with(socket, "A2")
    assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_more_requests_at_once_than_connections_take_turns(serve, flight):
    site = serve(processes=1, DATABASE_POOL="2", PGAPPNAME="a pool of two")
    most = 0
    with ThreadPoolExecutor(24) as crowd:
        address = f"{site.url}/flights/JFK/departures/"
        answers = [crowd.submit(httpx.get, address, timeout=30) for _ in range(48)]
        while not all(answer.done() for answer in answers):
            most = max(most, connections_of("a pool of two"))
            time.sleep(0.02)
    assert {answer.result().status_code for answer in answers} == {200}
    assert most == 2


def connections_of(name):
    with connection.cursor() as asked:
        asked.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
        return asked.fetchone()[0]
