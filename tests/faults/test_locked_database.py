"""Somebody else holds the database's lock: who writes is told to come back, who reads is answered at once (fault A10)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from django.db import OperationalError, connection, transaction

from server.database import on_failure
from tracking.flights.models import Source

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 9


@contextmanager
def locked():
    """A feed's row is locked, and on SQLite the whole database."""
    with transaction.atomic():
        Source.objects.update(silent_after=301)
        yield


def test_who_writes_is_told_to_come_back_and_who_reads_is_not_kept_waiting(serve, source, flight):
    server = serve(processes=1, AIRSIDE_LOCK_WAIT="3")
    headers = {"Authorization": f"Bearer {source.key}"}

    def write():
        return httpx.post(f"{server.url}/api/flights/updates", json=[], headers=headers, timeout=60)

    def read(address):
        return httpx.get(server.url + address, timeout=60)

    assert write().status_code == 200
    with locked(), ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(write) for _ in range(WRITERS)]
        for _ in range(5):
            for address in ("/flights/JFK/departures/", f"/flights/{flight.pk}/", "/live/departures/JFK/"):
                assert read(address).status_code == 200
        assert not any(writer.done() and writer.result().status_code == 200 for writer in writers)
        answers = [writer.result() for writer in writers]
    assert {answer.status_code for answer in answers} == {503}
    for answer in answers:
        assert answer.headers["Retry-After"] == "5"
        assert "Try again" in answer.json()["error"]
    assert write().status_code == 200


def answer_to(rf, fault, **headers):
    try:
        raise ValueError from fault
    except ValueError:
        return on_failure(rf.post("/accounts/login/", headers=headers))


def test_people_are_told_in_their_language(rf):
    lost = OperationalError("the connection is lost")
    page = answer_to(rf, lost, accept_language="de, en;q=0.5")
    assert (page.status_code, page["Retry-After"], page["Content-Type"]) == (503, "5", "text/html; charset=utf-8")
    assert 'lang="de"' in page.text
    assert 'lang="en"' in answer_to(rf, lost, accept_language="nonsense;;q=x").text


def test_other_faults_are_faults(rf):
    assert answer_to(rf, KeyError("x")).status_code == 500
    with connection.cursor() as cursor, pytest.raises(Exception) as found:
        cursor.execute("SELECT 1 FROM no_such_table")
    assert answer_to(rf, found.value).status_code == 500
