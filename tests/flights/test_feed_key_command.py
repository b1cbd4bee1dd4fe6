"""The command that makes keys for feeds: it prints the key alone, for scripts."""

import pytest
from django.core.management import CommandError, call_command

from tracking.flights.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed_key(capsys):
    """``feed_key("tower")`` returns the output of the command."""

    def run(*arguments):
        call_command("feed_key", *arguments)
        return capsys.readouterr().out

    return run


def test_it_prints_the_key_alone(feed_key):
    printed = feed_key("tower")
    assert printed == f"{printed.strip()}\n"
    assert len(printed.split()) == 1
    assert Source.objects.holding(printed.strip()).name == "tower"


def test_the_second_time_it_replaces_the_key(feed_key):
    first, second = feed_key("tower").strip(), feed_key("tower").strip()
    assert Source.objects.holding(first) is None
    assert Source.objects.holding(second) == Source.objects.get()


def test_each_name_has_a_key_of_its_own(feed_key):
    tower, airline = feed_key("tower").strip(), feed_key("Terminal 4").strip()
    assert Source.objects.holding(tower).name == "tower"
    assert Source.objects.holding(airline).name == "Terminal 4"


def test_it_revokes_and_prints_nothing(feed_key):
    key = feed_key("tower").strip()
    assert feed_key("tower", "--revoke") == ""
    assert Source.objects.holding(key) is None
    assert feed_key("tower", "--revoke") == "", "again changes nothing"


def test_a_revoked_source_gets_a_new_key(feed_key):
    old = feed_key("tower").strip()
    feed_key("tower", "--revoke")
    new = feed_key("tower").strip()
    assert Source.objects.holding(new).name == "tower"
    assert Source.objects.holding(old) is None


def test_an_unknown_name_cannot_be_revoked(feed_key):
    with pytest.raises(CommandError, match="There is no source “towr”"):
        feed_key("towr", "--revoke")
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["", "t" * 61])
def test_an_empty_or_long_name_is_refused(feed_key, name):
    with pytest.raises(CommandError, match="60"):
        feed_key(name)
    assert not Source.objects.exists()
