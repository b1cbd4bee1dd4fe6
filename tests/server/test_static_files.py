"""Style sheets: a folder is one bundle, in the order of paths, as pages and collectstatic get it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from server import static_files
from server.static_files import BundleFinder


@pytest.fixture
def css(tmp_path, monkeypatch):
    """``css("site/parts/rows.css", "…")`` writes a style sheet; bundles go into a folder of their own."""
    monkeypatch.setattr(static_files, "CSS", tmp_path / "css")
    monkeypatch.setattr(static_files, "BUNDLES", tmp_path / "bundles")

    def write(name, text):
        path = tmp_path / "css" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def found(name):
    path = BundleFinder().find(name)
    return path and Path(path).read_text()


def test_a_folder_and_the_folders_in_it_are_one_file(css):
    css("site/tokens.css", "t {}")
    css("site/_layers.css", "l {}")
    css("site/parts/rows.css", "r {}")
    css("shop/guests/list.css", "g {}")
    assert found("css/site.css") == "l {}\nr {}\nt {}"
    assert found("css/shop/guests.css") == "g {}"


@pytest.mark.parametrize(
    "name", ["css/site/parts.css", "css/shop.css", "css/none.css", "css/../secret.css", "js/site.js"]
)
def test_nothing_else_is_a_bundle(css, name):
    css("site/parts/rows.css", "r {}")
    css("site/tokens.css", "t {}")
    css("shop/guests/list.css", "g {}")
    assert BundleFinder().find(name) is None and BundleFinder().find(name, find_all=True) == []


def test_a_changed_sheet_changes_the_bundle(css):
    sheet = css("site/tokens.css", "t {}")
    assert found("css/site.css") == "t {}"
    sheet.write_text("u {}")
    os.utime(sheet, (4_000_000_000, 4_000_000_000))
    assert found("css/site.css") == "u {}"


def test_the_layers_come_first_in_the_bundle_of_the_site():
    text = Path(finders.find("css/site.css")).read_text()
    assert text.index("@layer tokens, base, parts, pages;") < text.index("@layer base {")


def test_each_style_sheet_that_a_page_names_exists():
    names = set()
    for template in (settings.BASE / "templates").rglob("*.html"):
        names.update(part.split("'")[0] for part in template.read_text().split("{% static '")[1:] if "css/" in part[:5])
    assert len(names) >= 4
    assert not [name for name in names if not finders.find(name)]


def test_a_site_s_static_files_are_collected(tmp_path):
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=settings.BASE,
        env={**os.environ, "AIRSIDE_DATA": str(tmp_path), "AIRSIDE_STATIC_COLLECTED": "1"},
        check=True,
    )
    collected = json.loads((tmp_path / "static/staticfiles.json").read_text())["paths"]
    assert {"css/site.css", "css/flights.css", "css/restaurants/hosts.css"} <= collected.keys()
    assert "css/site/fonts.css" not in collected  # a part of a bundle is not served by itself
    bundle = (tmp_path / "static" / collected["css/site.css"]).read_text()
    assert f"fonts/{collected['fonts/b612-latin-400-normal.woff2'].removeprefix('fonts/')}" in bundle
