"""A passenger checks in on a phone and opens the pass without a network; agents scan it at two gates."""

import re

import pytest
from playwright.sync_api import expect

from bookings.seats.models import Coupon, Status
from bookings.seats.passes.aztec import aztec_svg
from bookings.seats.passes.bcbp import encode
from e2e.conftest import FLAGS, is_live, not_reloaded
from e2e.look import look_at
from tests.browser import on_path
from tests.clients import session_cookie
from tests.seats.test_bcbp_codes import drawn
from tests.waiting import until

HOURS = 60
PHONE = {"viewport": {"width": 390, "height": 844}}
WHITE = ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
WIDTH, HEIGHT = 640, 480  # of the picture that the camera takes


@pytest.fixture
def soon(make_inventory):
    return make_inventory(minutes=3 * HOURS, gate="B22")


@pytest.fixture
def booking(soon, fly):
    return fly("Ada Lovelace", "Grace Hopper", on=[soon])


def tickets(booking):
    return list(Coupon.objects.filter(segment__booking=booking).order_by("traveller__position"))


def check_in(page, booking):
    """Both travellers, by the buttons of the page; then the pass of the first one."""
    page.goto(f"/fly/check-in/{booking.token}/")
    is_live(page)
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_text("2 boarding passes are ready.")).to_be_visible()
    page.get_by_role("link", name="Boarding pass Ada Lovelace").click()
    expect(page.get_by_role("img", name=re.compile("code of the boarding pass"))).to_be_visible()


def is_kept(page):
    """Wait until the service worker has kept this page, and all that it is made of."""
    question = """async () => {
        if (navigator.serviceWorker.controller?.state !== "activated") return false;
        const files = (await caches.keys()).filter((name) => name.startsWith("airside-pass-files-"));
        if (!files.length || !(await caches.match(location.href))) return false;
        const names = (await (await caches.open(files[0])).keys()).map(({ url }) => url).join(" ");
        return names.includes("css/seats") && names.includes("js/live");
    }"""
    until(lambda: page.evaluate(question), why="the pass was not kept")


def scan(page, text):
    field = page.get_by_label("Boarding pass, seat, sequence or reference")
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_value("")  # ready for the next one
    return page.locator("#result")


def test_from_check_in_on_a_phone_to_the_seat(person, signed_in, gina, soon, booking):
    phone, gate, other = person(**PHONE), signed_in(gina), signed_in(gina)
    check_in(phone, booking)
    is_live(phone)
    is_kept(phone)
    ada, _grace = tickets(booking)

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("img", name=re.compile("code of the boarding pass"))).to_be_visible()
    expect(phone.locator(".pass .facts")).to_contain_text(ada.seat)
    expect(phone.locator(".pass")).to_have_css("overflow", "clip")  # its style sheets were kept too
    phone.context.set_offline(False)

    for page in (gate, other):
        page.goto(f"/fly/gate/{soon.pk}/")
        is_live(page)
    expect(other.locator("#missing-" + str(ada.pk))).to_be_visible()
    result = scan(gate, phone.locator(".pass code").text_content())
    expect(result).to_contain_text("Boarded")
    expect(result).to_contain_text("Ada Lovelace")
    expect(result).to_contain_text(ada.seat)
    expect(other.locator("#missing-" + str(ada.pk))).to_have_count(0)  # the other gate sees it
    expect(other.locator(".boarding .counts dd").first).to_have_text("1")

    other.get_by_label("Your gate").fill("B24")
    again = scan(other, encode(ada.boarding_pass()))
    expect(again).to_contain_text("Already on board")
    expect(again).to_contain_text(re.compile(r"used at \d\d:\d\d at gate B22"))
    assert not_reloaded(gate) and not_reloaded(other)
    ada.refresh_from_db()
    assert (ada.status, ada.boarded_gate) == (Status.BOARDED, "B22")


def test_an_open_pass_hears_of_the_gate_the_seat_and_the_end(person, soon, booking, bob):
    phone = person(**PHONE)
    check_in(phone, booking)
    is_live(phone)
    is_kept(phone)
    ada, _grace = tickets(booking)
    soon.flight.assign_gate("C4", by=bob)
    expect(phone.locator(".pass .gate")).to_have_text("C4")
    kept = "async () => (await (await caches.match(location.href)).text()).includes('>C4<')"
    until(lambda: phone.evaluate(kept), why="the new gate was not kept")
    free = sorted(soon.free("economy"))[0]
    booking.move({ada.pk: free}, by=bob)
    expect(phone.get_by_text(f"Your seat is now {free}.")).to_be_visible()
    Coupon.objects.get(pk=ada.pk).offload(by=bob)
    expect(phone.get_by_text("You were taken off this flight.")).to_be_visible()
    expect(phone.locator(".pass .code")).to_have_count(0)
    assert not_reloaded(phone)


