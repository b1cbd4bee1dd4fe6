"""PostgreSQL, Redis and nginx as processes of their own, in temporary folders and on free ports."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"postgres": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}  # program → Debian's
SERVES_POSTGRES = ("postgres",) if os.geteuid() == 0 else ()  # who runs it: it refuses root


@contextmanager
def scaled():
    """PostgreSQL and Redis while the block runs; gives the variables by which the site uses them."""
    with PostgreSQL() as database, Redis() as redis:
        yield {"DATABASE_URL": database.url, "REDIS_URL": redis.url}


class Part:
    """A program that serves on a port of its own. ``start`` and ``end`` it as often as needed."""

    ends_by = signal.SIGTERM

    def __init__(self):
        self.port = free_port()
        self.process = None

    def __enter__(self):
        with ExitStack() as undo:
            self.folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="airside-")))
            undo.callback(self.end)
            self.prepare()
            self.start()
            self.undo = undo.pop_all()
        return self

    def __exit__(self, *fault):
        self.undo.close()

    def prepare(self):
        """Write what it needs into its folder."""

    def start(self):
        # In a session of its own: Ctrl-C at the terminal ends the tests first, and then what they run on.
        self.process = subprocess.Popen(self.command(), start_new_session=True, **self.options())
        self.wait()

    def options(self):
        return {"stdout": (self.folder / "log").open("a"), "stderr": subprocess.STDOUT, "cwd": self.folder}

    def wait(self, within=20):
        """Return once it answers."""
        deadline = time.monotonic() + within
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log
            time.sleep(0.02)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.ends_by)
            self.process.wait(20)

    def kill(self):
        self.process.kill()
        self.process.wait()

    @property
    def log(self):
        return (self.folder / "log").read_text()


class PostgreSQL(Part):
    """With the limits that it comes with, but for what a crash of the machine would lose."""

    ends_by = signal.SIGINT  # which doesn't wait for those who are connected
    CAREFREE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

    def prepare(self):
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir(0o700)
        if SERVES_POSTGRES:
            shutil.chown(self.data, *SERVES_POSTGRES)
        options = ["--username=airside", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([program("initdb"), "-D", self.data, *options], check=True, capture_output=True, **self.user())

    def command(self):
        said = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.data}"]
        settings = [word for setting in [*said, *self.CAREFREE] for word in ("-c", setting)]
        return [program("postgres"), "-D", self.data, *settings]

    def options(self):
        return {**super().options(), **self.user()}

    def user(self):
        return {"user": SERVES_POSTGRES[0], "group": SERVES_POSTGRES[0], "extra_groups": []} if SERVES_POSTGRES else {}

    def answers(self):
        asked = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, timeout=5).returncode == 0

    @property
    def url(self):
        return f"postgres://airside@127.0.0.1:{self.port}/postgres"


class Redis(Part):
    def command(self):
        kept = ["--save", "", "--appendonly", "no", "--dir", self.folder]
        return [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", *kept]

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


class Nginx(Part):
    """nginx as deploy/nginx.conf has it, before the processes at these ports."""

    def __init__(self, ports):
        super().__init__()
        self.ports = ports

    def prepare(self):
        self.folder.chmod(0o755)
        addresses = [f"127.0.0.1:{port}" for port in self.ports]
        servers = [f"server {address} max_fails=1 fail_timeout=1s;" for address in addresses]
        servers += [f"server {address} max_fails=0 backup;" for address in addresses]
        text = (ROOT / "deploy/nginx.conf").read_text()
        for name, value in {
            "RUN": str(self.folder),
            "LISTEN": f"127.0.0.1:{self.port}",
            "PROCESSES": "\n        ".join(servers),
            "FORWARDED_PROTO": "$scheme",
            "TLS": f"{self.folder}/tls/*.conf",
        }.items():
            text = text.replace("${" + name + "}", value)
        (self.folder / "nginx.conf").write_text(text)

    def command(self):
        return [program("nginx"), "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", "daemon off;"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def program(name):
    """Where a program is; PostgreSQL's are not on Debian's PATH."""
    found = program_or_none(name)
    assert found, f"{name} is not installed; python -m tests.scaled says what is missing"
    return found


def program_or_none(name):
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return shutil.which(name, path=os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"], "/usr/sbin"]))
