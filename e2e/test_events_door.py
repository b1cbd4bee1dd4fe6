"""An evening at the doors of an event: tablets, phones, a camera, a keyboard; and a network that goes and comes back."""

import re
from datetime import timedelta

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import expect

from bookings.events.models import CheckInList, Hall, Reason, Scan, Ticket
from e2e.conftest import FLAGS, is_live, not_reloaded
from e2e.look import look_at
from tests.browser import on_path
from tests.clients import session_cookie
from tests.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}}
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
WIDTH, HEIGHT = 640, 480  # of the picture that the camera takes
CONNECTED, CUT = re.compile("^Connected"), re.compile("^No connection")


@pytest.fixture
def evening(event, door_list):
    """The event is on now."""
    now = timezone.now()
    type(event).objects.update(starts_at=now - timedelta(minutes=30), ends_at=now + timedelta(hours=3))
    return event


@pytest.fixture
def guests(register):
    """Confirmed before the event began: ``guests(3)``."""
    return lambda count, name="Ada": list(register(count, name=name, email=f"{name.lower()}@example.org").tickets.all())


def stand_at(page, door, slug="concert", at_list=None):
    """From the choice of the door, and of the list where there are several, to the page that scans."""
    page.goto(f"/events/{slug}/door/")
    if at_list:
        page.get_by_label(at_list).check()
    page.get_by_label("Your door").fill(door)
    page.get_by_role("button", name="Open this door").click()
    page.wait_for_url(re.compile(rf"/events/{slug}/door/\d+/"))
    is_live(page)
    has_list(page)
    return page


def has_list(page):
    expect(page.locator("[data-door-list]")).to_have_text(re.compile(r"List of \d\d:\d\d"))
    expect(state(page)).to_have_text(CONNECTED)


def state(page):
    return page.locator("[data-door-words]")


def scan(page, text):
    """As a hand scanner does: the code and Enter. Gives the verdict, which is new."""
    page.evaluate("document.querySelector('#result').replaceChildren()")
    field = page.get_by_label("Ticket code or reference")
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_value("")
    verdict = page.locator("#result .verdict")
    expect(verdict).to_be_visible()
    return verdict


def is_kept(page):
    """Wait until the service worker has kept this page, and all that it is made of."""
    question = """async () => {
        if (navigator.serviceWorker.controller?.state !== "activated") return false;
        const files = (await caches.keys()).filter((name) => name.startsWith("airside-door-files-"));
        if (!files.length || !(await caches.match(location.href))) return false;
        const names = (await (await caches.open(files[0])).keys()).map(({ url }) => url).join(" ");
        return ["css/events", "js/events/door", "js/scanner", "zxing"].every((name) => names.includes(name));
    }"""
    until(lambda: page.evaluate(question), why="the page of the door was not kept")


def test_one_ticket_at_two_devices_one_of_them_offline(signed_in, evening, guests, dora, orla):
    """Both say the truth, and the organiser sees the conflict without a reload."""
    ada, bea = guests(2)
    north, south = stand_at(signed_in(dora, **PHONE), "North"), stand_at(signed_in(orla, **TABLET), "South")
    office = signed_in(orla)
    office.goto("/events/concert/door/conflicts/")
    is_live(office)
    north.context.set_offline(True)
    expect(state(north)).to_have_text(CUT)

    verdict = scan(north, ada.secret)
    expect(verdict.locator("h2")).to_have_text("Queued")  # and not "In": it can't know
    expect(verdict).to_contain_text("this device can’t know")
    expect(verdict).to_contain_text("This device recorded: let in.")
    again = scan(north, ada.secret)
    expect(again.locator("h2")).to_have_text("Already in")
    expect(again).to_contain_text(re.compile(r"This device let it in at \d\d:\d\d"))
    expect(again).to_contain_text("This device recorded: not let in.")
    expect(north.locator("[data-door-waiting]")).to_have_text("2 queued")

    expect(scan(south, ada.secret).locator("h2")).to_have_text("In")  # nobody knows of the other yet
    expect(scan(south, bea.secret).locator("h2")).to_have_text("In")
    expect(office.get_by_text("There are no conflicts.")).to_be_visible()

    north.context.set_offline(False)
    expect(state(north)).to_have_text(CONNECTED)
    expect(north.locator("[data-door-waiting]")).to_have_text("")
    expect(north.locator("#result h2")).to_have_text("Sent: not let in")  # what was scanned last
    row = office.locator(f"#conflict-{ada.pk}")
    expect(row).to_contain_text("2 people inside on it")
    expect(row).to_contain_text(re.compile("North.*Dora.*Without a network.*South.*Orla", re.DOTALL))
    expect(south.locator(".door-totals .counts dd").first).to_have_text("3")  # people inside
    expect(south.locator(".door-totals .counts dd").nth(1)).to_contain_text("2")  # tickets used

    told = scan(north, ada.secret)
    expect(told.locator("h2")).to_have_text("Already in")
    expect(told).to_contain_text(re.compile("at door South at .* by Orla"))
    row.get_by_role("button", name="Mark as seen").click()
    expect(row.get_by_text("Seen", exact=True)).to_be_visible()
    assert all(map(not_reloaded, (north, south, office)))
    first, second = Scan.objects.entries(ada)
    assert (first.door, second.door, first.was_queued, second.was_queued) == ("North", "South", True, False)
    assert abs(first.device_at - first.scanned_at) < timedelta(seconds=2)
    assert first.received_at > second.scanned_at


