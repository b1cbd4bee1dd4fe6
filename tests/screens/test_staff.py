"""Staff set up screens, see what is on each glass, and pair, reload and revoke them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import people_with
from post.models import Message as Mail
from screens import mail, silence
from screens.kiosk import beats
from screens.models import Glass, Pairing, Screen, State, Trouble
from screens.staff.regions import Wall
from tests.screens.conftest import Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, technician):
    client.force_login(technician)
    return client


def new_screen(staff, **fields):
    data = {
        "name": "Hall 1",
        "slug": "hall-1",
        "place": "Above the entrance",
        "orientation": "portrait",
        "inches": "55",
        "distance": "7.5",
        "languages": "en, DE",
        "theme": "dark",
        **fields,
    }
    return staff.post(reverse("screens:new"), data)


def act(staff, screen, verb, **data):
    return staff.post(reverse("screens:act", args=[screen.slug, verb]), {"seen": screen.revision, **data})


def rows(**query):
    return {row.slug: row for row in Wall(query=query).rows()}


def test_setting_one_up(staff, content):
    response = new_screen(staff)
    screen = Screen.objects.get()
    assert response.url == "/screens/hall-1/"
    assert (screen.languages, screen.state, screen.rows_per_page) == ("en,de", State.NEW, 18)
    page = staff.get(response.url).text
    assert "Nothing is set up" in page
    assert "18 rows on a page" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "new"},
        {"slug": "messages"},
        {"slug": "Hall 1"},
        {"languages": "en, xx"},
        {"languages": ""},
        {"inches": "5"},
        {"distance": "0"},
        {"distance": "nan"},
        {"contact": "nobody"},
    ],
)
def test_what_can_not_be_set_up(staff, content, wrong):
    assert new_screen(staff, **wrong).status_code == 422
    assert not Screen.objects.exists()


def test_an_address_is_taken_once(staff, content):
    new_screen(staff)
    assert new_screen(staff, slug="HALL-1").status_code == 422


def test_pairing_shows_what_the_device_says_of_itself(staff, make_screen):
    screen, device = make_screen(paired=False), Device()
    device.get("/kiosk/")
    report = {
        "engine": "Chromium 87",
        "width": 1920,
        "height": 1080,
        "clock_offset": 7000,
        "live": False,
        "socket": True,
        "worker": True,
    }
    device.post("/kiosk/code/", report, content_type="application/json")
    response = act(staff, screen, "pair", code=Pairing.objects.get().code.lower())
    assert response.status_code == 303
    page = staff.get(response.url).text
    assert "Chromium 87 is too old for the live board" in page
    assert "1920×1080." in page
    assert "wrong by 7 s" in page
    screen.refresh_from_db()
    assert screen.get_absolute_url() in page, "the start address"
    assert act(staff, screen, "pair", code="AAAAAA").status_code == 422


def test_changing_the_set_up_loads_the_page_again(staff, hall):
    fields = {
        "name": "Hall",
        "place": "There",
        "orientation": "landscape",
        "inches": "75",
        "distance": "10",
        "languages": "fr",
        "theme": "light",
    }
    assert act(staff, hall, "change", **fields).status_code == 303
    hall.refresh_from_db()
    assert (hall.inches, hall.languages, hall.theme) == (75, "fr", "light")
    assert hall.reload_before is not None
    assert act(staff, hall, "change", **{**fields, "inches": "9999"}).status_code == 422


def test_what_it_shows_when(staff, hall):
    address = reverse("screens:new-hours", args=["hall", "next"])
    assert staff.post(address, {"begins": "22:00", "iata": "BOS"}).status_code == 303
    assert staff.post(address, {"begins": "22:00", "iata": "BOS"}).status_code == 422, "one thing at a time"
    assert [f"{hours.begins:%H:%M}" for hours in hall.hours.all()] == ["00:00", "22:00"]
    late = hall.hours.last()
    assert (
        staff.post(reverse("screens:hours", args=["hall", late.pk]), {"begins": "21:30", "iata": "BOS"}).status_code
        == 303
    )
    assert hall.changes.filter(field="hours").count() == 2, "with its history"
    staff.post(reverse("screens:stop-showing", args=["hall", late.pk]))
    assert hall.hours.count() == 1
    assert staff.get(reverse("screens:new-hours", args=["hall", "nothing"])).status_code == 404


def test_the_wall_says_what_is_on_each_glass(staff, make_screen, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    good, still, new, quiet = (make_screen(slug) for slug in ("good", "still", "new", "quiet"))
    make_screen("blank", paired=False)
    version = beats.board_of(good).render().version
    Device(quiet).beat(version=version)
    time_machine.shift(40)
    Device(good).beat(version=version)
    Device(still).beat(version=version, painted_at=90)
    wall = rows()
    assert [row.state for row in wall.values()] == [
        "Silent",
        "The picture stands still",
        "Not heard yet",
        "Shows what it should",
        "Not paired",
    ]
    assert wall["still"].shows.startswith("the picture stands since ")
    assert wall["good"].should == "Next departures JFK"
    assert "1 of 4 show what they should" in staff.get("/screens/").text
    assert new.slug in wall


def test_a_screen_that_falls_silent_is_seen_without_any_job(staff, device, hall, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    device.beat(version=beats.board_of(hall).render().version)
    wall = Wall()
    wall.render()
    assert wall.stale_at(timezone.now()) == timezone.now() + timedelta(seconds=beats.SILENT)
    time_machine.shift(beats.SILENT)
    assert rows()["hall"].tone == "bad"


def test_zones(staff, make_screen):
    make_screen("one", zone="t1")
    make_screen("four", zone="t4")
    assert set(rows(zone="t4")) == {"four"}
    assert set(rows()) == {"one", "four"}


def test_reloading_one_or_all(staff, make_screen):
    screens = [make_screen(slug) for slug in ("a", "b")]
    blank = make_screen("c", paired=False)
    act(staff, screens[0], "reload")
    screens[1].refresh_from_db()
    assert screens[1].reload_before is None
    staff.post(reverse("screens:reload-all"))
    for screen in [*screens, blank]:
        screen.refresh_from_db()
    assert all(screen.reload_before for screen in screens)
    assert blank.reload_before is None


def test_revoking_and_deleting(staff, hall, device):
    act(staff, hall, "revoke")
    assert device.get("/kiosk/hall/").url == "/kiosk/"
    staff.post(reverse("screens:delete", args=["hall"]))
    assert not Screen.objects.exists()


ADDRESSES = [
    "/screens/",
    "/screens/new/",
    "/screens/hall/",
    "/screens/messages/",
    "/screens/hall/shows/next/",
    "/live/screens/wall/",
    "/live/screens/messages/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_for_others_there_is_no_such_page(client, hall, charlie, address):
    client.force_login(charlie)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/screens/hall/revoke/",
        "/screens/reload/",
        "/screens/messages/send/",
        "/screens/messages/end/",
        "/screens/hall/delete/",
    ],
)
def test_nor_a_way_to_change_anything(client, hall, charlie, address):
    client.force_login(charlie)
    assert client.post(address, {"seen": hall.revision}).status_code == 404


def test_who_may_only_look_gets_no_key(client, hall, charlie):
    from django.contrib.auth.models import Permission

    charlie.user_permissions.add(Permission.objects.get(codename="view_screen"))
    client.force_login(charlie)
    page = client.get("/screens/hall/")
    assert page.status_code == 200
    assert hall.token not in page.text
    assert client.get("/screens/messages/").status_code == 200
    assert client.post("/screens/hall/revoke/", {"seen": hall.revision}).status_code == 404


# Mail


@pytest.fixture
def in_trouble(make_screen):
    def make(number, **fields):
        screens = [make_screen(f"screen-{at}", **fields) for at in range(number)]
        before = timezone.now() - timedelta(minutes=5)
        return [
            Glass.objects.create(
                screen=screen,
                seen_at=before,
                device="x",
                release="x",
                engine="x",
                trouble=Trouble.SILENT,
                trouble_at=before,
            )
            for screen in screens
        ]

    return make


def test_many_screens_make_one_mail(in_trouble):
    in_trouble(40, contact="desk@airport.example")
    silence.notice(timezone.now())
    silence.notice(timezone.now())
    (sent,) = Mail.objects.all()
    assert sent.to == "desk@airport.example"
    assert sent.subject == "40 screens are in trouble"
    assert "Screen-1 (Hall 1): Silent" in sent.body
    assert "And 10 more." in sent.body


def test_without_a_contact_those_who_may_change_screens_are_told(in_trouble, technician, charlie):
    in_trouble(1)
    silence.notice(timezone.now())
    assert technician in people_with("screens.change_screen")
    assert set(Mail.objects.values_list("to", flat=True)) == {
        user.email for user in people_with("screens.change_screen")
    }
    assert charlie.email not in Mail.objects.values_list("to", flat=True)
    assert Mail.objects.first().subject == "Screen-0: Silent"


def test_two_processes_tell_once(in_trouble):
    lasting = in_trouble(3, contact="desk@airport.example")
    now = timezone.now()
    mail.tell(lasting, now)
    mail.tell(lasting, now)
    assert Mail.objects.count() == 1
