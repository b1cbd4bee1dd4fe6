import os
import signal
import socket
import subprocess
import sys
from hashlib import sha256
from io import StringIO

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from tracking.flights.apps import DESK
from tracking.flights.models import Airport, Source

MANAGE = [sys.executable, str(settings.BASE / "manage.py")]
DAY = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"
PASSWORD = "holding-short-31L"  # noqa: S105  (everybody is meant to know it)
GUEST, ADMIN = "no role", "all rights"
ACCOUNTS = [
    ("desk@airside.example", "Ana", "Ortiz", DESK),
    ("desk2@airside.example", "Ben", "Okafor", DESK),
    ("guest@airside.example", "Mia", "Lund", GUEST),
    ("admin@airside.example", "Kim", "Adeyemi", ADMIN),
]

OTHERS = {
    "demo_restaurants"
}  # commands of apps that stand on this one: they bring what is theirs, and say who signs in


class Command(BaseCommand):
    help = "Start the site with its demo day: a real day's flights, and people to sign in as. Ctrl-C ends it all."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("This is for demo mode, which is off: start it with make run, or set AIRSIDE_DEMO=1.")
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C meanwhile is no error worth a traceback
        port = free_port(settings.HOST, settings.PORT)
        self.prepare()
        url = address(settings.HOST, port)
        start_feed(url)
        others = StringIO()
        for command in OTHERS & get_commands().keys():
            call_command(command, url=url, stdout=others)
        self.say(url, others.getvalue())
        # The server takes this process over, so one signal to one process ends it, and the feed sees it go.
        os.execv(sys.executable, [*MANAGE, "serve", f"--host={settings.HOST}", f"--port={port}"])  # noqa: S606

    def prepare(self):
        """Bring the database and static files up to date. What is there already stays."""
        call_command("migrate", verbosity=0)
        collect_static()
        if not Airport.objects.exists():
            call_command("airports", verbosity=0)
        for email, first, last, role in ACCOUNTS:
            if not User.objects.filter(email=email).exists():
                make_account(email, first, last, role)

    def say(self, url, others):
        self.stdout.write(f"""
Airside, on its demo day: {url}

Sign in with the password {PASSWORD} as""")
        for email, first, last, role in ACCOUNTS:
            self.stdout.write(f"  {email:24}{first} {last}, {role}")
        self.stdout.write(others.rstrip())
        self.stdout.write("""
The flights are those that left New York's three airports on 10 July 2013, moved to today: times, delays,
cancellations and aircraft are the real ones. Gates, check-in and the times of announcements are made up.
Ctrl-C ends it.
""")
        self.stdout.flush()


def free_port(host, port):
    """The port, or one that is free for 0. CommandError where it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as probe:
            return probe.getsockname()[1]
    except OSError as fault:
        why = fault.strerror.partition(" (")[0]  # the rest says the address again
        raise CommandError(f"Cannot listen on {host}:{port}: {why}. Another port: make run PORT=8001") from None


def address(host, port):
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def collect_static():
    """Hash and compress the static files, if any has changed since this was last done: it takes some seconds."""
    files = sorted(
        (path, storage.get_modified_time(path)) for finder in get_finders() for path, storage in finder.list([])
    )
    state, collected = sha256(repr(files).encode()).hexdigest(), settings.STATIC_ROOT / "collected"
    if collected.exists() and collected.read_text() == state:
        return
    # By a process of its own: this one has read in the settings whether there is a manifest.
    subprocess.run(  # noqa: S603
        [*MANAGE, "collectstatic", "--noinput", "--verbosity=0"],
        env={**os.environ, "AIRSIDE_STATIC_COLLECTED": "1"},
        check=True,
    )
    collected.write_text(state)


def make_account(email, first, last, role):
    make = User.objects.create_superuser if role == ADMIN else User.objects.create_user
    user = make(email, PASSWORD, first_name=first, last_name=last)
    if role == DESK:
        user.groups.add(Group.objects.get(name=DESK))


def start_feed(url):
    """Replay the day as a feed of its own, for as long as this process lives."""
    _source, key = Source.objects.issue("demo day")
    subprocess.Popen(  # noqa: S603
        [*MANAGE, "replay", str(DAY), f"--url={url}", f"--while-pid={os.getpid()}"],
        env={**os.environ, "AIRSIDE_FEED_KEY": key},
        stdin=subprocess.DEVNULL,
    )