def test_offline_and_online_give_the_same_verdict(signed_in, evening, register, dora, scan_at_desk, make_event):
    """Report 19: for each kind of ticket the device says by its list what the server says."""
    kinds = {}
    for number, kind in enumerate(["unpaid", "pending", "cancelled", "lapsed", "inside"]):
        registration = register(1, name=kind, email=f"{number}@example.org")
        kinds[kind] = registration.tickets.get()
        if kind != "inside":
            type(registration).objects.filter(pk=registration.pk).update(state=kind)
    scan_at_desk(kinds["inside"])
    page = stand_at(signed_in(dora, **PHONE), "North")
    online = {kind: scan(page, ticket.secret).locator("h2").text_content() for kind, ticket in kinds.items()}
    page.context.set_offline(True)
    expect(state(page)).to_have_text(CUT)
    offline = {kind: scan(page, ticket.secret).locator("h2").text_content() for kind, ticket in kinds.items()}
    assert (
        offline
        == online
        == {
            "unpaid": "Not paid",
            "pending": "Not approved",
            "cancelled": "Cancelled",
            "lapsed": "Cancelled",
            "inside": "Already in",
        }
    )
    unknown = scan(page, "A" * 26)
    expect(unknown.locator("h2")).to_have_text("Not in the list")  # sold since? The device can't know
    reference = scan(page, kinds["inside"].registration.reference)
    expect(reference).to_contain_text("References can’t be looked up without a network")


def test_rules_of_the_list_hold_without_a_network(signed_in, evening, guests, dora, door_list):
    ada, bea = guests(2)
    CheckInList.objects.update(allows_reentry=False)
    page = stand_at(signed_in(dora), "North")
    expect(scan(page, ada.secret).locator("h2")).to_have_text("In")
    page.context.set_offline(True)
    expect(state(page)).to_have_text(CUT)
    page.get_by_label("Exit").check()
    expect(scan(page, ada.secret)).to_contain_text("This device recorded: left.")
    page.get_by_label("Entry").check()
    back = scan(page, ada.secret)
    expect(back.locator("h2")).to_have_text("No way back in")
    back.get_by_role("button", name="Let in all the same").click()
    expect(back).to_contain_text("This device recorded: let in.")
    queued = scan(page, bea.secret)
    queued.get_by_role("button", name="Not let in").click()
    expect(queued).to_contain_text("This device recorded: not let in.")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(CONNECTED)
    expect(page.locator("#result")).not_to_contain_text("Queued")
    until(lambda: Scan.objects.count() == 4, why="not all was sent")
    *_before, last = Scan.objects.filter(ticket=ada)
    assert (last.let_in, last.reason, last.is_conflict) == (True, Reason.RULES, True)
    assert not Scan.objects.get(ticket=bea).let_in


