"""A browser for the tests that need one; ``python -m tests.browser`` sees to it that there is one."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"  # has no settings and no window: a page in it costs a fifth of the CPU
WHOLE = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
NONE_FOUND = (
    "The browser tests need Chromium or Chrome: none is on the PATH, and neither Playwright nor this system's packages"
    " gave one. Install one, and run this again."
)


def find():
    """The path of a Chromium or Chrome that starts: one on the PATH, else Playwright's own; None without either."""
    return on_path() or downloaded()


def on_path(names=(SHELL, *WHOLE)):
    return next(filter(starts, filter(None, map(shutil.which, names))), None)


def downloaded():
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def starts(path):
    """Whether it runs at all: some are stubs, or lack the system's libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install():
    """Try to get one; ``find()`` tells whether that went well."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quietly(["apt-get", "update"], "Installing this system's Chromium.")
        for package in (SHELL, "chromium"):
            quietly(["apt-get", "install", "--yes", "--no-install-recommends", package])
    if not on_path():
        quietly([sys.executable, "-m", "playwright", "install", "chromium"], "Downloading Chromium with Playwright.")


def quietly(command, what=None):
    if what:
        print(what, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=900)


if __name__ == "__main__":
    if not find():
        install()
        sys.exit(None if find() else NONE_FOUND)
