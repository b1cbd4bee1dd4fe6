"""What a screen hears besides its board: messages, other hours, and the end of its key."""

from datetime import datetime, time, timedelta
from time import monotonic as time_now
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from live.codes import NOT_ALLOWED
from pages.nav import home_airport, home_zone
from screens.kiosk.regions import Control
from screens.models import Hours, Message, Screen, Severity
from tests.live.dom import Dom

pytestmark = pytest.mark.django_db


def control(screen):
    return Control(token=screen.token)


@pytest.fixture
def send(technician):
    def send(text="Leave the hall", minutes=60, **fields):
        expires = timezone.now() + timedelta(minutes=minutes)
        return Message.objects.create(text=text, expires=expires, sent_by=technician, **fields)

    return send


def test_a_message_in_all_languages_of_the_screen(make_screen, send):
    hall = make_screen(languages="de,en")
    send(translations={"de": "Verlassen Sie die Halle"})
    html = control(hall).render().html
    assert '<span lang="de">Verlassen Sie die Halle</span><span lang="en">Leave the hall</span>' in html
    assert html.count('<p class="until"><span lang="de">') == 1


def test_it_names_the_airport_as_its_sender_and_no_person(hall, send, technician):
    send()
    html = control(hall).render().html
    assert f"· {home_airport().name}<" in html
    assert str(technician) not in html
    assert technician.email not in html


def test_of_several_the_most_severe_is_shown(hall, send):
    send("First", severity=Severity.EXTREME)
    send("Second", severity=Severity.MINOR)
    assert "First" in control(hall).render().html
    assert "Second" not in control(hall).render().html


def test_messages_of_another_zone_and_those_that_are_over_are_not_shown(make_screen, send, technician):
    hall = make_screen(zone="t1")
    send("Elsewhere", zone="t4")
    send("Over", minutes=-1)
    send("Withdrawn", cancelled_at=timezone.now(), cancelled_by=technician)
    assert "emergency" not in control(hall).render().html
    send("Here", zone="t1")
    assert "Here" in control(hall).render().html


def test_it_expires_at_its_second_without_a_job(hall, send, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    message = send(minutes=10)
    region = control(hall)
    region.render()
    assert region.stale_at(timezone.now()) == message.expires
    time_machine.move_to(message.expires, tick=False)
    assert "emergency" not in region.render().html


def test_other_hours_begin_at_their_time_of_the_airport(make_screen, time_machine):
    hall = make_screen()
    late = Hours.objects.create(screen=hall, begins=time(22), shows="next", settings={"iata": "BOS"})
    region = control(hall)
    evening = timezone.now().astimezone(home_zone()).replace(hour=21, minute=0, second=0, microsecond=0)
    time_machine.move_to(evening, tick=False)
    assert f'data-hours="{hall.hours.first().pk}-' in region.render().html
    assert region.stale_at(timezone.now()) == evening.replace(hour=22)
    time_machine.move_to(evening.replace(hour=22), tick=False)
    assert f'data-hours="{late.pk}-' in region.render().html
    assert region.stale_at(timezone.now()) == (evening + timedelta(days=1)).replace(hour=0), "the first hours again"


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-01T05:29:59+00:00", "00:00"),
        ("2026-11-01T05:30:00+00:00", "01:30"),  # EDT
        ("2026-11-01T06:15:00+00:00", "01:30"),  # 01:15 EST: that clock was there an hour ago already
        ("2026-11-01T06:45:00+00:00", "01:30"),
        ("2027-03-14T06:59:59+00:00", "01:30"),  # 01:59:59 EST
        ("2027-03-14T07:00:00+00:00", "03:00"),  # 03:00 EDT; the hours from 02:30 on are left out that night
    ],
)
def test_hours_in_the_nights_in_which_the_clock_is_changed(hall, now, begins):
    for clock in ("01:30", "02:30", "03:00"):
        if clock != "02:30" or begins == "03:00":
            Hours.objects.create(screen=hall, begins=clock, shows="next", settings={"iata": "BOS"})
    screen, moment = Screen.objects.get(), datetime.fromisoformat(now)
    zone = ZoneInfo("America/New_York")
    assert f"{screen.shown_at(moment, zone).begins:%H:%M}" == begins


@pytest.mark.parametrize(
    "changed",
    [{"name": "Hall B"}, {"languages": "de"}, {"theme": "light"}, {"orientation": "portrait"}, {"inches": 32}],
)
def test_another_set_up_has_the_page_loaded_again(hall, changed):
    before = control(hall).render().version
    hall.change(**changed)
    assert control(hall).render().version != before


def test_another_content_of_the_same_hours_has_the_page_loaded_again(hall):
    before = control(hall).render().version
    hall.hours.update(settings={"iata": "BOS"})
    assert control(hall).render().version != before


def test_what_does_not_concern_the_page_leaves_it_alone(hall):
    before = control(hall).render().version
    hall.change(place="Above the exit", contact="hall@example.org")
    assert control(hall).render().version == before


def test_a_hostile_text_is_text(hall, send):
    send("<script>alert(1)</script>")
    assert "<script>" not in control(hall).render().html


def read_all(socket):
    """Read until the socket ends. A socket that stays silent raises TimeoutError."""
    while True:
        socket.recv(10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["revoke", "pair"])
def test_a_key_that_has_ended_closes_an_open_page(server, hall, end):
    """Revoked, or paired with another device."""
    region = control(hall)
    shown = region.render()
    with server.ws(f"/ws/{region.address}&v={shown.version}") as socket:
        hall.reload()
        dom = Dom(shown.region_id, shown.html, shown.version)
        while "reload-before" not in dom.html or dom.version == shown.version:
            dom.take(socket.recv(10))
        getattr(hall, end)()
        began = time_now()
        with pytest.raises(ConnectionClosed):
            read_all(socket)
        assert socket.close_code == NOT_ALLOWED
        assert time_now() - began < 15, "by the news of it, and not by the round that asks about everybody"


@pytest.mark.django_db(transaction=True)
def test_without_the_key_there_is_nothing(server, hall):
    hall.revoke()
    for token in (hall.token, f"{hall.token}x"):
        with server.ws(f"/ws/kiosk/control/{token}/") as socket:
            with pytest.raises(ConnectionClosed):
                socket.recv(10)
            assert socket.close_code == NOT_ALLOWED