def test_a_device_that_is_started_anew_without_a_network_goes_on_and_loses_nothing(signed_in, evening, guests, dora):
    ada, bea = guests(2)
    page = stand_at(signed_in(dora, **TABLET), "North")
    is_kept(page)
    page.context.set_offline(True)
    scan(page, ada.secret)
    page.reload()
    expect(page.locator("[data-door-list]")).to_have_text(re.compile("Tickets: 2"))
    expect(page.locator("[data-door-waiting]")).to_have_text("1 queued")
    expect(page.locator(".at-door .where")).to_have_css("display", "flex")  # its style sheets were kept too
    expect(scan(page, ada.secret).locator("h2")).to_have_text("Already in")
    expect(scan(page, bea.secret).locator("h2")).to_have_text("Queued")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(CONNECTED)
    until(lambda: Scan.objects.count() == 3, why="not all was sent")
    assert set(Scan.objects.filter(let_in=True, is_conflict=False).values_list("ticket", flat=True)) == {ada.pk, bea.pk}
    assert (
        page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('airside-door-scan-')).length") == 0
    )


def test_a_kept_page_says_of_when_its_totals_are(signed_in, evening, guests, dora, scan_at_desk):
    """At once, and not as if it were catching up; with the day where that is another one."""
    ada, _bea = guests(2)
    scan_at_desk(ada)
    page = stand_at(signed_in(dora, **TABLET), "North")
    is_kept(page)
    page.context.set_offline(True)
    fresh, inside = page.locator(".door-totals .fresh"), page.locator(".door-totals .counts dd").first
    for age in timedelta(hours=26), timedelta(0):
        then = (timezone.now() - age).astimezone(evening.tz)
        page.evaluate(
            """async (made) => {
                const cache = await caches.open("airside-doors");
                const kept = await cache.match(location.href, { ignoreVary: true });
                const html = (await kept.text()).replace(/(data-clock="[^"]+" datetime=)"[^"]+"/, `$1"${made}"`);
                await cache.put(location.href, new Response(html, { headers: kept.headers }));
            }""",
            then.isoformat(),
        )
        page.reload()
        day = rf"{then:%a} {then.day} {then:%B}, " if age else ""
        expect(fresh).to_have_text(re.compile(rf"^No live data since {day}{then:%H:%M}$"), timeout=5000)
        expect(inside).to_have_text("1")
        clock = page.locator("[data-clock]").text_content()
        assert clock in {f"{moment.astimezone(evening.tz):%H:%M}" for moment in (timezone.now(), now_less_a_minute())}
    page.context.set_offline(False)
    expect(fresh).to_have_text("Live")


def now_less_a_minute():
    return timezone.now() - timedelta(minutes=1)


def test_a_ticket_that_was_cancelled_meanwhile_is_inside_and_the_organiser_is_told(signed_in, evening, guests, dora):
    """Report 20."""
    [ada] = guests(1)
    page = stand_at(signed_in(dora), "North")
    page.context.set_offline(True)
    expect(state(page)).to_have_text(CUT)
    ada.registration.call_off("Double booking")
    verdict = scan(page, ada.secret)
    expect(verdict.locator("h2")).to_have_text("Queued")
    page.context.set_offline(False)
    expect(verdict.locator("h2")).to_have_text("Cancelled")
    expect(verdict).to_contain_text("Let in at this door all the same")
    until(lambda: Scan.objects.filter(ticket=ada, is_conflict=True, reason=Reason.CANCELED, let_in=True).exists())
    assert Ticket.objects.get(pk=ada.pk).is_inside


