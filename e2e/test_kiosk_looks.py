"""How a screen looks: on every panel, in both themes, to a reader who is far away, and on an engine that is too old."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from e2e.conftest import FLAGS
from e2e.kiosk import ADDRESS, give_key, is_current, make_screen, shown, turn, turns_by_hand
from e2e.look import violations
from tests.waiting import until

PANELS = {
    "landscape": [(1920, 1080), (3840, 2160)],
    "portrait": [(1080, 1920), (2160, 3840)],
}
ARC_MINUTES_16 = (
    0.0465  # of the height of a 55-inch panel (685 mm), as letters of 47 mm: 16 arc minutes at 10 m is 46.5 mm
)
FIRST_LOAD = 120_000  # bytes


@pytest.fixture
def board(make_flight):
    """What a day brings: delays, a cancelled flight, gates, long names."""
    flights = [make_flight(minutes=5 + 4 * number, number=str(100 + number)) for number in range(20)]
    for number, flight in enumerate(flights[:12]):
        flight.assign_gate(f"{'ABC'[number % 3]}{number * 5 + 1}")
    flights[3].cancel("71")
    flights[4].delay(flights[4].off_block_scheduled + timedelta(minutes=55), "93")
    flights[1].assign_gate("C99")
    make_flight(minutes=9, number="7001", airline="UA", destination="SFO").assign_gate("B2")
    make_flight(minutes=10, number="7002", airline="UA", destination="SFO")
    return flights


@pytest.fixture
def open_screen(person, board, server):
    def open_page(orientation="landscape", size=(1920, 1080), theme="dark", prepare=lambda page: None, **options):
        screen = make_screen(orientation=orientation, theme=theme)
        page = person(viewport={"width": size[0], "height": size[1]}, **{"reduced_motion": "reduce", **options})
        give_key(page, screen, server.url)
        turns_by_hand(page)
        prepare(page)
        page.goto(ADDRESS)
        return page

    return open_page


OUTSIDE = """() => {
    const wrong = [];
    const rows = [...document.querySelectorAll("tbody tr:not([hidden])")];
    for (const element of document.querySelectorAll("#picture *")) {
        const { top, left, right, bottom, width } = element.getBoundingClientRect();
        if (width && (top < 0 || left < 0 || right > innerWidth || bottom > innerHeight)) wrong.push(`outside: ${element.outerHTML.slice(0, 80)}`);
        if (element.matches("td > b, td > time, h1, #foot p") && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut off: ${element.textContent}`);
    }
    rows.forEach((row, at) => {
        const next = rows[at + 1]?.getBoundingClientRect();
        for (const word of row.querySelectorAll("td > b, td > time")) {
            const range = document.createRange();
            range.selectNodeContents(word);
            const box = word.getBoundingClientRect();
            if (next && box.bottom > next.top + box.height * 0.2) wrong.push(`over the next row: ${word.textContent}`);
        }
    });
    return wrong;
}"""


@pytest.mark.parametrize(
    ("orientation", "size"), [(orientation, size) for orientation, sizes in PANELS.items() for size in sizes]
)
def test_everything_is_on_the_panel_and_large_enough(open_screen, orientation, size, tmp_path):
    page = open_screen(orientation, size)
    is_current(page)
    rows = int(page.locator("html").get_attribute("data-rows"))
    for _ in range(2):
        assert len(shown(page).all()) == min(rows, 22)
        assert page.evaluate(OUTSIDE) == []
        turn(page)
    # A gate and a time are read from ten metres.
    for what in ("td.gate b:not(.unknown)", "td.time time"):
        letters = page.locator(f"tbody tr:visible {what}").first.evaluate(
            "word => parseFloat(getComputedStyle(word).fontSize) * 0.73"
        )
        long, short = max(size), min(size)
        height = 685 if orientation == "landscape" else 1218
        assert letters / (short if orientation == "landscape" else long) * height >= 40, f"{what}: {letters} px"
    page.screenshot(path=tmp_path / f"{orientation}-{size[0]}.png")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("state", ["live", "cut"])
def test_axe_finds_nothing(open_screen, theme, state):
    page = open_screen(theme=theme, bypass_csp=True)
    is_current(page)
    if state == "cut":
        page.evaluate("""() => {
            const html = document.documentElement;
            const cut = () => html.dataset.state === "cut" || (html.dataset.state = "cut");
            new MutationObserver(cut).observe(html, { attributes: true });
            cut();
        }""")
        expect(page.locator("#cut")).to_be_visible()
    page.evaluate(AXE_SCRIPT)
    assert violations(page, {}) == []


def test_a_cancelled_flight_is_struck_through_and_says_so(open_screen, board):
    page = open_screen()
    is_current(page)
    row = page.locator(f"#kiosk-{board[3].pk}")
    assert "line-through" in row.locator(".time time").evaluate("time => getComputedStyle(time).textDecorationLine")
    expect(row.locator(".state")).to_contain_text("Cancelled")


def test_what_changes_is_marked_softly_and_nothing_moves_if_that_is_wanted(open_screen, board):
    """Its background changes by less than a tenth of the luminance, so that thirty rows at once are no flash."""
    page = open_screen()
    is_current(page)
    row = page.locator(f"#kiosk-{board[0].pk}")
    colour = "row => getComputedStyle(row).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    paper = [16, 18, 20]
    board[0].assign_gate("Z9")
    expect(row).to_have_class(re.compile("changed"))
    marked = row.evaluate(colour)
    assert abs(luminance(marked) - luminance(paper)) < 0.1
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.locator("#picture").evaluate("picture => getComputedStyle(picture).transitionDuration") == "0s"


def luminance(colour):
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_first_load_is_small(chromium, open_screen):
    """Compressed as installations send it; here nothing was collected, so it is compressed by hand."""
    import brotli

    bodies = []
    page = open_screen(prepare=lambda page: page.on("response", lambda response: bodies.append(response)))
    is_current(page)
    size = 0
    for response in bodies:
        if response.url.endswith(("/beat/", "worker.js", "starting.html")) or "starting.js" in response.url:
            continue
        body = response.body()
        size += len(body) if response.url.endswith(".woff2") else len(brotli.compress(body, quality=9))
    assert 50_000 < size <= FIRST_LOAD
    assert FLAGS


OLD = "delete window.CSSLayerBlockRule; delete window.structuredClone"


def test_an_engine_that_is_too_old_gets_a_plain_board(open_screen, server):
    """It turns its pages, says so in its heartbeats, and loads again each minute: but only where the server answers."""
    sockets = []

    def prepare(page):
        page.clock.install()
        page.add_init_script(OLD)
        page.on("websocket", lambda socket: sockets.append(socket))

    page = open_screen(prepare=prepare)
    html = page.locator("html")
    expect(html).to_have_class(re.compile(r"\bplain\b"))
    expect(html).to_have_attribute("data-state", "plain")
    rows = int(html.get_attribute("data-rows"))
    first = shown(page).first.inner_text()
    assert len(shown(page).all()) == rows
    page.clock.run_for(10_500)
    assert shown(page).first.inner_text() != first
    assert not sockets
    from screens.models import Glass

    until(lambda: Glass.objects.filter(engine__startswith="plain: Chromium").exists())
    page.evaluate("document.documentElement.dataset.document = 'the same'")
    server.kill()
    try:
        page.clock.run_for(95_000)
        expect(html).to_have_attribute("data-document", "the same")
        page.clock.run_for(10_000)
        expect(page.locator("#cut")).to_be_visible()
    finally:
        server.start()
    page.clock.run_for(61_000)
    expect(html).not_to_have_attribute("data-document", "the same")
