"""The sheets and scripts of a screen keep to what old engines know (television sets of 2022 have Chromium 87)."""

import re

import pytest
from django.conf import settings

SHEETS = sorted((settings.BASE / "static/css/kiosk").glob("*.css"))
OLD_SCRIPTS = [settings.BASE / "static/js/kiosk" / name for name in ("engine.js", "start.js", "plain.js")]
TOO_NEW = [
    r"@layer",
    r"@container",
    r":has\(",
    r":is\(",
    r":where\(",
    r"color-mix\(",
    r"light-dark\(",
    r"oklch\(",
    r"aspect-ratio",
    r"\binset:",
    r"(margin|padding|border)-(inline|block):",
    r"\d(dvh|svh|lvh|cqw)",
]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_has_nothing_that_is_too_new(sheet):
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert not [feature for feature in TOO_NEW if re.search(feature, css)]
    depth = 0
    for line in css.splitlines():
        if line.strip().startswith("@media"):
            depth -= 1
        depth += line.count("{") - line.count("}")
        assert depth <= 1, f"nested: {line}"
        depth += line.strip() == "}" and depth < 0


@pytest.mark.parametrize("script", OLD_SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_for_old_engines_are_of_2009(script):
    code = re.sub(r"//.*", "", script.read_text())
    assert not re.search(r"=>|`|\b(const|let|class|await)\b|\?\.|\?\?", code)
    assert not re.search(r"\.(forEach|includes|startsWith|dataset|classList|closest|append|remove)\b", code)


def test_the_words_of_every_language_can_be_chosen():
    css = (settings.BASE / "static/css/kiosk/sizes.css").read_text()
    for code, _name in settings.LANGUAGES:
        assert f'data-lang="{code}"] body [lang]:not([lang="{code}"])' in css


def test_every_number_of_rows_has_its_size():
    from screens.sizes import LEAST_ROWS, MOST_ROWS

    css = (settings.BASE / "static/css/kiosk/sizes.css").read_text()
    assert all(f".rows-{rows} {{" in css for rows in range(LEAST_ROWS, MOST_ROWS + 1))


@pytest.mark.django_db
def test_the_worker_is_for_the_kiosk_alone_and_of_this_release(client):
    answer = client.get("/kiosk/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().startswith(f'const RELEASE = "{settings.RELEASE}";')
    assert 'const STARTING = "/kiosk/starting.html";' in answer.content.decode()


@pytest.mark.django_db
def test_the_starting_page_has_words_in_every_language_and_nothing_live(client):
    page = client.get("/kiosk/starting.html").content.decode()
    for code, _name in settings.LANGUAGES:
        assert f'<div lang="{code}">' in page
    assert "hx-ws" not in page
    assert "Set-Cookie" not in client.get("/kiosk/starting.html")