def test_a_whole_evening_at_the_door(signed_in_by_form, signed_in, evening, guests, dora, orla):
    """From signing in on a phone to the last guest; a tablet at the other door; the hall fills, and somebody leaves."""
    Hall.objects.update(fire_limit=3)
    ada, bea, cleo = guests(3)
    dan, *_rest = guests(1, "Dan")
    phone = signed_in_by_form(dora, **PHONE)
    expect(phone).to_have_url(re.compile("/events/concert/door/$"))  # where she lands
    assert phone.goto("/events/concert/door/conflicts/").status == 404
    stand_at(phone, "North")
    tablet = stand_at(signed_in(orla, **TABLET), "South")
    expect(phone.get_by_text("How many people are inside: the limit of 3")).to_be_visible()

    verdict = scan(phone, ada.secret)
    expect(verdict.locator("h2")).to_have_text("In")
    expect(verdict).to_contain_text("Ada")
    choice = scan(tablet, bea.registration.reference)  # two of the three are outside, and one is inside
    expect(choice.locator("h2")).to_have_text("Who is it?")
    choice.get_by_role("button").nth(1).click()
    expect(tablet.locator("#result h2")).to_have_text("In")
    expect(phone.locator(".door-totals .counts dd").first).to_have_text("2")
    expect(scan(tablet, cleo.secret).locator("h2")).to_have_text("In")
    for page in (phone, tablet):
        expect(page.locator(".door-totals .full")).to_contain_text("Concourse Hall is full: 3 of 3 inside")
    expect(scan(phone, dan.secret).locator("h2")).to_have_text("Hall is full")

    tablet.get_by_label("Exit").check()
    expect(scan(tablet, ada.secret).locator("h2")).to_have_text("Out")
    for page in (phone, tablet):
        expect(page.locator(".door-totals .full")).to_have_count(0)
    expect(scan(phone, dan.secret).locator("h2")).to_have_text("In")
    twice = scan(phone, dan.secret)
    expect(twice.locator("h2")).to_have_text("Already in")
    expect(twice).to_contain_text(re.compile(r"Let in at door North at \d\d:\d\d by Dora"))
    assert not_reloaded(phone) and not_reloaded(tablet)
    assert twice.locator("h2").evaluate("(heading) => parseFloat(getComputedStyle(heading).fontSize)") >= 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_leaves_is_told_from_who_comes_in_at_a_glance(signed_in, evening, guests, dora, scheme):
    """By the word, a sign beside it, and a panel of the other scheme."""
    [ada] = guests(1)
    page = stand_at(signed_in(dora, color_scheme=scheme, **PHONE), "North")
    style = "(element, [part, name]) => getComputedStyle(element, part)[name]"
    came = scan(page, ada.secret)
    expect(came.locator("h2")).to_have_text("In")
    light_in = lightness(came.evaluate(style, [None, "backgroundColor"]))
    page.get_by_label("Exit").check()
    left = scan(page, ada.secret)
    expect(left.locator("h2")).to_have_text("Out")
    light_out, letters = (lightness(left.evaluate(style, [None, name])) for name in ("backgroundColor", "color"))
    assert (light_in > 128, light_out > 128) == ((True, False) if scheme == "light" else (False, True))
    assert abs(light_out - letters) > 150
    assert "↗" in left.locator("h2").evaluate(style, ["::after", "content"])


def test_exit_is_unmistakable_and_goes_back_to_entry(signed_in, evening, guests, dora):
    """After a quiet while, so that nobody who comes in is counted out; not at a door that is only for leaving."""
    ada, bea, cleo = guests(3)
    page = signed_in(dora, **PHONE)
    page.clock.install()
    stand_at(page, "North")
    entry, leaving = page.get_by_label("Entry"), page.get_by_text("Each scan counts somebody out.")
    background = "(element) => getComputedStyle(element).backgroundColor"
    passing = page.locator(".passing")
    expect(leaving).to_be_hidden()
    expect(scan(page, ada.secret).locator("h2")).to_have_text("In")
    page.get_by_label("Exit").check()
    expect(leaving).to_be_visible()
    assert lightness(passing.evaluate(background)) < 64  # the page is light
    page.clock.fast_forward(15_000)
    expect(scan(page, ada.secret).locator("h2")).to_have_text("Out")
    page.clock.fast_forward(15_000)  # since the last scan
    choice = scan(page, bea.registration.reference)
    expect(choice.locator("h2")).to_have_text("Who is it?")
    page.clock.fast_forward(21_000)
    expect(entry).to_be_checked()
    expect(leaving).to_be_hidden()
    choice.get_by_role("button").first.click()
    expect(page.locator("#result h2")).to_have_text("Out")  # as it was scanned
    expect(scan(page, cleo.secret).locator("h2")).to_have_text("In")

    page.get_by_label("Exit").check()
    page.get_by_label("This door is only for leaving").check()
    page.clock.fast_forward(60_000)
    expect(leaving).to_be_visible()
    page.reload()
    expect(page.get_by_label("Exit")).to_be_checked()
    expect(page.get_by_label("This door is only for leaving")).to_be_checked()
    entry.check()  # one tap
    expect(leaving).to_be_hidden()
    page.reload()
    expect(entry).to_be_checked()


