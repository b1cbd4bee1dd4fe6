"""What happens to an open page when the network, the server or the person does something else."""

import json
import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import expect

from e2e.clocks import forget_what_is_under_way, let_pass, let_pass_until, stop_clock, watch_clock
from e2e.conftest import is_live, not_reloaded
from e2e.networks import network
from tests.waiting import until

BOARD = "/flights/JFK/departures/"


@pytest.fixture
def board(person, flight):
    page = person()
    page.goto(BOARD)
    is_live(page)
    return page


def row(page, flight):
    return page.locator(f"#departure-{flight.pk}")


def shows(page, flight, text):
    return row(page, flight).filter(has_text=text).count()


def equals_a_fresh_rendering(page):
    """The page's region is, node for node, what the server renders now; but for what says how fresh it is."""
    both = page.evaluate("""async () => {
        const region = document.querySelector(".live");
        const fresh = document.createElement("div");
        fresh.innerHTML = await (await fetch(region.dataset.fragment)).text();
        const text = (root) => {
            const copy = root.cloneNode(true);
            for (const e of copy.querySelectorAll(".fresh")) e.remove();
            for (const e of copy.querySelectorAll("*")) {
                e.removeAttribute("data-htmx-powered");
                e.classList.remove("changed");
                if (!e.classList.length) e.removeAttribute("class");
            }
            return copy.innerHTML.trim();
        };
        return [text(region), text(fresh)];
    }""")
    assert both[0] == both[1]


def test_rows_come_change_move_and_go(board, flight, make_flight):
    later = make_flight(minutes=90, number="20")
    later.assign_gate("A1")
    expect(row(board, later)).to_contain_text("A1")
    earlier = make_flight(minutes=10, number="5")
    earlier.assign_gate("A2")
    expect(board.locator("tbody tr").first).to_contain_text("B6 5")
    flight.cancel("71")
    expect(row(board, flight)).to_contain_text("Cancelled")
    earlier.off_block_scheduled -= timedelta(hours=3)
    type(earlier).objects.filter(pk=earlier.pk).update(off_block_scheduled=earlier.off_block_scheduled)
    earlier.cancel()
    expect(row(board, earlier)).to_have_count(0)
    equals_a_fresh_rendering(board)
    assert not_reloaded(board)


def test_the_server_goes_and_comes_and_the_page_is_current(board, flight, server):
    server.kill()
    flight.assign_gate("B22")
    server.start()
    expect(board.locator(".live[data-state=live]").first).to_be_attached(timeout=15_000)
    expect(row(board, flight)).to_contain_text("B22")
    assert not_reloaded(board)
    equals_a_fresh_rendering(board)


