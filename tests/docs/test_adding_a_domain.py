"""docs/adding-a-domain.md, followed to the letter: its files are written, and its own tests pass."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BLOCK = re.compile(r"```(?:python|django)\n(?:# |\{# )(\S+?)(?: #\})?\n(.*?)```", re.S)
DOCUMENT = settings.BASE / "docs" / "adding-a-domain.md"

# What the document has you change in site/settings.py and site/urls.py.
CHANGES = """
import sys
from pathlib import Path

import tracking
from tests.settings import *

HERE = Path(__file__).parent
tracking.__path__.append(str(HERE / "tracking"))
INSTALLED_APPS = ["tracking.lost_property", *INSTALLED_APPS]
TEMPLATES[0]["DIRS"].insert(0, HERE / "templates")
ROOT_URLCONF = "changed_urls"
MIGRATION_MODULES = {"lost_property": None}
"""
URLS = """
from django.urls import include, path

import urls

urlpatterns = [path("lost-property/", include("tracking.lost_property.urls")), *urls.urlpatterns]
"""


@pytest.mark.slow
def test_the_app_of_the_document_works(tmp_path):
    files = dict(BLOCK.findall(DOCUMENT.read_text()))
    assert {"tracking/lost_property/models.py", "tests/lost_property/test_items.py"} <= files.keys()
    for name, text in files.items():
        write(tmp_path / name, text)
    templates = [str(tmp_path / name) for name in files if name.endswith(".html")]
    djade = [Path(sys.executable).with_name("djade"), "--check", "--target-version", "5.2", *templates]
    assert subprocess.run(djade, capture_output=True, timeout=60).returncode == 0, "djade would write them otherwise"
    for folder in ("", "public", "desk", "kiosk"):
        write(tmp_path / "tracking" / "lost_property" / folder / "__init__.py", "")
    write(tmp_path / "changed_settings.py", CHANGES)
    write(tmp_path / "changed_urls.py", URLS)
    write(tmp_path / "conftest.py", (settings.BASE / "conftest.py").read_text())
    path = os.pathsep.join(map(str, (tmp_path, settings.BASE, settings.BASE / "site")))
    kept = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    environment = {**kept, "PYTHONPATH": path, "AIRSIDE_DATA": str(tmp_path / "data")}
    environment["DJANGO_SETTINGS_MODULE"] = "changed_settings"
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'data' / 'airside.sqlite3'}"  # the other database is in use
    environment["REDIS_URL"] = ""
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "--ds=changed_settings", "-c", os.devnull]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *options,
            "--import-mode=importlib",
            str(tmp_path / "tests" / "lost_property"),
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b10 passed", done.stdout), done.stdout


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
