"""Each opening is a row; its owner sees when and on what, and nothing says from where."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.template import engines
from django.utils import timezone

from accounts.models import User
from links.devices import device_of
from links.models import KEPT, ONE_OPENING, Opening
from tests.links.conftest import COMPUTER, NEW_YORK, PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@example.org", first_name="Alice", last_name="Moss")


def shown(thing, user=None):
    template = engines["django"].from_string("{% load openings %}{% openings thing tz user %}")
    return " ".join(template.render({"thing": thing, "tz": NEW_YORK, "user": user}).split())


def test_an_opening_is_recorded(thing, opens, alice):
    assert opens() == thing
    opens(alice, COMPUTER)
    first, second = Opening.objects.of(thing).order_by("pk")
    assert (first.user, first.device, first.count) == (None, "phone", 1)
    assert (second.user, second.device) == (alice, "computer")


def test_nothing_of_it_says_where_or_with_what(thing, opens):
    opens()
    values = str(Opening.objects.values().get())
    assert "203.0.113" not in values and "Mozilla" not in values and "Safari" not in values


def test_a_reload_makes_no_second_row(thing, opens, time_machine):
    time_machine.move_to("2026-11-05T19:05:00Z", tick=False)
    opens()
    time_machine.shift(ONE_OPENING - timedelta(seconds=1))
    opens()
    opening = Opening.objects.get()
    assert opening.count == 2 and opening.last_at - opening.at == ONE_OPENING - timedelta(seconds=1)
    time_machine.shift(timedelta(seconds=2))
    opens()
    assert Opening.objects.count() == 2


def test_another_person_or_device_does(thing, opens, alice):
    opens(), opens(alice), opens(agent=COMPUTER)
    assert Opening.objects.count() == 3


def test_a_refused_link_is_no_opening(thing, opens):
    with pytest.raises(Http404):
        opens(token="altered")
    assert not Opening.objects.exists()


def test_its_owner_reads_of_it(thing, opens, alice, time_machine):
    time_machine.move_to("2026-11-04T16:00:00Z")
    opens(alice, COMPUTER)
    time_machine.move_to("2026-11-05T19:05:00Z")
    opens()
    opens(agent="")
    page = shown(thing, alice)
    assert "Today 14:05, on a phone" in page
    assert "Today 14:05, by a program, such as a calendar" in page
    assert "4 Nov 11:00, on a computer, by you" in page
    assert "by Alice Moss" in shown(thing)
    assert "alice@example.org" not in shown(thing)


def test_nothing_is_shown_of_what_was_never_opened(thing):
    assert shown(thing) == ""


def test_whoever_gets_a_new_link_sees_nothing_of_the_old_ones(thing, opens):
    opens()
    thing.revoke_links()
    thing.save()
    assert shown(thing) == ""


def test_what_a_name_says_is_text(thing, opens, alice):
    alice.first_name = "<script>"
    alice.save()
    opens(alice)
    assert "<script>" not in shown(thing) and "&lt;script&gt;" in shown(thing)


def test_old_openings_go(thing, opens):
    opens(), opens(agent=COMPUTER)
    now = timezone.now()
    Opening.objects.filter(device="phone").update(last_at=now - KEPT - timedelta(hours=1))
    Opening.objects.prune(now)
    assert Opening.objects.get().device == "computer"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "tablet"),
        (COMPUTER, "computer"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "computer",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "computer"),
        ("Google-Calendar-Importer", "program"),
        ("iOS/18.0 (22A3354) dataaccessd/1.0", "program"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.0", "program"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "program"),
        ("WhatsApp/2.24.20", "program"),
        ("curl/8.5.0", "program"),
        ("", "program"),
    ],
)
def test_what_kind_of_device_it_is(agent, device):
    assert device_of(agent) == device