def test_a_pass_in_print_is_one_sheet_with_its_code(person, booking):
    """Paper has the code, the seat and the name, and none of the site's buttons."""
    page = person(**PHONE)
    check_in(page, booking)
    page.emulate_media(media="print", color_scheme="dark")
    code = page.get_by_role("img", name=re.compile("code of the boarding pass"))
    expect(code).to_be_visible()
    expect(page.locator(".pass")).to_contain_text("Ada Lovelace")
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") in WHITE
    assert (
        page.locator("header nav, footer, .pass ~ * button").evaluate_all(
            "nodes => nodes.filter((node) => node.checkVisibility()).map((node) => node.outerHTML)"
        )
        == []
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_a_revoked_link_leaves_no_pass_on_the_phone(person, booking):
    phone = person(**PHONE)
    check_in(phone, booking)
    is_kept(phone)
    booking.refresh_from_db()
    booking.revoke_links()
    booking.save()
    assert phone.goto(phone.url).status == 404
    assert phone.evaluate("caches.match(location.href).then((kept) => !kept)")


def test_the_camera_reads_the_pass(chromium, server, gina, soon, booking, tmp_path):
    """The browser's camera shows a film of the pass. It is sent once, however long it is held there."""
    ada = tickets(booking)[0].check_in()
    film = tmp_path / "pass.y4m"
    film.write_bytes(filmed(encode(ada.boarding_pass())))
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"]
    browser = chromium.browser_type.launch(executable_path=on_path(), args=arguments)
    try:
        page = browser.new_context(base_url=server.url, permissions=["camera"], locale="en-GB").new_page()
        cookies = session_cookie(gina).items()
        page.context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies])
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/scan/") else None)
        page.goto(f"/fly/gate/{soon.pk}/")
        is_live(page)
        page.get_by_role("button", name="Use the camera").click()
        expect(page.locator("#result")).to_contain_text("Ada Lovelace", timeout=20_000)
        expect(page.locator("#result")).to_contain_text("Boarded")
        page.wait_for_timeout(2000)
        assert len(sent) == 1
        page.get_by_role("button", name="Use the camera").click()
        expect(page.locator("video")).to_be_hidden()
    finally:
        browser.close()
    ada.refresh_from_db()
    assert ada.status == Status.BOARDED


def filmed(text):
    """One picture of the code as a film, which the browser shows again and again: a YUV4MPEG2 file."""
    code = drawn(aztec_svg(text))
    picture = code.resize((HEIGHT - 80, HEIGHT - 80), 0)
    frame = drawn('viewBox="0 0 1 1"').resize((WIDTH, HEIGHT))
    frame.paste(picture, ((WIDTH - picture.width) // 2, 40))
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + frame.tobytes() + grey


def test_by_keyboard_alone_and_without_scripts(person, signed_in, gina, soon, booking):
    phone = person(**PHONE, java_script_enabled=False)
    phone.goto(f"/fly/check-in/{booking.token}/")
    phone.get_by_role("button", name="Check in").press("Enter")
    phone.get_by_role("link", name="Boarding pass Ada Lovelace").press("Enter")
    text = phone.locator(".pass code").text_content()
    gate = signed_in(gina, java_script_enabled=False)
    gate.goto("/fly/gate/")
    gate.get_by_role("link", name="B6 1010").press("Enter")
    field = gate.get_by_label("Boarding pass, seat, sequence or reference")
    field.fill(text)
    field.press("Enter")
    expect(gate.locator("#result")).to_contain_text("Boarded")


@pytest.mark.parametrize("which", ["check-in", "pass", "flights", "gate"])
def test_how_the_pages_look(person, signed_in, gina, soon, booking, which):
    ada, grace = tickets(booking)
    if which == "check-in":
        page = person(bypass_csp=True)
        page.goto(f"/fly/check-in/{booking.token}/")
    elif which == "pass":
        ada.check_in()
        page = person(bypass_csp=True)
        page.goto(f"/fly/passes/{booking.token}/{ada.pk}/")
    else:
        grace.check_in()
        page = signed_in(gina, bypass_csp=True)
        page.goto("/fly/gate/" if which == "flights" else f"/fly/gate/{soon.pk}/")
        if which == "gate":
            scan(page, grace.seat)
    look_at(page)
