"""The server has no room for another socket of this address: the page polls, says so, and seldom tries again."""

import pytest
from playwright.sync_api import expect

from e2e.clocks import let_pass, let_pass_until, stop_clock, watch_clock

BOARD = "/flights/JFK/departures/"


@pytest.fixture
def server(serve):
    return serve(processes=1, AIRSIDE_SOCKETS_PER_ADDRESS="1", AIRSIDE_HANDSHAKES_A_SECOND="1000")


def test_it_polls_and_follows(person, server, flight):
    page, sockets, polls = person(), [], []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("response", lambda response: polls.append(response.status) if "/live/" in response.url else None)
    watch_clock(page)
    with server.ws("/ws/echo/"):
        page.goto(BOARD)
        stop_clock(page)
        let_pass_until(page, lambda: polls)
        expect(page.locator(".fresh").first).to_contain_text("without a live connection")
        flight.assign_gate("B22")
        row = page.locator(f"#departure-{flight.pk}")
        let_pass_until(page, lambda: "B22" in row.inner_text())
        before = len(sockets)
        let_pass(page, 20)
        assert len(sockets) <= before + 1
