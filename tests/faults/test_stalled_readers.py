"""Readers that take next to nothing: what is kept for them is bounded, and everybody else is served."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from live.regions import find
from tests.live.readers import frames, raw_socket
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

READERS, CHANGES = 100, 25
MOST = 100  # MB; 40 are usual, and 220 without a bound
BOARD = "departures/JFK/"


def shown_board():
    """The socket's address as a page has it that was served now."""
    return f"/ws/{BOARD}?v={find(BOARD).render().version}"


def memory(pid):
    """MB that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_a_hundred_stalled_readers_cost_little_memory_and_nobody_else_anything(serve, open_page, long_board):
    server = serve(processes=1, LIVE_STALLED_AFTER="600")  # they are not let go, however long a busy machine takes
    path = shown_board()
    with ExitStack() as stack, open_page(server, BOARD) as page:
        readers = [raw_socket(server, path) for _ in range(READERS)]
        stack.callback(lambda: [reader.close() for reader in readers])
        long_board("A1")
        page.until_current()
        before = memory(server.pid)
        for number in range(CHANGES):
            long_board(f"B{number}")
            page.until_current()
            for reader in readers:
                reader.recv(2048)
        assert memory(server.pid) - before < MOST


def test_who_reads_slowly_delays_nobody_and_then_gets_what_is_true_now(process, open_page, long_board):
    slow = raw_socket(process, shown_board())
    with open_page(process, BOARD) as quick:
        for number in range(10, 22):
            long_board(f"Z{number}")
            quick.until_current()
    seen = [frame for frame in frames(slow, "Z21") if '"beat"' not in frame]
    assert len(seen) < 6, "what waited for it was bounded"
    assert "from" not in json.loads(seen[-1]), "and a snapshot took the place of the rest"


def test_who_never_reads_again_is_let_go(serve, open_page, long_board):
    server = serve(processes=1, LIVE_STALLED_AFTER="1")
    slow = raw_socket(server, shown_board())
    with open_page(server, BOARD) as quick:
        for number in range(10, 14):
            long_board(f"Z{number}")
            quick.until_current()
        until(lambda: "stalls, closed" in server.log)
        long_board("Z99")
        quick.until_current()
    with pytest.raises((ConnectionResetError, IndexError)):  # IndexError: the end comes where a frame would begin
        list(frames(slow, "Z99"))
