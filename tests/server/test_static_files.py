"""Static files can be collected: a bundle for each folder of style sheets, and every address in it exists."""

import json
import subprocess
import sys
from os import environ

from django.conf import settings


def test_a_site_s_static_files_are_collected(tmp_path):
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=settings.BASE,
        env={**environ, "AIRSIDE_DATA": str(tmp_path), "AIRSIDE_STATIC_COLLECTED": "1"},
        check=True,
    )
    collected = json.loads((tmp_path / "static/staticfiles.json").read_text())["paths"]
    assert {"css/site.css", "css/flights.css", "css/restaurants/hosts.css"} <= collected.keys()
    assert "css/site/fonts.css" not in collected  # a part of a bundle is not served by itself
    bundle = (tmp_path / "static" / collected["css/site.css"]).read_text()
    assert f"fonts/{collected['fonts/b612-latin-400-normal.woff2'].removeprefix('fonts/')}" in bundle
