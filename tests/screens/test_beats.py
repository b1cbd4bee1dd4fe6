"""A heartbeat says what is on the glass, and the server tells whether that is what should be there."""

import json
import re
import time
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.http import Http404
from django.utils import timezone

from live.models import Publish
from screens import topics
from screens.kiosk import beats
from screens.kiosk.faces import face_of
from screens.models import Glass, Hours, Message, Screen, Showing, Trouble
from tests.races import answers_at_once
from tests.screens.conftest import Device
from tracking.flights.travellers.regions import NextDepartures

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
        ({"painted_at": 5}, Trouble.PICTURE),
        ({"painted_at": 4}, ""),
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
    time_machine.shift(15)
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


def test_a_version_is_not_old_since_it_was_sampled_after_it_had_arrived(device, hall, flight, current, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    device.beat(version=current(), version_at=time.time() - 5)
    for _beat in range(6):
        time_machine.shift(10)
        device.beat(version=current(), version_at=time.time() - 65)
    old = current()
    flight.assign_gate("C99")
    time_machine.shift(10)
    device.beat(version=old, version_at=time.time() - 70.0)
    assert trouble(hall) == "", "it was the current one ten seconds ago"


def test_a_screen_that_shows_another_board(device, hall, current, time_machine):
    """That board never changes at night, so no change of it tells."""
    time_machine.move_to(timezone.now(), tick=False)
    current()
    since = time.time() - 3600
    told = []
    for _beat in range(5):
        device.beat(version="another-board", version_at=since)
        told.append(trouble(hall))
        time_machine.shift(10)
    assert told == ["", "", "", Trouble.OLD, Trouble.OLD]


def test_a_page_that_was_loaded_for_other_hours(device, hall, current, time_machine):
    """The board that it shows changes all the time: only the page itself knows what it was loaded for."""
    time_machine.move_to(timezone.now(), tick=False)
    face = face_of(hall, hall.shown_now)
    device.beat(version=current(), face=face)
    hall.hours.update(settings={"iata": "BOS"})
    for number in range(beats.HOURS_LATE // 10):
        device.beat(version=f"another-{number}", version_at=time.time(), face=face)
        assert trouble(hall) == "", "it loads again between two pages"
        time_machine.shift(10)
    device.beat(version="another", version_at=time.time(), face=face)
    assert trouble(hall) == Trouble.OLD
    hall = Screen.objects.get()
    device.beat(version=beats.board_of(hall).render().version, face=face_of(hall, hall.shown_now))
    assert trouble(hall) == ""


def test_the_plain_page_of_an_old_engine_has_a_minute_more(device, hall, flight, current, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    old, since = current(), time.time()
    said = {"version": old, "version_at": since, "engine": "plain: Chromium 87"}
    device.beat(**said)
    flight.assign_gate("C99")
    for _beat in range(9):
        time_machine.shift(10)
        device.beat(**said)
        assert trouble(hall) == ""
    time_machine.shift(30)
    device.beat(**said)
    assert trouble(hall) == Trouble.OLD


def test_a_board_whose_subject_is_gone_is_no_end_of_the_screen(device, hall, content, monkeypatch):
    def gone(self):
        raise Http404

    monkeypatch.setattr(NextDepartures, "rows", gone)
    assert device.beat().status_code == 200
    assert trouble(hall) == ""
    assert "Nothing is shown here now." in device.get("/kiosk/hall/").text


def test_a_copy_of_a_key_is_noticed_at_once(device, hall, current, time_machine):
    """The first device has been there for long, and a second one has its key since ten seconds ago."""
    time_machine.move_to(timezone.now(), tick=False)
    for _beat in range(30):
        device.beat(version=current(), device="first")
        time_machine.shift(10)
    device.beat(version=current(), device="second")
    assert trouble(hall) == "", "its page may have been loaded again"
    time_machine.shift(5)
    device.beat(version=current(), device="first")
    assert trouble(hall) == Trouble.COPIED


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


def test_a_page_loaded_in_the_second_of_the_order_is_not_loaded_for_ever(device, hall, technician, time_machine):
    time_machine.move_to(timezone.now().replace(microsecond=200_000), tick=False)
    hall.reload(by=technician)
    time_machine.shift(0.5)
    loaded = int(re.search(r'data-loaded="(\d+)"', device.get("/kiosk/hall/").text)[1])
    assert not device.beat(loaded_at=loaded).json()["reload"]


def test_what_another_release_has_kept_of_a_screen_is_left_out(device, hall, current):
    """Two releases serve side by side, and share the cache."""
    device.beat(version=current())
    for kept in (("device-1", 7), {"at": time.time(), "device": "device-1", "of_tomorrow": 1}, 7):
        cache.set(beats.key_of(hall.pk), kept)
        assert beats.newest(hall.pk) is None
        assert device.beat(version=current()).status_code == 200
        assert beats.newest(hall.pk).device == "device-1"


@pytest.mark.parametrize("hours", [1, 3])
def test_beats_cost_two_queries_and_staff_hear_of_news_only(
    device, hall, current, hours, django_assert_num_queries, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)  # each ten seconds a beat costs a rendering as well
    for hour in range(1, hours):
        Hours.objects.create(screen=hall, begins=f"{hour:02}:00", shows="next", settings={"iata": "JFK"})
    version = current()
    device.beat(version=version)
    Publish.objects.all().delete()
    with django_assert_num_queries(2):
        device.beat(version=version, version_at=time.time() - 1)
    assert not Publish.objects.exists()
    device.beat(version=version, painted_at=10)
    assert list(Publish.objects.values_list("topic", flat=True)) == [topics.screens()]


def test_the_row_that_is_written_each_minute_is_no_news(device, hall, current, assert_published, time_machine):
    """Otherwise 300 screens would have the wall rendered five times a second, and nothing on it would be another."""
    time_machine.move_to(timezone.now())
    device.beat(version=current())
    time_machine.shift(61)
    with assert_published():
        device.beat(version=current())
    assert Glass.objects.get().seen_at > timezone.now() - timedelta(seconds=10)
    with assert_published(topics.screens()):
        device.beat(version=current(), painted_at=60)


def test_a_board_is_rendered_once_for_all_screens_that_show_it(make_screen, monkeypatch, current, time_machine):
    time_machine.move_to(timezone.now().replace(second=0, microsecond=0), tick=False)
    screens = [make_screen(f"screen-{number}") for number in range(5)]
    version, rendered = current(), []
    render = type(beats.board_of(screens[0])).render
    monkeypatch.setattr(type(beats.board_of(screens[0])), "render", lambda self: rendered.append(1) or render(self))
    for beat in range(6):
        for screen in screens:
            Device(screen).beat(version=version)
        assert len(rendered) == 1 + beat // 2
        time_machine.shift(5)


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
        {"face": "x" * 41},
        {"face": 7},
        {"cut": "yes"},
        {"loaded_at": -(10**30)},
        {"version_at": 10**30},
        {"painted_at": 10**30},
        {"page": 10**30},
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
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"7",
        b"{",
        b"[" * 4000,
        b'{"a":' * 800,
        b"\xff",
        b"9" * 4090,
    ],
)
def test_bodies_that_are_no_heartbeat(device, body):
    assert device.send(body).status_code == 400
    assert not Glass.objects.exists()


@pytest.mark.parametrize("field", ["width", "clock_offset", "loaded_at", "version_at", "painted_at", "page", "message"])
def test_no_number_is_refused_in_each_field(device, field):
    """Python's JSON reads NaN, and NaN is neither below nor above any bound."""
    for value in (float("nan"), None if field != "message" else "1", "1", [1], {"a": 1}, True):
        assert device.beat(**{field: value}).status_code == 400
    assert device.beat(**{field: float("inf")}).status_code == 200, "counts as the bound"


def test_four_kilobytes_at_most(device):
    said = json.dumps(device.said())
    assert device.send((said + " " * (4096 - len(said))).encode()).status_code == 200
    assert device.send((said + " " * (4097 - len(said))).encode()).status_code == 400


def test_only_by_post(device, hall):
    assert device.get("/kiosk/hall/beat/").status_code == 405


def test_a_key_that_sends_too_many_is_slowed(device, hall, current):
    version = current()
    answers = [device.beat(version=version).status_code for _beat in range(125)]
    assert answers.count(429) == 5


def test_without_a_cache_the_database_still_knows(device, hall, current, monkeypatch):
    monkeypatch.setattr(cache, "set", lambda *args, **options: None)
    monkeypatch.setattr(cache, "get", lambda key, default=None, version=None: default)
    monkeypatch.setattr(cache, "get_many", lambda keys, version=None: {})
    device.beat(version=current())
    assert Glass.objects.get(screen=hall).trouble == ""


@pytest.mark.django_db(transaction=True)
def test_two_heartbeats_at_once_make_one_row(hall, current):
    version = current()
    beat_of = [partial(Device(hall).beat, version=version, width=1000 + number) for number in range(4)]
    assert [answer.status_code for answer in answers_at_once(*beat_of)] == [200] * 4
    assert Glass.objects.count() == 1


def test_nothing_of_a_heartbeat_is_logged(device, caplog):
    device.send(json.dumps(device.said(device="my-device", engine=7)))
    assert "my-device" not in caplog.text
    assert device.screen.token not in caplog.text
