"""What a screen hears besides its board: messages, other hours, and the end of its key."""

from collections import deque
from datetime import time, timedelta

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from live.codes import GONE, NOT_ALLOWED
from screens.kiosk.regions import Control
from screens.models import Hours, Message, Severity
from screens.models.screens import local_zone
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
    assert '<span lang="de">Bis ' in html or '<span lang="de">Until ' in html


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
    evening = timezone.now().astimezone(local_zone()).replace(hour=21, minute=0, second=0, microsecond=0)
    time_machine.move_to(evening, tick=False)
    assert f'data-hours="{hall.hours.first().pk}"' in region.render().html
    assert region.stale_at(timezone.now()) == evening.replace(hour=22)
    time_machine.move_to(evening.replace(hour=22), tick=False)
    assert f'data-hours="{late.pk}"' in region.render().html
    assert region.stale_at(timezone.now()) == (evening + timedelta(days=1)).replace(hour=0), "the first hours again"


def test_a_hostile_text_is_text(hall, send):
    send("<script>alert(1)</script>")
    assert "<script>" not in control(hall).render().html


@pytest.mark.django_db(transaction=True)
def test_a_revoked_key_ends_an_open_page(server, hall):
    region = control(hall)
    shown = region.render()
    with server.ws(f"/ws/{region.address}&v={shown.version}") as socket:
        hall.reload()
        dom = Dom(shown.region_id, shown.html, shown.version)
        while "reload-before" not in dom.html or dom.version == shown.version:
            dom.take(socket.recv(10))
        hall.revoke()
        with pytest.raises(ConnectionClosed):
            deque(socket, maxlen=0)  # all that is sent until it ends
        assert socket.close_code in (NOT_ALLOWED, GONE)


@pytest.mark.django_db(transaction=True)
def test_without_the_key_there_is_nothing(server, hall):
    hall.revoke()
    with server.ws(f"/ws/kiosk/control/{hall.token}x/") as socket, pytest.raises(ConnectionClosed):
        socket.recv(10)
