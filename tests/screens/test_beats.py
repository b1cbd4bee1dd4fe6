"""A heartbeat says what is on the glass, and the server tells whether that is what should be there."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from live.models import Publish
from screens import topics
from screens.kiosk import beats
from screens.models import Glass, Message, Showing, Trouble
from tests.screens.conftest import Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def current(hall):
    """The version that the screen should show."""
    return lambda: beats.board_of(hall).render().version


def trouble(screen):
    return Glass.objects.get(screen=screen).trouble


def test_a_screen_that_shows_what_it_should(device, hall, current):
    answer = device.beat(version=current())
    assert answer.json()["reload"] is False
    assert answer.json()["at"] == pytest.approx(time.time(), abs=5)
    glass = Glass.objects.get(screen=hall)
    assert (glass.trouble, glass.engine, glass.width, glass.height) == ("", "Chromium 120", 1920, 1080)
    assert (glass.page, glass.pages, glass.clock_offset) == (1, 3, 12)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"painted_at": 6}, Trouble.PICTURE),
        ({"painted_at": 5}, ""),
        ({"clock_offset": -3 * 3_600_000}, Trouble.CLOCK),
        ({"clock_offset": 59_000}, ""),
        ({"cut": True}, ""),  # for a moment
        ({"release": "another"}, ""),  # it has time to load the new one
    ],
)
def test_what_is_wrong_at_once(device, hall, current, said, told):
    device.beat(version=current(), **said)
    assert trouble(hall) == told


@pytest.mark.parametrize(
    ("said", "seconds", "told"),
    [({"cut": True}, beats.CUT, Trouble.CUT), ({"release": "another"}, beats.OLD_RELEASE, Trouble.RELEASE)],
)
def test_what_is_wrong_if_it_lasts(device, hall, current, time_machine, said, seconds, told):
    time_machine.move_to(timezone.now(), tick=False)
    for _beat in range(seconds // 15):
        device.beat(version=current(), **said)
        assert trouble(hall) == ""
        time_machine.shift(15)
    device.beat(version=current(), **said)
    assert trouble(hall) == told
    device.beat(version=current())
    assert trouble(hall) == "", "well again"


def test_a_screen_that_shows_an_old_board(device, hall, current, flight, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    old, since = current(), time.time()
    device.beat(version=old, version_at=since)
    flight.assign_gate("C99")
    for _beat in range(3):
        time_machine.shift(10)
        device.beat(version=old, version_at=since)
        assert trouble(hall) == "", "a change may take half a minute"
    time_machine.shift(20)
    device.beat(version=old, version_at=since)
    assert trouble(hall) == Trouble.OLD
    device.beat(version=current(), version_at=time.time())
    assert trouble(hall) == ""


def test_a_board_that_changes_all_the_time_is_not_old_between_two_samples(device, hall, flight, current, time_machine):
    """It shows versions that nobody has sampled, each of them new."""
    time_machine.move_to(timezone.now(), tick=False)
    for gate in range(20):
        device.beat(version=f"version-{gate}", version_at=time.time() - 3)
        assert trouble(hall) == ""
        flight.assign_gate(f"C{gate}")
        time_machine.shift(10)


def test_a_copy_of_the_key_is_noticed_and_a_page_that_is_loaded_again_is_none(device, hall, current, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for name in ("first", "second", "third"):
        device.beat(version=current(), device=name)
        time_machine.shift(10)
        assert trouble(hall) == ""
    device.beat(version=current(), device="second")
    assert trouble(hall) == Trouble.COPIED
    time_machine.shift(beats.COPY + 1)
    device.beat(version=current(), device="second")
    assert trouble(hall) == "", "the other one has ended"


def test_a_page_loaded_before_it_should_reload_is_told_so(device, hall, current, technician):
    hall.reload(by=technician)
    assert device.beat(version=current(), loaded_at=time.time() - 60).json()["reload"]
    assert not device.beat(version=current(), loaded_at=time.time() + 1).json()["reload"]


def test_beats_cost_two_queries_and_staff_hear_of_news_only(device, hall, current, django_assert_num_queries):
    version = current()
    device.beat(version=version)
    Publish.objects.all().delete()
    with django_assert_num_queries(2):
        device.beat(version=version, version_at=time.time() - 1)
    assert not Publish.objects.exists()
    device.beat(version=version, painted_at=10)
    assert list(Publish.objects.values_list("topic", flat=True)) == [topics.screens()]


def test_a_board_is_rendered_once_for_all_screens_that_show_it(make_screen, monkeypatch, current):
    screens = [make_screen(f"screen-{number}") for number in range(5)]
    version, rendered = current(), []
    render = type(beats.board_of(screens[0])).render
    monkeypatch.setattr(type(beats.board_of(screens[0])), "render", lambda self: rendered.append(1) or render(self))
    for screen in screens:
        Device(screen).beat(version=version)
    assert len(rendered) == 1


def test_a_message_that_was_painted_is_recorded_once(device, hall, make_screen, current, technician):
    hour = timezone.now() + timedelta(hours=1)
    message = Message.objects.create(text="Leave the hall", expires=hour, sent_by=technician)
    elsewhere = Message.objects.create(text="Other", zone="elsewhere", expires=hour, sent_by=technician)
    for _beat in range(2):
        device.beat(version=current(), message=message.pk)
    device.beat(version=current(), message=elsewhere.pk)
    device.beat(version=current(), message=10**9)
    assert list(Showing.objects.values_list("message", "screen")) == [(message.pk, hall.pk)]


def test_another_key_is_refused(hall, make_screen, device):
    assert Device(make_screen("gate")).beat(hall).status_code == 403
    assert Device().beat(hall).status_code == 403
    hall.revoke()
    assert device.beat().status_code == 403
    assert not Glass.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"width": 10**400},
        {"width": -5},
        {"page": "one"},
        {"page": [1]},
        {"device": "x" * 37},
        {"device": None},
        {"release": "a\u0000b"},
        {"version": {"a": 1}},
        {"loaded_at": True},
        {"message": "1"},
        {"clock_offset": 10**30},
    ],
)
def test_hostile_values_change_nothing_or_count_as_the_bound(device, hall, said):
    answer = device.beat(**said)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        glass = Glass.objects.get(screen=hall)
        assert 0 <= glass.width <= 20_000
        assert abs(glass.clock_offset) <= 2**31
    else:
        assert not Glass.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b"[" * 4000, b'{"width": NaN}', b"\xff", b"{" + b" " * 5000 + b"}"]
)
def test_bodies_that_are_no_heartbeat(device, body):
    assert device.send(body).status_code == 400


def test_only_by_post(device, hall):
    assert device.get("/kiosk/hall/beat/").status_code == 405


def test_a_key_that_sends_too_many_is_slowed(device, hall, current):
    version = current()
    answers = [device.beat(version=version).status_code for _beat in range(125)]
    assert answers.count(429) == 5


def test_without_a_cache_the_database_still_knows(device, hall, current, monkeypatch):
    monkeypatch.setattr(cache, "set", lambda *args, **options: None)
    monkeypatch.setattr(cache, "get", lambda key, default=None: default)
    device.beat(version=current())
    assert Glass.objects.get(screen=hall).trouble == ""


@pytest.mark.django_db(transaction=True)
def test_two_heartbeats_at_once_make_one_row(hall, current):
    version, start, answers = current(), threading.Barrier(4), []

    def beat(number):
        device = Device(hall)
        start.wait()
        answers.append(device.beat(version=version, width=1000 + number).status_code)
        connection.close()

    threads = [threading.Thread(target=beat, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [200] * 4
    assert Glass.objects.count() == 1


def test_nothing_of_a_heartbeat_is_logged(device, caplog):
    device.send(json.dumps(device.said(device="my-device", engine=7)))
    assert "my-device" not in caplog.text
    assert device.screen.token not in caplog.text
