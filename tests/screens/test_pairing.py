"""A new device shows a code, staff type it, and the device has the key of its screen."""

import json
import time
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from screens import topics
from screens.kiosk import keys
from screens.models import Glass, Pairing, Screen, State, Trouble
from screens.models.pairing import ALPHABET, LENGTH, TRIES_OF_ALL, TRIES_OF_ONE, VALID
from server.redaction import redacted
from tests.races import all_at_once, faults
from tests.screens.conftest import Device
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db
REPORT = {
    "engine": "Chromium 120",
    "width": 1920,
    "height": 1080,
    "pixel_ratio": 1.5,
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


def with_secret(secret):
    """A device that has kept the secret of its code."""
    device = Device()
    device.cookies[keys.SECRET] = secret
    return device


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
    assert answer.json()["go"] == "/kiosk/hall/"
    assert blank.get("/kiosk/hall/").status_code == 200
    new_screen.refresh_from_db()
    assert new_screen.state == State.PAIRED
    assert blank.get("/kiosk/").url == "/kiosk/hall/", "from now on"


def test_without_script_the_page_itself_leads_on(blank, new_screen, technician):
    Pairing.objects.typed(shown_code(blank), new_screen, technician)
    page = blank.get("/kiosk/")
    assert 'content="6; url=/kiosk/hall/"' in page.text
    assert "Paired by Bob" in page.text
    assert blank.get("/kiosk/hall/").status_code == 200


def test_the_glass_says_which_account_has_paired_it_in_every_language(blank, new_screen, technician):
    Pairing.objects.typed(shown_code(blank), new_screen, technician)
    answer = poll(blank).json()
    assert answer["name"] == "Hall"
    assert answer["texts"].keys() == dict(settings.LANGUAGES).keys()
    assert all("Bob" in text for text in answer["texts"].values())


def test_a_mail_address_is_not_shown_on_the_glass(blank, new_screen, db):
    unnamed = User.objects.create_user("night.shift@example.org")
    Pairing.objects.typed(shown_code(blank), new_screen, unnamed)
    assert "Paired by night.shift." in poll(blank).json()["texts"]["en"]
    assert "example.org" not in poll(blank).text


def test_an_answer_that_was_lost_is_given_again(blank, new_screen, technician):
    Pairing.objects.typed(shown_code(blank), new_screen, technician)
    secret = blank.cookies[keys.SECRET].value
    poll(blank)
    again = with_secret(secret)
    assert poll(again).json()["go"] == "/kiosk/hall/"
    assert again.get("/kiosk/hall/").status_code == 200


@pytest.mark.parametrize("after", ["revoked", "paired with another device"])
@pytest.mark.parametrize("asked", ["by its poll", "by its page"])
def test_the_secret_of_a_device_is_worth_nothing_once_its_key_has_ended(blank, new_screen, technician, after, asked):
    Pairing.objects.typed(shown_code(blank), new_screen, technician)
    secret = blank.cookies[keys.SECRET].value
    poll(blank)
    if after == "revoked":
        new_screen.revoke(by=technician)
    else:
        Pairing.objects.typed(shown_code(Device()), new_screen, technician)
    former = with_secret(secret)
    if asked == "by its poll":
        assert poll(former).json() == {"go": "/kiosk/"}
    else:
        assert 'class="code"' in former.get("/kiosk/").text
    assert keys.KEY not in former.cookies
    assert former.get("/kiosk/hall/").url == "/kiosk/"


def test_a_revoked_screen_has_no_key_at_all(hall):
    """Its next token can be made on the server already, as for a link on a page of staff."""
    hall.revoke()
    assert Device(hall).get("/kiosk/hall/").url == "/kiosk/"
    assert Device().get(hall.get_absolute_url()).url == "/kiosk/"
    assert Device(hall).beat().status_code == 403


def test_pairing_again_is_history_and_is_published(hall, technician, assert_published):
    with assert_published(topics.screen(hall.pk), topics.screens()):
        Pairing.objects.typed(shown_code(Device()), hall, technician)
    assert hall.changes.last().by == technician
    assert hall.changes.last().verb == "pair"


def test_pairing_again_forgets_what_the_device_before_had_on_its_glass(hall, device, technician):
    device.beat(painted_at=60)
    assert Glass.objects.get().trouble == Trouble.PICTURE
    Pairing.objects.typed(shown_code(Device()), hall, technician)
    assert not Glass.objects.exists(), "nothing has been heard of the new device"


@pytest.mark.parametrize("typed", ["bcf gh7", "BCF-GH7", "8CFGH7", " bcfgh7 "])
def test_a_code_may_be_typed_in_other_ways(new_screen, technician, typed):
    pairing, _secret = Pairing.objects.offer()
    Pairing.objects.filter(pk=pairing.pk).update(code="BCFGH7")
    assert Pairing.objects.typed(typed, new_screen, technician) == pairing


def test_no_two_characters_of_codes_look_alike():
    for alike in ("B8", "G6", "1IL", "S5", "UV", "Z2", "0ODQ"):
        assert len(set(alike) & set(ALPHABET)) <= 1, alike
    assert len(ALPHABET) ** LENGTH > 10**8


def test_another_device_gets_nothing_by_it(blank, new_screen, technician):
    other = Device()
    code = shown_code(other)
    shown_code(blank)
    Pairing.objects.typed(code, new_screen, technician)
    assert "go" not in poll(blank).json()
    assert blank.get("/kiosk/hall/").url == "/kiosk/"
    unknown = poll(Device())
    assert unknown.status_code == 404, "it was never shown a code"
    assert "Airside-Kiosk" in unknown, "or a device takes it for a captive portal's answer"


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


def test_guessing_by_many_accounts_ends_as_well(new_screen, technician):
    accounts = [User.objects.create_user(f"clerk{number}@example.org") for number in range(6)]
    words = []
    for number in range(TRIES_OF_ALL + 1):
        with pytest.raises(Refused) as refusal:
            Pairing.objects.typed("AAAAAA", new_screen, accounts[number % 6])
        words.append(str(refusal.value))
    assert all("No screen shows" in text for text in words[:-1])
    assert "Too many codes" in words[-1]


def test_a_right_code_after_too_many_wrong_ones_is_refused_and_stays_good(blank, new_screen, technician, time_machine):
    code = shown_code(blank)
    for _try in range(TRIES_OF_ONE):
        with pytest.raises(Refused):
            Pairing.objects.typed("AAAAAA", new_screen, technician)
    with pytest.raises(Refused, match="Too many codes"):
        Pairing.objects.typed(code, new_screen, technician)
    assert Pairing.objects.get().is_open


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


def test_new_codes_are_bounded_for_all_together(monkeypatch):
    monkeypatch.setattr("screens.kiosk.views.CODES_OF_ALL", 5)
    answers = [Device().get("/kiosk/", REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_device_that_polls_all_the_time_is_slowed(blank):
    shown_code(blank)
    answers = [poll(blank, clock_offset=number).status_code for number in range(62)]
    assert answers == [200] * 60 + [429] * 2


@pytest.mark.django_db(transaction=True)
def test_those_who_type_one_code_at_once_pair_one_screen(blank, make_screen, technician):
    code, screens = shown_code(blank), [make_screen(f"screen-{number}", paired=False) for number in range(4)]
    outcomes = all_at_once(*[partial(Pairing.objects.typed, code, screen, technician) for screen in screens])
    assert len(faults(outcomes, Refused)) == 3
    (pairing,) = [outcome for outcome in outcomes if isinstance(outcome, Pairing)]
    assert list(Screen.objects.filter(state=State.PAIRED)) == [pairing.screen]


@pytest.mark.django_db(transaction=True)
def test_two_codes_for_one_screen_at_once_leave_one_key(make_screen, technician):
    screen, devices = make_screen(paired=False), [Device() for _number in range(4)]
    codes = [shown_code(device) for device in devices]
    outcomes = all_at_once(
        *[partial(Pairing.objects.typed, code, Screen.objects.get(pk=screen.pk), technician) for code in codes]
    )
    assert not faults(outcomes)
    for device in devices:
        poll(device)
    assert [device.get("/kiosk/hall/").status_code for device in devices].count(200) == 1


def test_pairing_again_takes_the_key_from_the_device_before(hall, device, technician):
    assert device.get("/kiosk/hall/").status_code == 200
    other = Device()
    Pairing.objects.typed(shown_code(other), hall, technician)
    assert device.get("/kiosk/hall/").url == "/kiosk/"
    page = device.get("/kiosk/").text
    assert "withdrawn" in page
    assert Pairing.objects.latest("pk").code in page, "a new code, with nobody near"
    poll(other)
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
    [
        {"engine": "x" * 41},
        {"width": "wide"},
        {"width": float("nan")},
        {"pixel_ratio": [1]},
        {"clock_offset": None},
        {"engine": "a\nb"},
    ],
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


def test_under_https_the_cookies_are_for_https_alone(blank, device, settings):
    settings.HTTPS = True
    assert blank.get("/kiosk/").cookies[keys.SECRET]["secure"]
    key = device.get("/kiosk/hall/").cookies[keys.KEY]
    assert key["secure"]
    assert key["max-age"] == 400 * 24 * 3600


def test_a_page_that_lives_for_months_keeps_its_key(device):
    assert keys.KEY not in device.beat().cookies
    assert keys.KEY in device.beat(loaded_at=time.time() - 40 * 24 * 3600).cookies


def test_a_screen_for_which_nothing_is_set_up_says_so(hall, device):
    hall.hours.all().delete()
    page = device.get("/kiosk/hall/")
    assert page.status_code == 200
    assert "Nothing is shown here now." in page.text


def test_no_key_is_logged(hall, caplog):
    caplog.set_level("DEBUG")
    Device().get(hall.get_absolute_url())
    token = hall.token
    hall.revoke()
    former = Device().get(f"/kiosk/start/{token}/")
    assert former.status_code == 302
    assert caplog.records, "the refusal is logged"
    lines = [redacted(record).getMessage() for record in caplog.records]
    assert not [line for line in lines if token in line or token.split(":")[1] in line]


def test_old_codes_are_deleted(blank, time_machine):
    shown_code(blank)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    Pairing.objects.prune(timezone.now())
    assert not Pairing.objects.exists()
