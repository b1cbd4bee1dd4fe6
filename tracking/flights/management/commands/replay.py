import json
from collections import Counter
from datetime import date
from time import monotonic
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from demo.actors import Actor
from tracking.flights.demo.day import BadFile, Day
from tracking.flights.demo.replay import Playback
from tracking.flights.demo.returns import returns_of

LOOKS_EVERY = 2  # seconds; announcements due meanwhile go in one call
SIGN_OF_LIFE = 60  # seconds without news after which an empty call is made
A_CALL = 100  # updates in one call, so that the server can answer others between two calls
PAUSES = (1, 2, 4, 8, 15, 30)  # seconds before each retry; the last is repeated
STARTING = 3  # tries that are made in silence: the server may only be starting


class Command(Actor):
    help = "Send a day's flights from a CSV file as a feed does, each announcement when its time comes."
    requires_system_checks = []  # a client: it needs no database, and the site may be on another machine
    speed_help = "play the day until now this much faster than it happened; 1: at once"
    lowest_speed = 1

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", help="the day, such as tracking/flights/demo/data/nyc-flights-2013-07-10.csv")
        parser.add_argument(
            "--date", default="today", help="the local date to play it on; “today” plays each day that follows as well"
        )
        parser.add_argument("--returns", action="store_true", help="play made-up flights back, too")
        parser.add_argument("--key", default=settings.FEED_KEY, help="of manage.py feed_key; or set AIRSIDE_FEED_KEY")
        super().add_arguments(parser)

    def act(self, *, csv: str, key: str, verbosity: int, **options: Any) -> None:
        if not key:
            raise CommandError(
                "It needs a key: make one with manage.py feed_key, and give it as --key or AIRSIDE_FEED_KEY."
            )
        self.verbosity = verbosity
        self.outcomes: Counter[str] = Counter()
        self.complained: set[str] = set()
        day = read(csv)
        further = returns_of(day) if options["returns"] else ()
        playback = Playback(day, timezone.now(), parsed(options["date"]), self.speed, further)
        with client(self.url, key) as self.client:
            self.play(playback)

    def play(self, playback: Playback) -> None:
        called_at = None
        while True:
            due = playback.due(timezone.now())
            if due or called_at is None or monotonic() - called_at >= SIGN_OF_LIFE:
                self.send([announcement.record for announcement in due])
                if called_at is None:
                    accepted, ignored = self.outcomes["accepted"], self.outcomes["ignored"]
                    self.report(f"So far: {accepted} updates accepted, {ignored} known already.")
                called_at = monotonic()
            if playback.is_over:
                return
            self.rest(LOOKS_EVERY)

    def send(self, records: list[dict[str, Any]]) -> None:
        for start in range(0, len(records) or 1, A_CALL):
            call = records[start : start + A_CALL]
            answer = self.post(json.dumps(call, cls=DjangoJSONEncoder))
            self.outcomes.update(accepted=answer["accepted"], ignored=answer["ignored"])
            for refused in answer["refused"]:
                self.complain(call[refused["index"]], refused["reason"])

    def post(self, body: str) -> Any:
        """The server's answer. Retries until there is one; raises CommandError if there never will be."""
        tries = 0
        while True:
            try:
                response = self.client.post("/api/flights/updates", content=body)
            except httpx.TransportError as fault:
                trouble, pause = str(fault) or type(fault).__name__, 0
            else:
                if response.status_code == 200:
                    return response.json()
                if response.status_code == 401:
                    raise CommandError(f"{self.client.base_url} knows no such key, or it was revoked.")
                if response.status_code != 429 and response.status_code < 500:
                    raise CommandError(f"{self.client.base_url} answers {response.status_code}: {problem(response)}")
                trouble, pause = f"it answers {response.status_code}", seconds(response.headers.get("Retry-After"))
            if tries == STARTING:
                self.stderr.write(f"Waiting for {self.client.base_url}: {trouble}.")
            self.rest(max(pause, PAUSES[min(tries, len(PAUSES) - 1)]))
            tries += 1

    def complain(self, record: dict[str, Any], reason: str) -> None:
        if reason not in self.complained:
            self.complained.add(reason)
            self.stderr.write(f"{record['airline']} {record['number']} of {record['date']} refused: {reason}")

    def report(self, text: str) -> None:
        if self.verbosity:
            self.stdout.write(text)
            self.stdout.flush()


def read(path: str) -> Day:
    try:
        return Day.read(path)
    except BadFile as fault:
        raise CommandError(str(fault)) from fault


def parsed(text: str) -> date | None:
    """The date, or None for today."""
    try:
        return None if text == "today" else date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError(f"“{text}” is no date such as 2026-11-21, nor “today”.") from fault


def client(url: str, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    # A site on this machine is not reached through a proxy.
    here = httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
    return httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=not here)


def problem(response: httpx.Response) -> str:
    """The API's error, or the reason of the status if something else answered."""
    return (
        response.text
        if response.headers.get("Content-Type", "").startswith("application/json")
        else response.reason_phrase
    )


def seconds(text: str | None) -> int:
    """The seconds of a Retry-After header; 0 if it is not a number."""
    return int(text) if text and text.isdigit() else 0