def test_a_close_with_1000_is_no_end(person, flight):
    page = person()
    sockets = []

    def relay(socket):
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/ws/**", relay)
    page.goto(BOARD)
    is_live(page)
    sockets[-1].close(code=1000)
    flight.assign_gate("B22")
    expect(row(page, flight)).to_contain_text("B22")  # polling would show it after half a minute
    is_live(page)


def test_whom_a_restart_sends_away_come_back_spread_over_seconds(person, flight):
    """All are told in the same moment; the draw of this one makes it nearly the last. If it is cut again, it is soon back."""
    page = person()
    sockets = []

    def relay(socket):
        sockets.append(socket)
        socket.connect_to_server()

    watch_clock(page)
    page.add_init_script("Math.random = () => 0.9")
    page.route_web_socket("**/ws/**", relay)
    page.goto(BOARD)
    is_live(page)
    stop_clock(page)
    for code, waits in ((1012, 3600), (1011, 700)):
        before = len(sockets)
        sockets[-1].close(code=code)
        expect(page.locator(".live").first).to_have_attribute("data-state", "behind")
        page.clock.run_for(waits - 1)
        assert len(sockets) == before
        page.clock.run_for(1)
        is_live(page)
        assert len(sockets) == before + 1


def test_a_network_that_falls_silent_is_told_and_outlived(person, flight, server):
    """No FIN, no error: what is open stays open, and what is opened is never answered."""
    with network(server) as between:
        page = person()
        watch_clock(page)
        page.goto(between.url + BOARD)
        is_live(page)
        stop_clock(page)
        between.silent = True
        told = page.locator(".fresh").filter(has_text=re.compile(r"No live data since \d\d:\d\d"))
        let_pass_until(page, lambda: told.count() and between.opened_mute, answered=False)
        flight.assign_gate("B22")
        between.silent = False
        forget_what_is_under_way(page)  # the socket that was opened meanwhile; the page gives it up as well
        let_pass_until(page, lambda: shows(page, flight, "B22"))
        is_live(page)
        assert not_reloaded(page)


def test_where_sockets_are_blocked_the_page_polls_and_says_so(person, flight):
    page, answers = person(), []
    watch_clock(page)
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    page.on("response", lambda response: answers.append(response.status) if "/live/" in response.url else None)
    page.goto(BOARD)
    stop_clock(page)
    let_pass_until(page, lambda: 304 in answers)  # what has not changed is not sent again
    expect(page.locator(".fresh").first).to_contain_text("without a live connection")
    flight.assign_gate("B22")
    let_pass_until(page, lambda: shows(page, flight, "B22"))
    equals_a_fresh_rendering(page)


def test_a_page_that_was_live_leaves_a_server_in_peace_that_comes_back(person, flight):
    """It has its socket back before it would poll. Where that does not come, it polls after all."""
    page, polls, sockets = person(), [], []

    def relay(socket):
        sockets.append(socket)
        socket.connect_to_server() if len(sockets) == 1 else socket.close(code=1011)

    watch_clock(page)
    page.route_web_socket("**/ws/**", relay)
    page.on("request", lambda request: polls.append(request.url) if "/live/" in request.url else None)
    page.goto(BOARD)
    is_live(page)
    flight.assign_gate("B22")
    expect(row(page, flight)).to_contain_text("B22")
    stop_clock(page)
    sockets[0].close(code=1012)
    expect(page.locator(".live").first).to_have_attribute("data-state", "behind")
    let_pass(page, 29)
    assert len(sockets) > 2 and not polls
    flight.assign_gate("B23")
    let_pass_until(page, lambda: shows(page, flight, "B23"))
    assert polls
    equals_a_fresh_rendering(page)


def test_a_frame_for_what_the_page_lacks_is_noticed(board, flight, make_flight):
    other = make_flight(number="20", minutes=70)
    other.assign_gate("A1")
    expect(row(board, other)).to_contain_text("A1")
    row(board, flight).evaluate("row => row.remove()")
    flight.assign_gate("B22")
    expect(row(board, flight)).to_contain_text("B22")
    equals_a_fresh_rendering(board)


def test_a_frame_that_skips_a_version_is_not_taken(person, flight):
    """A frame lost on the way: the next one says that it follows a version which the page never showed."""
    page = person()
    lost = []

    def relay(socket):
        server = socket.connect_to_server()

        def pass_on(message):
            if '"from"' in message and not lost:
                lost.append(message)
            else:
                socket.send(message)

        server.on_message(pass_on)

    page.route_web_socket("**/ws/**", relay)
    page.goto(BOARD)
    is_live(page)
    flight.assign_gate("B22")
    until(lambda: page.evaluate("1") and lost)  # playwright relays messages while it is asked something
    flight.delay(flight.off_block_scheduled + timedelta(minutes=60))
    expect(row(page, flight)).to_contain_text("B22")
    expect(row(page, flight)).to_contain_text("Delayed")
    equals_a_fresh_rendering(page)


def test_two_frames_lost_within_a_second_leave_no_page_behind(board, flight):
    """After the second no other change comes that would tell the page."""
    for gate in ("B22", "B23"):
        board.evaluate("document.querySelectorAll('.live').forEach(region => { region.dataset.v = 'lost'; })")
        flight.assign_gate(gate)
        expect(row(board, flight)).to_contain_text(gate)
    assert not_reloaded(board)
    equals_a_fresh_rendering(board)


def test_nothing_typed_is_lost(board, flight, make_flight):
    field = board.get_by_label("Flight, city or airline")
    field.fill("half a wo")
    field.evaluate("field => field.setSelectionRange(4, 4)")
    make_flight(number="20", minutes=30).assign_gate("A1")
    flight.assign_gate("B22")
    expect(row(board, flight)).to_contain_text("B22")
    assert field.evaluate("field => [field.value, field.selectionStart, document.activeElement === field]") == [
        "half a wo",
        4,
        True,
    ]


MENU = '<details class="menu"><summary>Menu</summary><p>An entry</p></details>'


def test_a_push_closes_no_open_menu(person, flight):
    """The flight's region gets a menu here: in the page, and in whatever is pushed. It stays as the person left it."""
    page = person()

    def relay(socket):
        server = socket.connect_to_server()
        server.on_message(
            lambda message: socket.send(message.replace("</header>", json.dumps(MENU)[1:-1] + "</header>"))
        )

    page.route_web_socket("**/ws/**", relay)
    page.goto(f"/flights/{flight.pk}/")
    is_live(page)
    page.locator(".live header").evaluate("(header, menu) => header.insertAdjacentHTML('beforeend', menu)", MENU)
    menu = page.locator(".live details.menu")
    menu.locator("summary").click()
    for gate in ("B22", "B23"):
        flight.assign_gate(gate)
        expect(page.locator(".live").first).to_contain_text(gate)
        expect(menu.get_by_text("An entry")).to_be_visible()
    menu.locator("summary").click()
    flight.assign_gate("B24")
    expect(page.locator(".live").first).to_contain_text("B24")
    expect(menu.get_by_text("An entry")).to_be_hidden()
    assert not_reloaded(page)


def test_a_push_never_moves_the_scroll_position(person, make_flight, server):
    """A row changes, one comes, one goes, and the whole board is sent again after a restart."""
    flights = [make_flight(number=str(number), minutes=60 + number, gate="A1") for number in range(100, 160)]
    page = person(viewport={"width": 390, "height": 700})
    page.goto(BOARD)
    is_live(page)
    looked_at = row(page, flights[30])
    looked_at.evaluate("row => row.scrollIntoView({block: 'center'})")
    before = page.evaluate("scrollY"), looked_at.evaluate("row => row.getBoundingClientRect().top")
    assert before[0] > 500
    flights[31].assign_gate("B22")
    expect(row(page, flights[31])).to_contain_text("B22")
    make_flight(number="200", minutes=240).assign_gate("C1")
    expect(page.locator("tbody tr")).to_have_count(61)
    type(flights[50]).objects.filter(pk=flights[50].pk).update(
        off_block_scheduled=F("off_block_scheduled") - timedelta(days=1)
    )
    flights[49].assign_gate("B23")
    expect(row(page, flights[50])).to_have_count(0)
    server.kill()
    flights[29].assign_gate("B24")
    server.start()
    expect(row(page, flights[29])).to_contain_text("B24", timeout=20_000)
    assert (page.evaluate("scrollY"), looked_at.evaluate("row => row.getBoundingClientRect().top")) == before
    assert not_reloaded(page)


def test_a_half_filled_form_of_the_desk_survives_what_others_do(signed_in, bob, flight):
    page = signed_in(bob)
    page.goto("/flights/JFK/desk/")
    is_live(page)
    page.locator(f"#desk-{flight.pk}").get_by_role("link", name=re.compile("Change")).click()
    gate = page.locator("#panel form.verb").get_by_label("Gate").first
    gate.fill("B2")
    flight.open_check_in("14–18")
    expect(page.locator("#panel .live")).to_contain_text("Check-in")
    assert gate.evaluate("field => [field.value, document.activeElement === field]") == ["B2", True]


def test_a_focused_link_of_a_row_keeps_the_focus_through_a_change(board, flight):
    link = row(board, flight).get_by_role("link")
    link.focus()
    flight.assign_gate("B22")
    expect(row(board, flight)).to_contain_text("B22")
    expect(link).to_be_focused()


def test_back_and_forward_lead_to_a_live_page(board, flight):
    board.goto(f"/flights/{flight.pk}/")
    is_live(board)
    board.go_back()
    is_live(board)
    flight.assign_gate("B22")
    expect(row(board, flight)).to_contain_text("B22")
    board.go_forward()
    is_live(board)
    expect(board.locator("main")).to_contain_text("B22")


def test_a_tab_hidden_and_shown_at_once_is_live(person, flight):
    """On a page whose socket pauses in the background (a flight's; boards stay)."""
    page = person()
    page.goto(f"/flights/{flight.pk}/")
    is_live(page)
    page.evaluate("""() => {
        let hidden = false;
        Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
        hidden = true;
        document.dispatchEvent(new Event("visibilitychange"));
        hidden = false;
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    flight.assign_gate("B22")
    expect(page.locator("main")).to_contain_text("B22")
    is_live(page)


def test_updates_can_be_paused(person, flight):
    board, frames = person(), []
    board.on("websocket", lambda socket: socket.on("framereceived", lambda payload: frames.append(payload)))
    board.goto(BOARD)
    is_live(board)
    board.get_by_role("button", name="Pause updates").click()
    expect(board.locator(".fresh").first).to_contain_text("Paused at")
    flight.assign_gate("B22")
    until(lambda: board.evaluate("1") and any("B22" in frame for frame in frames), why="no frame came")
    assert not shows(board, flight, "B22")
    board.get_by_role("button", name="Pause updates").click()
    expect(row(board, flight)).to_contain_text("B22")
    equals_a_fresh_rendering(board)


def test_a_new_release_reloads_the_page_unless_somebody_types(serve, chromium, flight):
    server = serve(AIRSIDE_RELEASE="one", LIVE_BEAT_EVERY="1")
    pages = [chromium.new_context(base_url=server.url).new_page() for _ in range(2)]
    for page in pages:
        page.add_init_script("Math.random = () => 0")  # a page waits up to two minutes, so that not all come at once
        page.goto(BOARD)
        is_live(page)
    idle, typing = pages
    typing.get_by_label("Flight, city or airline").fill("half")
    server.stop()
    server.environment["AIRSIDE_RELEASE"] = "two"
    server.start()
    expect(idle.locator(".live").first).to_have_attribute("data-release", "two", timeout=15_000)
    is_live(typing)
    assert typing.get_by_label("Flight, city or airline").input_value() == "half"
    assert not_reloaded(typing)
    for page in pages:
        page.context.close()


def test_a_new_release_waits_until_the_page_is_served_again(serve, person, flight):
    """Where processes are exchanged one by one, the first of them says so before all are back."""
    server, page, asked = serve(AIRSIDE_RELEASE="one", LIVE_BEAT_EVERY="1"), person(), []

    def answer(route):
        if route.request.method != "HEAD":
            route.continue_()
            return
        asked.append(route)
        route.fulfill(status=502) if len(asked) < 3 else route.continue_()

    page.add_init_script("Math.random = () => 0")
    page.goto(server.url + BOARD)
    is_live(page)
    page.route(f"**{BOARD}", answer)
    server.stop()
    server.environment["AIRSIDE_RELEASE"] = "two"
    server.start()
    expect(page.locator(".live").first).to_have_attribute("data-release", "two", timeout=15_000)
    assert len(asked) == 3


def test_a_server_that_is_slow_to_come_back_is_asked_by_each_page_once(serve, person, flight):
    """Each heartbeat names the new release."""
    server, page, frames = serve(AIRSIDE_RELEASE="one", LIVE_BEAT_EVERY="0.5"), person(), []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: frames.append(payload)))
    page.add_init_script("""
        Math.random = () => 0;
        const really = window.fetch;
        window.asked = [];
        window.fetch = (address, options) => options?.method === "HEAD"
            ? new Promise((resolve) => window.asked.push(resolve))
            : really(address, options);
    """)
    page.goto(server.url + BOARD)
    is_live(page)
    server.stop()
    server.environment["AIRSIDE_RELEASE"] = "two"
    server.start()
    until(lambda: page.evaluate("window.asked.length"))
    heard = len(frames)
    until(lambda: page.evaluate("1") and len(frames) > heard + 3)
    assert page.evaluate("window.asked.length") == 1
    page.evaluate("window.asked[0]({status: 502})")
    until(lambda: page.evaluate("window.asked.length") == 2, why="it asks again")
    page.evaluate("window.asked[1]({status: 200})")
    expect(page.locator(".live").first).to_have_attribute("data-release", "two", timeout=15_000)


def test_names_and_notes_stay_text(board, flight, airlines):
    from tracking.flights.models import Airline

    nasty = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{ 7|add:7 }}<b hx-get="/" hx-trigger="load">'
    Airline.objects.filter(pk="B6").update(name=nasty)
    flight.assign_gate("B22")
    expect(row(board, flight)).to_contain_text("<script>")
    assert board.evaluate("window.hacked") is None
    assert row(board, flight).locator("img, script, b[hx-get]").count() == 0


def test_who_may_no_longer_look_is_told_so(signed_in, bob, flight):
    page = signed_in(bob)
    page.goto("/flights/JFK/desk/")
    is_live(page)
    bob.groups.clear()
    expect(page.locator(".fresh").first).to_contain_text("no longer")


def test_the_connection_check_works(person, flight):
    page = person()
    page.goto("/connection/")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d ms"))


def test_one_row_is_a_small_frame(person, flight, make_flight):
    for number in range(30, 60):
        make_flight(number=str(number), minutes=60 + number)
    page = person()
    frames = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: frames.append(payload)))
    page.goto(BOARD)
    is_live(page)
    flight.delay(flight.off_block_scheduled + timedelta(minutes=60), "93")
    expect(row(page, flight)).to_contain_text("Delayed")
    changes = [frame for frame in frames if "content" in json.loads(frame)]
    assert len(changes) == 1
    assert len(changes[0].encode()) <= 2048


def test_a_clock_that_is_wrong_shows_the_airports_time_at_once(person, flight):
    page = person()
    page.clock.install(time="2020-01-01T03:04:00Z")
    page.goto(BOARD)

    def shows_now():
        now = localtime(timezone=flight.origin.tz)
        return page.locator("[data-day]", has_text=str(now.day)).filter(has_text=f"{now:%B}").count() and (
            page.locator("[data-clock]", has_text=f"{now:%H:%M}").count()
        )

    until(shows_now)


def test_a_countdown_goes_by_the_servers_clock(board):
    """The device's clock jumps by an hour: the next heartbeat puts it right."""
    board.add_script_tag(url="/static/js/countdown.js")
    until = (timezone.now() + timedelta(seconds=299)).isoformat()
    board.evaluate(
        """(until) => {
            const real = Date.now;
            Date.now = () => real() + 3600 * 1000;
            document.querySelector("main").insertAdjacentHTML("beforeend", `<span id="left" data-words="%s" data-until="${until}"></span>`);
        }""",
        until,
    )
    left = board.locator("#left")
    expect(left).to_have_text(re.compile(r"^4:\d\d$"), timeout=20_000)
