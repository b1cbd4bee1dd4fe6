"""Forty readers of a large file that read nothing: pages are answered all the same, and memory stays bounded (fault 33)."""

import socket
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.django_db(transaction=True)

READERS = 40
FILE = "/static/ninja/swagger-ui-bundle.js"
MOST = 40 * 2**20  # bytes: less than that file for each of them


def stalled_reader(server):
    """A connection that asks for the file, and reads nothing."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", server.port))
    reader.sendall(f"GET {FILE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return reader


def test_pages_are_answered_while_many_read_nothing(server, airports):
    with ExitStack() as stack, httpx.Client(base_url=server.url, timeout=30) as person:
        assert len(person.get(FILE, headers={"Accept-Encoding": "identity"}).content) > 2**20
        readers = [stack.enter_context(stalled_reader(server)) for _ in range(READERS)]
        for _ in range(3):
            for address in (
                "/flights/JFK/departures/",
                "/live/departures/JFK/",
                "/static/css/site.css",
                "/restaurants/",
            ):
                assert person.get(address).status_code == 200
        assert all(reader.recv(1) == b"H" for reader in readers), "each still has its answer to read"


def test_a_file_is_not_in_memory_for_each_of_its_readers(process, airports):
    def memory():
        return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096

    with ExitStack() as stack, httpx.Client(base_url=process.url, timeout=30) as person:
        person.get(FILE)
        before = memory()
        for reader in [stack.enter_context(stalled_reader(process)) for _ in range(READERS)]:
            assert reader.recv(1) == b"H"
        person.get("/flights/JFK/departures/")
        assert memory() - before < MOST
