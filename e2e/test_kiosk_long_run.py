"""Months on a screen, in numbers: 100,000 changed rows and 10,000 turned pages leave nothing behind."""

import pytest
from playwright.sync_api import expect

from e2e.kiosk import ADDRESS, give_key, is_current, make_screen, turns_by_hand
from e2e.test_long_run import held

ROWS, AT_ONCE = 50, 40

WATCH = """
    window.timers = new Set();
    for (const [begin, end] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
        const really = window[begin], stop = window[end];
        window[begin] = (what, ...options) => {
            const timer = really((...given) => {
                if (begin === "setTimeout") window.timers.delete(timer);
                what(...given);
            }, ...options);
            window.timers.add(timer);
            return timer;
        };
        window[end] = (timer) => {
            window.timers.delete(timer);
            stop(timer);
        };
    }
    window.WebSocket = class extends WebSocket {
        constructor(url, ...options) {
            super(url, ...options);
            if (url.includes("/kiosk/flights/")) window.boardSocket = this;
        }
    };
"""

# Frames as the server sends them, given to the socket of the board: all that hears a frame hears these.
CHANGE_ROWS = """async ([frames, atOnce]) => {
    const live = document.querySelector("#board .live");
    window.frames_ ??= 0;
    for (let frame = 0; frame < frames; frame++) {
        window.frames_ += 1;
        const rows = [...live.querySelectorAll("tbody tr")].slice(0, atOnce);
        const content = rows.map((row) => {
            const copy = row.cloneNode(true);
            copy.removeAttribute("hidden");
            copy.classList.remove("changed");
            copy.querySelectorAll("[style]").forEach((word) => word.removeAttribute("style"));
            copy.querySelector(".gate b").textContent = `Z${window.frames_ % 90}`;
            return `<hx-partial hx-target="#${row.id}" hx-swap="outerMorph">${copy.outerHTML}</hx-partial>`;
        }).join("");
        const v = window.frames_.toString(16).padStart(18, "0");
        window.boardSocket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ from: live.dataset.v, v, content }) }));
        while (live.dataset.v !== v) await new Promise((done) => setTimeout(done));
    }
}"""

TURN_PAGES = """async (turns) => {
    for (let turn = 0; turn < turns; turn++) {
        window.turned = (window.turned || 0) + 3000; // each was there long enough to be read
        airside.kiosk.turn(performance.now() + window.turned);
        if (turn % 50 === 0) await new Promise((done) => setTimeout(done));
    }
}"""


@pytest.fixture
def page(person, make_flight, server):
    for number in range(ROWS):
        make_flight(minutes=60 + number, number=str(100 + number))
    screen = make_screen()
    page = person(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page.set_default_timeout(90_000)
    page.add_init_script(WATCH)
    give_key(page, screen, server.url)
    turns_by_hand(page)
    page.goto(ADDRESS)
    is_current(page)
    return page


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_left_of_many_changes_and_pages(page):
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")

    def run(frames, turns):
        page.evaluate(CHANGE_ROWS, [frames, AT_ONCE])
        page.evaluate(TURN_PAGES, turns)
        expect(page.locator("tr.changed")).to_have_count(0)
        return (*held(cdp), page.evaluate("timers.size"))

    before = run(250, 500)
    nodes, listeners, heap, timers = run(100_000 // AT_ONCE, 10_000)
    assert nodes <= before[0] * 1.02
    assert listeners <= before[1]
    assert heap <= before[2] + 1
    assert timers <= before[3] + 2