def lightness(colour):
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def test_by_keyboard_alone_and_without_scripts(signed_in, evening, guests, dora):
    ada, bea = guests(2)
    page = signed_in(dora, java_script_enabled=False)
    page.goto("/events/concert/door/")
    page.get_by_label("Your door").fill("North")
    page.get_by_label("Your door").press("Enter")
    field = page.get_by_label("Ticket code or reference")
    field.fill(ada.secret)
    field.press("Enter")
    expect(page.locator("#result h2")).to_have_text("In")
    page.get_by_label("Ticket code or reference").fill(bea.registration.reference)
    page.get_by_label("Ticket code or reference").press("Enter")
    page.locator("#result").get_by_role("button").nth(1).press("Enter")
    expect(page.locator("#result h2")).to_have_text("In")


def test_a_hand_scanner_types_wherever_the_focus_is(signed_in, evening, guests, dora):
    [ada] = guests(1)
    page = stand_at(signed_in(dora), "North")
    page.locator("h2", has_text="Without a network").click()
    page.keyboard.type(ada.secret)
    page.keyboard.press("Enter")
    expect(page.locator("#result h2")).to_have_text("In")


def test_the_camera_reads_the_ticket(chromium, server, evening, guests, dora, tmp_path):
    """The browser's camera shows a film of the ticket. It is sent once, however long it is held there."""
    [ada] = guests(1)
    film = tmp_path / "ticket.y4m"
    film.write_bytes(filmed(ada.secret))
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"]
    browser = chromium.browser_type.launch(executable_path=on_path(), args=arguments)
    try:
        page = browser.new_context(base_url=server.url, permissions=["camera"], locale="en-GB").new_page()
        cookies = session_cookie(dora).items()
        page.context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies])
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/scan/") else None)
        stand_at(page, "North")
        page.get_by_role("button", name="Use the camera").click()
        expect(page.locator("#result h2")).to_have_text("In", timeout=20_000)
        page.wait_for_timeout(2000)
        assert len(sent) == 1
        page.get_by_role("button", name="Use the camera").click()
        expect(page.locator("video")).to_be_hidden()
    finally:
        browser.close()
    assert Scan.objects.get().ticket == ada


def filmed(text):
    """One picture of the code as a film, which the browser shows again and again: a YUV4MPEG2 file."""
    rows = [
        bytes(0 if dark else 255 for dark in row) for row in segno.make(text, error="m").matrix_iter(scale=8, border=4)
    ]
    above, beside = (HEIGHT - len(rows)) // 2, (WIDTH - len(rows)) // 2
    blank = bytes([128]) * WIDTH
    lines = [blank[:beside] + row + blank[: WIDTH - beside - len(row)] for row in rows]
    frame = b"".join([blank] * above + lines + [blank] * (HEIGHT - above - len(lines)))
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + frame + grey


@pytest.mark.parametrize("which", ["doors", "door", "in", "out", "already", "queued", "conflicts"])
def test_how_the_pages_look(signed_in, evening, guests, scan_at_desk, late, dora, orla, which):
    Hall.objects.update(fire_limit=1)
    ada, _bea = guests(2, "Bartholomew Featherstonehaugh-Quackenbush the Younger")
    page = signed_in(orla if which == "conflicts" else dora, bypass_csp=True)
    if which == "doors":
        page.goto("/events/doors/")
    elif which == "door":
        page.goto("/events/concert/door/")
    elif which == "conflicts":
        scan_at_desk(ada)
        late(ada, "North", timezone.now() - timedelta(minutes=3))
        late(None, "North", timezone.now())
        page.goto("/events/concert/door/conflicts/")
    else:
        stand_at(page, "North")
        if which == "already":
            scan_at_desk(ada)
        if which == "out":
            page.get_by_label("Exit").check()
        if which == "queued":
            page.route("**/scan/", lambda route: route.abort())
            page.route("**/queued/", lambda route: route.abort())
        scan(page, ada.secret)
    look_at(page)


@pytest.fixture
def scan_at_desk(press):
    """Scanned elsewhere, with a network."""
    return lambda ticket: Scan.objects.press(press(ticket, "Desk"))
