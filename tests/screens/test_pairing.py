"""A new device shows a code, staff type it, and the device has the key of its screen."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screens.kiosk import keys
from screens.models import Pairing, Screen, State
from screens.models.pairing import ALPHABET, VALID
from tests.screens.conftest import Device
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db
REPORT = {
    "engine": "Chromium 120",
    "width": 1920,
    "height": 1080,
    "clock_offset": 5,
    "live": True,
    "socket": True,
    "worker": True,
}


@pytest.fixture
def new_screen(make_screen):
    return make_screen(paired=False)


@pytest.fixture
def blank():
    """A device without a key."""
    return Device()


def shown_code(device):
    device.get("/kiosk/")
    return Pairing.objects.latest("pk").code


def poll(device, **said):
    return device.post("/kiosk/code/", json.dumps({**REPORT, **said}), content_type="application/json")


def test_a_code_pairs_the_device_that_shows_it(blank, new_screen, technician):
    page = blank.get("/kiosk/")
    code = Pairing.objects.get().code
    assert f">{code}<" in page.text
    assert set(code) <= set(ALPHABET)
    assert "go" not in poll(blank).json()
    pairing = Pairing.objects.typed(f" {code[:3].lower()}-{code[3:]} ", new_screen, technician)
    assert pairing.report == REPORT, "what it found out about itself, for the verdict"
    assert pairing.typed_by == technician
    answer = poll(blank)
    assert answer.json() == {"go": "/kiosk/hall/"}
    assert blank.get("/kiosk/hall/").status_code == 200
    new_screen.refresh_from_db()
    assert new_screen.state == State.PAIRED
    assert blank.get("/kiosk/").url == "/kiosk/hall/", "from now on"


def test_without_script_the_page_itself_leads_on(blank, new_screen, technician):
    Pairing.objects.typed(shown_code(blank), new_screen, technician)
    assert blank.get("/kiosk/").url == "/kiosk/hall/"
    assert blank.get("/kiosk/hall/").status_code == 200


def test_another_device_gets_nothing_by_it(blank, new_screen, technician):
    other = Device()
    code = shown_code(other)
    shown_code(blank)
    Pairing.objects.typed(code, new_screen, technician)
    assert "go" not in poll(blank).json()
    assert blank.get("/kiosk/hall/").url == "/kiosk/"
    assert poll(Device()).status_code == 404, "it was never shown a code"


def test_a_code_is_worth_nothing_after_ten_minutes(blank, new_screen, technician, time_machine):
    code = shown_code(blank)
    time_machine.move_to(timezone.now() + VALID)
    with pytest.raises(Refused, match="No screen shows this code now"):
        Pairing.objects.typed(code, new_screen, technician)
    assert poll(blank).json() == {"go": "/kiosk/"}, "the device loads the page again"
    assert shown_code(blank) != code


def test_a_page_that_is_loaded_again_shows_the_same_code(blank):
    assert shown_code(blank) == shown_code(blank)
    assert Pairing.objects.count() == 1


def test_a_code_is_used_once(blank, new_screen, make_screen, technician):
    code = shown_code(blank)
    Pairing.objects.typed(code, new_screen, technician)
    with pytest.raises(Refused):
        Pairing.objects.typed(code, make_screen("gate", paired=False), technician)


def test_guessing_ends_soon(new_screen, technician, alice):
    for _try in range(20):
        with pytest.raises(Refused, match="No screen shows"):
            Pairing.objects.typed("AAAAAA", new_screen, technician)
    with pytest.raises(Refused, match="Too many codes"):
        Pairing.objects.typed("AAAAAA", new_screen, technician)
    with pytest.raises(Refused, match="No screen shows"):
        Pairing.objects.typed("AAAAAA", new_screen, alice)


def test_right_codes_are_not_counted(make_screen, technician):
    for number in range(30):
        screen = make_screen(f"screen-{number}", paired=False)
        Pairing.objects.typed(shown_code(Device()), screen, technician)


def test_new_codes_are_bounded_by_address(blank, airports):
    for _device in range(60):
        assert Device().get("/kiosk/").status_code == 200
    page = blank.get("/kiosk/")
    assert page.status_code == 429
    assert 'http-equiv="refresh"' in page.text, "it tries again by itself"


@pytest.mark.django_db(transaction=True)
def test_two_who_type_one_code_at_once_pair_one_screen(blank, make_screen, technician):
    code, screens = shown_code(blank), [make_screen(f"screen-{number}", paired=False) for number in range(4)]
    start, results = threading.Barrier(4), []

    def type_it(screen):
        start.wait()
        try:
            Pairing.objects.typed(code, screen, technician)
            results.append(screen.pk)
        except Refused:
            results.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=type_it, args=[screen]) for screen in screens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (won,) = [pk for pk in results if pk]
    assert len(results) == 4
    assert list(Screen.objects.filter(state=State.PAIRED).values_list("pk", flat=True)) == [won]


def test_pairing_again_takes_the_key_from_the_device_before(hall, device, technician):
    assert device.get("/kiosk/hall/").status_code == 200
    other = Device()
    Pairing.objects.typed(shown_code(other), hall, technician)
    assert device.get("/kiosk/hall/").url == "/kiosk/"
    assert "withdrawn" in device.get("/kiosk/").text
    assert other.get("/kiosk/").url == "/kiosk/hall/"


def test_the_start_address_gives_the_key_to_a_player_that_forgets(hall):
    player = Device()
    answer = player.get(hall.get_absolute_url())
    assert answer.url == "/kiosk/hall/"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert player.get("/kiosk/hall/").status_code == 200
    hall.revoke()
    assert player.get("/kiosk/hall/").url == "/kiosk/"


def test_a_revoked_start_address_leads_to_a_new_code(hall):
    address = hall.get_absolute_url()
    hall.revoke()
    player = Device()
    assert player.get(address).url == "/kiosk/"
    assert keys.KEY not in player.cookies


def test_a_screen_needs_its_own_key(hall, make_screen):
    other = Device(make_screen("gate"))
    assert other.get("/kiosk/hall/").url == "/kiosk/"
    assert other.get("/kiosk/").url == "/kiosk/gate/"
    assert Device().get("/kiosk/hall/").url == "/kiosk/"
    assert Device().get("/kiosk/nowhere/").url == "/kiosk/"


@pytest.mark.parametrize(
    "said",
    [{"engine": "x" * 41}, {"width": "wide"}, {"width": float("nan")}, {"clock_offset": None}, {"engine": "a\nb"}],
)
def test_what_a_device_says_of_itself_is_checked(blank, said):
    shown_code(blank)
    assert poll(blank, **said).status_code == 400
    assert Pairing.objects.get().report == {}


def test_no_session_is_made_and_nobody_keeps_the_pages(blank, hall, device):
    pages = [blank.get("/kiosk/"), device.get("/kiosk/hall/"), device.get("/kiosk/"), device.beat()]
    for page in pages:
        assert "no-store" in page["Cache-Control"]
        assert set(page.cookies) <= {keys.KEY, keys.SECRET}
    for cookie in (blank.cookies[keys.SECRET], device.get("/kiosk/hall/").cookies[keys.KEY]):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/kiosk/"


def test_old_codes_are_deleted(blank, time_machine):
    shown_code(blank)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    Pairing.objects.prune(timezone.now())
    assert not Pairing.objects.exists()
