import os
import signal
import socket
import subprocess
import sys
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo.actors import address
from demo.parts import MANAGE, PASSWORD, Demo, check_demo_mode, set_up


class Command(BaseCommand):
    help = "Start the site as a demo, with data, actors and people to sign in as. Ctrl-C ends all of it."

    def handle(self, **options: Any) -> None:
        check_demo_mode()
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the preparations is not worth a traceback
        port = free_port(settings.HOST, settings.PORT)
        call_command("migrate", verbosity=0)
        collect_static()
        self.say(set_up(address(settings.HOST, port)))
        # The server replaces this process: one signal to one process ends it, and its actors see it go.
        os.execv(sys.executable, [*MANAGE, "serve", f"--host={settings.HOST}", f"--port={port}"])  # noqa: S606

    def say(self, demo: Demo) -> None:
        self.stdout.write(f"\nAirside, on its demo day: {demo.url}\n\nSign in with the password {PASSWORD} as")
        for account in demo.accounts:
            self.stdout.write(f"  {account.email:26}{account.name}, {account.role}")
        self.stdout.write(
            "\nWhat is real here and what is made up stands on each page, under “Demo”.\nCtrl-C ends it.\n"
        )
        self.stdout.flush()


def free_port(host: str, port: int) -> int:
    """The port, or one that is free for 0. Raises CommandError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as probe:
            return int(probe.getsockname()[1])
    except OSError as fault:
        why = (fault.strerror or str(fault)).partition(" (")[0]  # the rest repeats the address
        raise CommandError(f"Cannot listen on {host}:{port}: {why}. Another port: make run PORT=8001") from None


def collect_static() -> None:
    """Hash and compress the static files, which takes some seconds, if any has changed since the last time."""
    files = sorted(
        (path, storage.get_modified_time(path)) for finder in get_finders() for path, storage in finder.list([])
    )
    state, collected = sha256(repr(files).encode()).hexdigest(), settings.STATIC_ROOT / "collected"
    if collected.exists() and collected.read_text() == state:
        return
    # In a process of its own: the settings of this one were read when there was no manifest.
    subprocess.run(  # noqa: S603
        [*MANAGE, "collectstatic", "--noinput", "--verbosity=0"],
        env={**os.environ, "AIRSIDE_STATIC_COLLECTED": "1"},
        check=True,
    )
    collected.write_text(state)
