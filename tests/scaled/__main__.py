"""Tests on the scaled set-up: ``python -m tests.scaled``, with arguments for pytest.

It runs what tests/scaled/both.py lists; all tests with ``--all``; those of the paths that are given.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.scaled.both import paths
from tests.scaled.parts import PACKAGES, Redis, program_or_none, scaled

NO_SERVICES = Path("/usr/sbin/policy-rc.d")  # what Debian asks before it starts a service that it installs


def main(arguments):
    install()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what was started, as Ctrl-C does
    with scaled() as environment, ExitStack() as started:
        # Hints and counters of one worker are none of another's: each has a Redis (tests/settings.py).
        others = [started.enter_context(Redis()).url for _ in range(os.cpu_count() - 1)]
        environment["REDIS_OF_WORKERS"] = " ".join([environment["REDIS_URL"], *others])
        command = [sys.executable, "-m", "pytest", *chosen(arguments)]
        tests = subprocess.Popen(command, env={**os.environ, **environment})
        try:
            return tests.wait()
        except KeyboardInterrupt:  # which the tests have heard as well
            return tests.wait(60)
        except SystemExit:
            tests.send_signal(signal.SIGINT)  # ends what they have started
            tests.wait(60)
            raise
        finally:
            tests.kill()


def chosen(arguments):
    """The arguments for pytest, with the paths of what it is to run."""
    if "--all" in arguments:
        return [argument for argument in arguments if argument != "--all"]
    if any(Path(argument.partition("::")[0]).exists() for argument in arguments):
        return arguments
    return [*arguments, *paths()]


def install():
    """Have Debian install what is missing, or say what that is."""
    missing = [package for program, package in PACKAGES.items() if not program_or_none(program)]
    if not missing:
        return
    if os.geteuid() or not program_or_none("apt-get"):
        sys.exit(
            f"The scaled set-up needs {', '.join(missing)}; on Debian and Ubuntu: apt-get install {' '.join(missing)}"
        )
    print(f"Installing {', '.join(missing)}.", flush=True)
    silent = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "check": True, "stdout": subprocess.DEVNULL}
    said_before = NO_SERVICES.exists()
    if not said_before:
        NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
        NO_SERVICES.chmod(0o755)
    try:
        subprocess.run(["apt-get", "update", "-qq"], **silent)
        subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", *missing], **silent)
    finally:
        if not said_before:
            NO_SERVICES.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
