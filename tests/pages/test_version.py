"""The version: on every page, by a command, and in the changelog."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from version import VERSION


def test_the_command_prints_it():
    out = StringIO()
    call_command("version", stdout=out)
    assert out.getvalue().strip() == f"Airside {VERSION} ({settings.RELEASE})"


def test_every_page_shows_it_at_its_foot(client, db):
    foot = client.get("/connection/").content.decode().partition("<footer")[2]
    assert f"Airside {VERSION}" in foot and f'title="{settings.RELEASE}"' in foot


def test_the_changelog_has_it():
    assert f"## [{VERSION}]" in (settings.BASE / "CHANGELOG.md").read_text()
