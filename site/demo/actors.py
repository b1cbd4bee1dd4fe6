"""Actors: commands that use the site over HTTP as people and other systems do, until they are told to stop."""

import os
import random
import signal
from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections


class Over(Exception):
    """The process that this one accompanies has ended."""


class Actor(BaseCommand):
    """The base of an actor. A subclass adds its arguments, and says in ``act`` what it does; ``rest`` is its pause.

    SIGTERM and SIGINT end it quietly, and so does the end of the process ``--while-pid``.
    """

    speed_help = "how many times as fast"
    lowest_speed = 0.01
    url: str
    speed: float
    while_pid: int | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=float, default=1, help=self.speed_help)
        parser.add_argument("--url", default=address(settings.HOST, settings.PORT), help="the site (%(default)s)")
        parser.add_argument("--while-pid", type=int, metavar="PID", help="end when this process is gone")

    def handle(self, *, url: str, speed: float, while_pid: int | None, **options: Any) -> None:
        if not url.startswith(("http://", "https://")):
            raise CommandError(f"“{url}” is no address such as http://127.0.0.1:8000.")
        if not speed >= self.lowest_speed:
            raise CommandError(f"The speed is {self.lowest_speed} or more.")
        self.url, self.speed, self.while_pid = url, speed, while_pid
        # SIGINT by name too: a shell lets what it starts in the background ignore it.
        before = {
            number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            self.act(**options)
        except (KeyboardInterrupt, Over):
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def act(self, **options: Any) -> None:
        """What it does, until it is done or told to stop."""
        raise NotImplementedError(f"{type(self).__name__} needs act()")

    def act_for_ever(self, steps: Mapping[str, int], pause: float, chance: random.Random) -> None:
        """Take one step after another. A step that fails, because something is gone or the site is down, is skipped.

        ``steps``: how often each is taken, by the method that takes it; ``pause``: seconds between two, on average.
        """
        while True:
            self.rest(chance.uniform(0.3, 1.7) * pause / self.speed)
            step = chance.choices(list(steps), list(steps.values()))[0]
            try:
                getattr(self, step)()
            except (httpx.HTTPError, LookupError):
                self.skipped()
            close_old_connections()

    def skipped(self) -> None:
        """A step has failed: forget what may be worthless now, such as a browser that is signed in."""

    def rest(self, seconds: float) -> None:
        """Pause. Raises Over once the process that this one accompanies has ended."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if self.while_pid and not is_alive(self.while_pid):
                raise Over
            sleep(min(left, 1))


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds a server that listens there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_alive(pid: int) -> bool:
    """Whether there is a process with this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another user's, and alive
    return True
