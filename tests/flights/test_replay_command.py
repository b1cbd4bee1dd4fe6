"""The replay as a process: its calls to a server, its end, and its output."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import cycle
from threading import Thread
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from demo import actors
from tests.flights.days import ROWS
from tracking.flights.management.commands import replay as command
from tracking.flights.models import Airport, Flight, Phase

NEW_YORK = ZoneInfo("America/New_York")
TAKEN = (200, {}, {"accepted": 8, "ignored": 0, "refused": []})


@pytest.fixture
def replay(transactional_db, source):
    """``replay(path, url, *options)`` returns the command as a process, with the key of ``source``."""
    call_command("airports", verbosity=0)
    started = []

    def start(path, url, *options, key=source.key):
        process = subprocess.Popen(
            [sys.executable, settings.BASE / "manage.py", "replay", path, f"--url={url}", *options],
            env={**os.environ, "AIRSIDE_FEED_KEY": key},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def over(now=None):
    """A date whose flights have all landed, so that the command ends by itself."""
    return f"--date={timezone.localdate(now, NEW_YORK) - timedelta(days=2)}"


def test_a_day_is_sent_once(server, replay, write):
    path = write(*ROWS)
    first = replay(path, server.url, over())
    assert first.communicate(timeout=60) == ("So far: 8 updates accepted, 0 known already.\n", "")
    assert first.returncode == 0
    assert list(Flight.objects.order_by("airline_id").values_list("phase", "diverted_to")) == [
        (Phase.CANCELLED, None),
        (Phase.ARRIVED, None),
        (Phase.LANDED, "OAK"),
    ]
    again = replay(path, server.url, over())
    assert again.communicate(timeout=60)[0] == "So far: 0 updates accepted, 8 known already.\n"


def test_a_wrong_key_ends_it_with_a_sentence(server, replay, write):
    process = replay(write(*ROWS), server.url, over(), key="wrong")
    output = process.communicate(timeout=60)[1]
    assert output == f"CommandError: {server.url} knows no such key, or it was revoked.\n"
    assert process.returncode == 1


def test_a_refused_update_is_reported_and_the_others_are_accepted(server, replay, write):
    lost = ROWS[0].replace("1010", "1011").replace("BOS", "LHR")
    Airport.objects.filter(iata="LHR").delete()
    process = replay(write(*ROWS, lost), server.url, over())
    output = process.communicate(timeout=60)
    assert output[0].startswith("So far: 8 updates accepted")
    assert "There is no airport “LHR”." in output[1]
    assert "Traceback" not in output[1]


def test_it_waits_for_a_server_that_is_away(serve, replay, write):
    server = serve()
    server.kill()
    process = replay(write(*ROWS), server.url, over())
    assert process.stderr.readline().startswith(f"Waiting for {server.url}: ")
    server.start()
    assert process.communicate(timeout=60) == ("So far: 8 updates accepted, 0 known already.\n", "")


def test_without_news_it_calls_once_a_minute(write, monkeypatch):
    received = []
    with HTTPServer(("127.0.0.1", 0), answering(cycle([TAKEN]), received)) as server:
        Thread(target=server.serve_forever).start()
        begun = datetime(2026, 11, 21, 3, tzinfo=NEW_YORK)
        with time_machine.travel(begun, tick=False) as clock:

            def sleep(seconds):
                clock.shift(seconds)
                if timezone.now() > begun + timedelta(seconds=150):
                    raise KeyboardInterrupt

            monkeypatch.setattr(actors, "sleep", sleep)
            for module in (actors, command):
                monkeypatch.setattr(module, "monotonic", lambda: timezone.now().timestamp())
            call_command("replay", write(*ROWS), f"--url=http://127.0.0.1:{server.server_port}", "--key=k", verbosity=0)
        server.shutdown()
    assert received[0]
    assert received[1:] == [[], []]


def test_it_retries_when_the_server_is_busy(replay, write):
    answers = iter([(503, {}, {}), (429, {"Retry-After": "2"}, {}), TAKEN])
    with HTTPServer(("127.0.0.1", 0), answering(answers, [])) as server:
        # The process has the real time, and not that of the tests.
        past = over(time_machine.escape_hatch.datetime.datetime.now(UTC))
        process = replay(write(*ROWS), f"http://127.0.0.1:{server.server_port}", past)
        asked = [server.handle_request() or monotonic() for _ in range(3)]
        assert process.communicate(timeout=60)[0] == "So far: 8 updates accepted, 0 known already.\n"
    assert asked[1] - asked[0] > 0.9
    assert asked[2] - asked[1] > 1.9


def answering(answers, received):
    """A request handler that gives these answers in turn: status, headers, JSON. It keeps the requests."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers, body = next(answers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *words):
            pass

    return Answering


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_quietly(server, replay, write, sign):
    process = replay(write(*ROWS), server.url)
    assert process.stdout.readline().startswith("So far")
    process.send_signal(sign)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def test_it_ends_with_the_process_of_while_pid(server, replay, write):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = replay(write(*ROWS), server.url, f"--while-pid={other.pid}")
    assert process.stdout.readline().startswith("So far")
    other.communicate()
    assert process.communicate(timeout=60) == ("", "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--date=tomorrow"], "“tomorrow” is no date such as 2026-11-21, nor “today”."),
        (["--speed=0"], "The speed is 1 or more."),
        (["--url=airside.example"], "“airside.example” is no address such as http://127.0.0.1:8000."),
        (["--key="], "It needs a key: make one with manage.py feed_key"),
    ],
)
def test_a_bad_option_is_one_sentence(write, options, words):
    with pytest.raises(CommandError) as fault:
        call_command("replay", write(*ROWS), "--key=k", *options)
    assert words in str(fault.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"can't be read: .*No such file"):
        call_command("replay", tmp_path / "none.csv", "--key=k")
