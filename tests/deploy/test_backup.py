"""The commands of docs/operating.md: a backup that is taken while feeds write restores to a site that works."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from tests.clients import sign_in
from tests.feeding import Feed, load
from tests.scaled.parts import program
from tests.serving import SCALED
from tests.waiting import until

USER, PASSWORD = "root@example.com", "a-long-enough-password"


class Site:
    """A site of the test's own, with a database of its own, in a folder that looks as its owner's does."""

    def __init__(self, folder, serve):
        self.folder, self.serve = folder, serve
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "manage.py").symlink_to(settings.BASE / "manage.py")
        (folder / "var").mkdir()
        self.databases = []
        self.environment = {**os.environ, "AIRSIDE_DATA": str(folder / "var"), "AIRSIDE_RELEASE": "one"}
        if SCALED:  # a corner of Redis of its own as well: sources are counted there by their number
            self.environment |= {"DATABASE_URL": self.new_database(), "REDIS_URL": settings.REDIS_URL[:-1] + "7"}

    def new_database(self):
        """A new PostgreSQL database beside the tests' own."""
        url = urlsplit(os.environ["DATABASE_URL"])
        name = f"backup_{os.getpid()}_{len(self.databases)}"
        self.databases.append([f"--host={url.hostname}", f"--port={url.port}", f"--username={url.username}", name])
        subprocess.run([program("createdb"), *self.databases[-1]], check=True)
        return url._replace(path=f"/{name}").geturl()

    def end(self):
        for database in self.databases:
            subprocess.run([program("dropdb"), "--force", *database], check=True)

    def manage(self, *words, **environment):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, block):
        tools = os.path.dirname(program("pg_dump")) + os.pathsep if SCALED else ""
        path = {"PATH": tools + os.environ["PATH"]}
        subprocess.run(["sh", "-euc", block], cwd=self.folder, env={**self.environment, **path}, check=True)

    def start(self):
        return self.serve(
            processes=1,
            DATABASE_URL=self.environment.get("DATABASE_URL", f"sqlite:///{self.folder / 'var/airside.sqlite3'}"),
            REDIS_URL=self.environment.get("REDIS_URL", ""),
            SECRET_KEY=(self.folder / "var/secret_key").read_text(),
        )


@pytest.fixture
def own_site(tmp_path, serve):
    site = Site(tmp_path, serve)
    yield site
    site.end()


def blocks(heading):
    """The shell commands below a heading of docs/operating.md, block by block."""
    text = (settings.BASE / "docs/operating.md").read_text()
    section = re.split(r"\n##", text.split(f"\n{heading}\n")[1])[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def gates(client):
    return set(re.findall(r"\bA\d+\b", "".join(client.get(f"/live/flight/{pk}/").text for pk in range(1, 5))))


def is_signed_in(client):
    return client.get("/admin/").status_code == 200


def test_what_was_acknowledged_before_a_backup_is_there_after_it_was_restored(own_site):
    backup, restore = blocks("### PostgreSQL" if SCALED else "### SQLite")
    own_site.manage("migrate", "--verbosity=0")
    own_site.manage("airports", "--verbosity=0")
    own_site.manage("createsuperuser", "--noinput", f"--email={USER}", DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    keys = [own_site.manage("feed_key", name) for name in ("tower", "desk")]
    serving = own_site.start()
    leaves = timezone.now() + timedelta(hours=1)
    feed = Feed(serving, keys, [str(number) for number in range(100, 104)], leaves)
    client, _answer = sign_in(serving.url, USER, PASSWORD)
    with load(feed):
        until(lambda: len(feed.taken) > 20)
        before = list(feed.taken)
        own_site.run(backup)
        until(lambda: len(feed.taken) > len(before) + 20)
    assert feed.failed == []
    serving.stop()

    if SCALED:
        own_site.environment["NEW_DATABASE_URL"] = own_site.new_database()
    own_site.run(restore)
    if SCALED:
        own_site.environment["DATABASE_URL"] = own_site.environment["NEW_DATABASE_URL"]
    serving = own_site.start()
    with httpx.Client(base_url=serving.url, cookies=client.cookies, timeout=30) as client:
        restored = gates(client)
        assert set(before) <= restored
        assert feed.taken[-1] not in restored, "what came later is what a backup can't have"
        assert is_signed_in(client), "who was signed in still is"
    feed = Feed(serving, keys, ["100", "200"], leaves)
    feed.report("100", "A9001")
    feed.report("200", "A9002")
    assert feed.taken == ["A9001", "A9002"], feed.failed
