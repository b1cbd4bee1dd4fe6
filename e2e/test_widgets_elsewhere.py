"""The widgets in the page of another site, used as its readers do."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from bookings.restaurants.models import Reservation
from e2e.conftest import FLAGS
from e2e.elsewhere import another_site
from e2e.look import violations
from embeds.models import Embed
from tests.browser import WHOLE, on_path
from tests.waiting import until

# Whatever is stored or read in a browser, in any document of a page.
FORBID_STORAGE = """
    const forbid = (owner, name) => Object.defineProperty(owner, name, { get() { throw new Error(`read ${name}`); } });
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) forbid(window, name);
    forbid(Document.prototype, "cookie");
    forbid(Navigator.prototype, "serviceWorker");
"""
# The heights that the first widget of a page was given.
WATCH_HEIGHTS = """
    window.heights = [];
    const look = () => {
        const height = document.querySelector("airside-board")?.shadowRoot?.querySelector("iframe")?.style.height;
        if (height && height !== window.heights.at(-1)) window.heights.push(height);
        requestAnimationFrame(look);
    };
    look();
"""
# How many listeners to messages a document has left on its window.
COUNT_LISTENERS = """
    window.listening = 0;
    const { addEventListener, removeEventListener } = window;
    const count = (change, listen) => (name, listener) => {
        if (name === "message") window.listening += change;
        listen.call(window, name, listener);
    };
    window.addEventListener = count(1, addEventListener);
    window.removeEventListener = count(-1, removeEventListener);
"""


@pytest.fixture(scope="module")
def chromium(chromium):
    """A whole browser: it tells frames at once whether they are in view."""
    browser = chromium.browser_type.launch(executable_path=on_path(WHOLE), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def elsewhere(server):
    """Another site. Its policy has had nothing to stop."""
    with another_site(server.url) as site:
        yield site
        assert site.reports == []


@pytest.fixture
def reader(person):
    """The page of somebody who has never been at our site."""
    return person()


@pytest.fixture
def board(elsewhere):
    """``board(theme="dark")``: the markup of the widget of JFK's departures, with its link."""

    def write(**attributes):
        attributes = {"airport": "JFK", "side": "departures", **attributes}
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        link = f'<a href="{elsewhere.ours}/flights/JFK/departures/">Departures at JFK</a>'
        return f"<airside-board {written}>{link}</airside-board>"

    return write


@pytest.fixture
def booking(alice, book, elsewhere):
    """An Embed of a booking of Alice's, for that site."""
    reservation = book("18:30", 2, "Ada Lovelace")
    Reservation.objects.filter(pk=reservation.pk).update(user=alice)
    return Embed.objects.make(alice, widget="booking", thing=str(reservation.pk), name="Hotel", sites=elsewhere.url)


def widget(page, name="board"):
    """What is in the frame of a widget."""
    return page.frame_locator(f"airside-{name} iframe")


def frame_of(page, name="board", number=0):
    """The frame of a widget, once its region is live."""
    element = page.locator(f"airside-{name} iframe").nth(number)
    frame = element.element_handle().content_frame()
    expect(element.content_frame.locator(".live[data-state=live]")).to_be_attached()
    return frame


def height_of(page, name="board", number=0):
    return page.locator(f"airside-{name} iframe").nth(number).evaluate("frame => frame.offsetHeight")


def delay(flight, minutes):
    flight.delay(flight.off_block_scheduled + timedelta(minutes=minutes))


def post(frame, **message):
    """What the frame tells the page around it, whether or not it is so."""
    frame.evaluate("message => parent.postMessage({ airside: 'height', ...message }, '*')", message)


def eventually(page, condition):
    """Until it is so, while the browser's own news come in."""
    until(lambda: page.evaluate("0") or condition())


def once(page):
    """Let what was posted arrive."""
    page.evaluate("new Promise((done) => { onmessage = done; postMessage(null, '*'); })")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


# What it is for


def test_a_board_follows_a_delay_live(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board()))
    frame_of(reader)
    delay(flight, 40)
    expect(widget(reader).locator("tbody")).to_contain_text("Delayed 40 min")


@pytest.mark.parametrize("name", ['flight="B6 1010"', 'flight="b6 1010" date="{date}"', 'thing="{pk}"'])
def test_a_flight_follows_a_delay_live(reader, elsewhere, flight, name):
    named = name.format(date=flight.date.isoformat(), pk=flight.pk)
    reader.goto(elsewhere.put("/", f"<airside-flight {named}></airside-flight>"))
    frame_of(reader, "flight")
    flight.assign_gate("B22")
    delay(flight, 40)
    expect(widget(reader, "flight").locator("main")).to_contain_text("Delayed 40 min")
    expect(widget(reader, "flight").locator(".gate")).to_have_text("B22")


def test_free_tables_go_live_and_lead_to_the_restaurant(reader, elsewhere, bistro, hold, tomorrow):
    markup = f'<airside-tables restaurant="bistro" party="8" date="{tomorrow}"></airside-tables>'
    reader.goto(elsewhere.put("/", markup))
    frame_of(reader, "tables")
    hold("18:00", 8)
    expect(widget(reader, "tables").locator("li").filter(has_text="18:00")).to_contain_text("held")
    party = widget(reader, "tables").get_by_label("Guests")
    party.fill("2")
    widget(reader, "tables").get_by_role("button", name="Show times").click()
    expect(widget(reader, "tables").locator("header")).to_contain_text("table for 2")
    with reader.context.expect_page() as opened:
        widget(reader, "tables").get_by_role("link", name="18:30").click()
    expect(opened.value.get_by_role("button", name="Take it")).to_be_visible()
    assert opened.value.evaluate("document.referrer") == ""


def test_a_booking_is_shown_by_its_key_and_names_nobody(reader, elsewhere, booking):
    reader.goto(elsewhere.put("/", f'<airside-booking key="{booking.token}"></airside-booking>'))
    frame = frame_of(reader, "booking")
    expect(widget(reader, "booking").locator("main")).to_contain_text("Booked")
    Reservation.objects.get(pk=booking.thing).cancel()
    expect(widget(reader, "booking").locator("main")).to_contain_text("Cancelled")
    assert "Lovelace" not in frame.content() and "ada@" not in frame.content()


def test_it_speaks_the_language_asked_for_or_that_of_the_page(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board() + board(lang="fr"), lang="de"))
    heading = reader.locator("airside-board iframe").nth(0).content_frame.get_by_role("heading").first
    expect(heading).to_have_text("Abflug")
    heading = reader.locator("airside-board iframe").nth(1).content_frame.get_by_role("heading").first
    expect(heading).to_have_text("Départs")
    reader.locator("airside-board").nth(1).evaluate("board => board.setAttribute('lang', 'es')")
    expect(reader.locator("airside-board iframe").nth(1).content_frame.get_by_role("heading").first).to_have_text(
        "Salidas"
    )


def test_it_has_a_title_and_the_link_is_out_of_the_way(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board()))
    frame_of(reader)
    expect(reader.locator("airside-board iframe")).to_have_attribute(
        "title", "Departures, John F Kennedy International Airport"
    )
    for name, value in {"loading": "lazy", "allow": "", "referrerpolicy": "strict-origin"}.items():
        expect(reader.locator("airside-board iframe")).to_have_attribute(name, value)
    expect(reader.get_by_role("link", name="Departures at JFK")).to_be_hidden()


# Its look


def test_theme_accent_and_density_change_without_another_document(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board(theme="light", accent="#003366")))
    frame = frame_of(reader)
    frame.evaluate("window.same = true")
    gate = "getComputedStyle(document.documentElement).getPropertyValue"
    assert frame.evaluate(f"{gate}('--sign')") == "#003366"
    assert frame.evaluate(f"{gate}('--on-sign')") == "#ffffff"
    background = "getComputedStyle(document.body).backgroundColor"
    light = frame.evaluate(background)
    reader.locator("airside-board").evaluate("""board => {
        board.setAttribute("theme", "dark");
        board.setAttribute("accent", "#ffe680");
        board.setAttribute("density", "compact");
    }""")
    expect(widget(reader).locator("html[data-theme=dark][data-density=compact]")).to_be_attached()
    assert frame.evaluate(background) != light
    until(lambda: frame.evaluate(f"{gate}('--sign')") == "#ffe680")
    assert frame.evaluate(f"{gate}('--on-sign')") == "#16130a"
    reader.locator("airside-board").evaluate("board => board.setAttribute('accent', 'red')")
    reader.locator("airside-board").evaluate("board => board.removeAttribute('density')")
    expect(widget(reader).locator("html[data-density='']")).to_be_attached()
    assert frame.evaluate(f"{gate}('--sign')") == "#ffe680"
    assert frame.evaluate("window.same")


def test_a_look_that_changes_before_the_frame_is_ready_or_before_it_reloads(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board(theme="light")))
    reader.locator("airside-board iframe").wait_for()
    reader.locator("airside-board").evaluate("board => board.setAttribute('theme', 'dark')")
    expect(widget(reader).locator("html[data-theme=dark]")).to_be_attached()
    frame = frame_of(reader)
    with frame.expect_navigation():
        frame.evaluate("setTimeout(() => location.reload())")
    expect(widget(reader).locator("html[data-theme=dark]")).to_be_attached()


def test_auto_is_as_the_reader_likes_it(reader, elsewhere, board, flight):
    reader.emulate_media(color_scheme="dark")
    reader.goto(elsewhere.put("/", board(theme="light")))
    frame = frame_of(reader)
    light = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    reader.locator("airside-board").evaluate("board => board.setAttribute('theme', 'auto')")
    until(lambda: frame.evaluate("getComputedStyle(document.body).backgroundColor") != light)


def test_a_frame_takes_its_look_from_the_page_around_it_alone(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board(theme="light")))
    frame = frame_of(reader)
    message = "({ airside: 'look', theme: 'dark', accent: '#ff0000' }, '*')"
    frame.evaluate(f"postMessage{message}")
    frame.evaluate("document.body.append(document.createElement('iframe'))")
    frame.child_frames[0].evaluate(f"parent.postMessage{message}")
    once(frame)
    assert frame.evaluate("document.documentElement.dataset.theme") == "light"
    assert frame.evaluate("document.documentElement.style.getPropertyValue('--sign')") == ""


# Its height


def test_the_height_settles(reader, elsewhere, board, make_flight):
    for number in range(10, 16):
        make_flight(number=str(number), minutes=number).assign_gate("B22")
    reader.add_init_script(WATCH_HEIGHTS)
    reader.clock.install()
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto(elsewhere.put("/", board()))
    frame = frame_of(reader)
    reader.clock.pause_at(reader.evaluate("Date.now() / 1000 + 1"))
    for _ in range(100):
        reader.clock.run_for(100)
    assert 1 <= len(reader.evaluate("window.heights")) <= 2
    content = frame.evaluate("document.getElementById('content').offsetHeight")
    assert abs(height_of(reader) - content) <= 4
    assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") <= 4
    body = frame.evaluate("(({ minHeight, margin }) => [minHeight, margin])(getComputedStyle(document.body))")
    assert body == ["0px", "0px"]


def test_the_height_follows_what_is_shown(reader, elsewhere, board, flight, make_flight):
    reader.goto(elsewhere.put("/", board()))
    frame_of(reader)
    until(lambda: height_of(reader) != 150)
    before = height_of(reader)
    make_flight(number="20").assign_gate("A1")
    expect(widget(reader).locator("tbody tr")).to_have_count(2)
    until(lambda: height_of(reader) > before + 20)


@pytest.mark.parametrize(
    ("contents", "told"), [([301], 0), ([340], 1), ([340, 344, 340, 344, 340, 344], 6), ([340, 340, 340], 1)]
)
def test_a_frame_tells_of_more_than_a_pixel(reader, elsewhere, board, flight, contents, told):
    """And the page around it acts on more than four: 344 after 340 is none."""
    reader.goto(elsewhere.put("/", board()))
    frame = frame_of(reader)
    be_high(frame, 300)
    until(lambda: height_of(reader) == 300)
    reader.evaluate("window.told = []")
    reader.evaluate("addEventListener('message', ({ data }) => { if (data?.height) window.told.push(data.height); })")
    for height in contents:
        be_high(frame, height)
        frame.evaluate("new Promise((done) => setTimeout(done, 150))")  # more than EVERY
    once(reader)
    assert len(reader.evaluate("window.told")) == told
    assert height_of(reader) == (340 if told else 300)


def be_high(frame, height):
    frame.evaluate("height => { document.getElementById('content').style.height = `${height}px`; }", height)


def test_heights_come_from_its_own_frame_in_order_and_in_bounds(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board() * 2))
    frame, other = frame_of(reader, number=0), frame_of(reader, number=1)
    number = 10**15
    post(frame, height=500, number=number)
    until(lambda: height_of(reader) == 500)
    for height in (10**6, 4001, 39, 0, -500, 600.5, "600", None, [600]):
        number += 1
        post(frame, height=height, number=number)
    for late in (10**15, 1, "9" * 16, None):
        post(frame, height=600, number=late)
    post(other, height=700, number=number)
    reader.evaluate("postMessage({ airside: 'height', height: 800, number: 10 ** 16 }, '*')")
    frame.evaluate("parent.postMessage('height', '*')")
    frame.evaluate("parent.postMessage({ airside: 'look', height: 600, number: 10 ** 16 }, '*')")
    until(lambda: height_of(reader, number=1) == 700)
    once(reader)
    assert height_of(reader) == 500
    post(frame, height=4000, number=number + 1)
    until(lambda: height_of(reader) == 4000)


def test_a_frame_of_another_origin_in_its_place_sets_no_height(reader, elsewhere, board, flight):
    """Such as a page to which somebody has led it away."""
    policy = elsewhere.policy.replace("frame-src", "frame-src data:")
    reader.goto(elsewhere.put("/", board(), policy=policy))
    frame = frame_of(reader)
    until(lambda: height_of(reader) != 150)
    before = height_of(reader)
    html = "<script>parent.postMessage({ airside: 'height', height: 900, number: 10 ** 16 }, '*')</script>gone"
    frame.goto(f"data:text/html,{html}")
    expect(widget(reader).locator("body")).to_have_text("gone")
    once(reader)
    assert height_of(reader) == before


# In any page


def test_the_script_may_come_after_the_markup_twice_and_before_elements(reader, elsewhere, board, flight):
    late = f'<script src="{elsewhere.ours}/embed/airside.js"></script>'
    reader.goto(elsewhere.put("/", board() + late * 2, head=""))
    frame_of(reader)
    reader.evaluate("""() => {
        const made = document.createElement("airside-board");
        made.setAttribute("airport", "JFK");
        document.body.append(made);
    }""")
    expect(reader.locator("airside-board iframe")).to_have_count(2)
    frame_of(reader, number=1)
    assert reader.locator("airside-board").nth(0).evaluate("board => board.shadowRoot.childElementCount") == 2


def test_it_works_where_it_is_moved_to(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board() + "<aside></aside>"))
    frame_of(reader)
    reader.evaluate("document.querySelector('aside').append(document.querySelector('airside-board'))")
    frame = frame_of(reader)
    expect(reader.locator("aside airside-board iframe")).to_have_count(1)
    delay(flight, 40)
    expect(widget(reader).locator("tbody")).to_contain_text("Delayed 40 min")
    frame.evaluate("window.same = true")
    if reader.evaluate("'moveBefore' in Element.prototype"):
        reader.evaluate("document.body.moveBefore(document.querySelector('airside-board'), null)")
        assert frame_of(reader).evaluate("window.same")


def test_removed_it_leaves_nothing_behind(reader, elsewhere, board, flight):
    reader.add_init_script(COUNT_LISTENERS)
    reader.goto(elsewhere.put("/", board()))
    frame_of(reader)
    assert reader.evaluate("window.listening") == 1
    reader.evaluate("window.board = document.querySelector('airside-board')")
    for _ in range(20):
        reader.evaluate("window.board.remove()")
        reader.evaluate("document.body.append(window.board)")
    frame_of(reader)
    assert reader.evaluate("window.listening") == 1
    reader.evaluate("window.board.remove()")
    assert reader.evaluate("window.listening") == 0
    eventually(reader, lambda: len(reader.frames) == 1)


def test_without_script_there_is_a_plain_link(person, elsewhere, board, flight):
    page = person(java_script_enabled=False)
    page.goto(elsewhere.put("/", board()))
    page.get_by_role("link", name="Departures at JFK").click()
    expect(page.locator("tbody")).to_contain_text("B6 1010")


def test_the_link_stays_where_the_frame_is_refused(chromium, server, board, elsewhere, flight):
    """A policy that lets in the script and no frames. Not by ``person``: the browser complains, as it should."""
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install()
    policy = elsewhere.policy.replace(f"frame-src {server.url}", "frame-src 'none'").replace("report-uri /report", "")
    page.goto(elsewhere.put("/", board(), policy=policy))
    expect(page.locator("airside-board iframe")).to_be_visible()
    page.clock.run_for(11_000)
    expect(page.locator("airside-board iframe")).to_be_hidden()
    expect(page.get_by_role("link", name="Departures at JFK")).to_be_visible()
    context.close()


@pytest.mark.parametrize("listed", [True, False])
def test_only_a_listed_site_shows_it(chromium, elsewhere, alice, flight, listed):
    sites = elsewhere.url if listed else "https://hotel.example"
    embed = Embed.objects.make(alice, widget="followed", thing=str(flight.pk), name="Hotel", sites=sites)
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(elsewhere.put("/", f'<airside-flight key="{embed.token}"><a href="/">Plain</a></airside-flight>'))
    if listed:
        frame_of(page, "flight")
        expect(page.get_by_role("link", name="Plain")).to_be_hidden()
    else:
        page.wait_for_load_state()

        def is_hidden():
            page.clock.run_for(11_000)  # counted from when the frame was loaded, which may still be to come
            return page.locator("airside-flight iframe").is_hidden()

        until(is_hidden)
        expect(page.get_by_role("link", name="Plain")).to_be_visible()
        assert "B6 1010" not in "".join(frame.content() for frame in page.frames)
    context.close()


def test_a_withdrawn_one_says_so_in_the_open_page(reader, elsewhere, booking):
    reader.goto(elsewhere.put("/", f'<airside-booking key="{booking.token}"></airside-booking>'))
    frame = frame_of(reader, "booking")
    booking.revoke()
    expect(widget(reader, "booking").get_by_role("heading")).to_have_text("This widget was withdrawn")
    assert "Bistro" not in frame.evaluate("document.getElementById('content').textContent")
    until(lambda: 40 < height_of(reader, "booking") < 150)


def test_a_withdrawn_one_says_so_where_sockets_are_blocked(reader, elsewhere, booking):
    reader.clock.install()
    reader.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    reader.goto(elsewhere.put("/", f'<airside-booking key="{booking.token}"></airside-booking>'))
    expect(widget(reader, "booking").locator("main")).to_contain_text("Booked")
    booking.revoke()
    until(lambda: reader.clock.run_for(1000) or widget(reader, "booking").locator(".withdrawn").count())
    expect(widget(reader, "booking").get_by_role("heading")).to_have_text("This widget was withdrawn")


# With nothing stored


@pytest.fixture
def strict_chromium(chromium):
    """A browser that blocks third-party cookies, as Safari does; the headless shell cannot."""
    flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
    browser = chromium.browser_type.launch(executable_path=on_path(WHOLE), args=flags)
    yield browser
    browser.close()


def test_no_cookie_no_storage_and_none_is_missed(strict_chromium, elsewhere, board, flight, booking):
    """Any use of storage, in any frame, is an error."""
    context = strict_chromium.new_context()
    context.add_init_script(FORBID_STORAGE)
    page, answers, errors = context.new_page(), [], []
    page.on("response", lambda answer: answers.append(answer))
    page.on("pageerror", lambda error: errors.append(str(error)))
    markup = (
        board()
        + f'<airside-booking key="{booking.token}"></airside-booking><airside-tables restaurant="bistro"></airside-tables>'
    )
    page.goto(elsewhere.put("/", markup))
    frame = frame_of(page)
    frame_of(page, "booking")
    frame_of(page, "tables")
    delay(flight, 40)
    expect(widget(page).locator("tbody")).to_contain_text("Delayed 40 min")
    assert not frame.evaluate("document.hasStorageAccess()")
    assert len([answer for answer in answers if answer.url.startswith(f"{elsewhere.ours}/embed/")]) == 4
    assert [answer.url for answer in answers if "set-cookie" in answer.all_headers()] == []
    assert context.cookies() == [] and errors == []


def test_no_cookie_and_no_storage_is_left(reader, server, flight):
    """In a document of its own, where storage would be given to it."""
    reader.goto(f"{server.url}/embed/board/JFK/departures/")
    expect(reader.locator(".live[data-state=live]")).to_be_attached()
    left = reader.evaluate("""async () => [
        document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
        (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length, history.state,
    ]""")
    assert left == ["", 0, 0, 0, 0, 0, None]
    assert reader.context.cookies() == []


def test_it_adds_no_step_to_the_history_of_the_page(reader, elsewhere, board, flight):
    reader.goto(elsewhere.put("/", board()))
    frame_of(reader)
    steps = reader.evaluate("history.length")
    for language, name in (("de", "Abflug"), ("fr", "Départs")):
        reader.locator("airside-board").evaluate("(board, lang) => { board.lang = lang; }", language)
        expect(widget(reader).get_by_role("heading").first).to_have_text(name)
    assert reader.evaluate("history.length") == steps


# Where there is less than a browser has


@pytest.mark.parametrize("sandbox", ["", "allow-scripts", "allow-scripts allow-popups allow-popups-to-escape-sandbox"])
def test_in_a_sandbox_it_is_what_it_was_with_a_link(chromium, server, elsewhere, flight, sandbox):
    context = chromium.new_context()
    page, sockets, errors = context.new_page(), [], []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.on("pageerror", lambda error: errors.append(str(error)))
    address = f"{server.url}/embed/board/JFK/departures/"
    page.goto(elsewhere.put("/", f'<iframe sandbox="{sandbox}" src="{address}" height="300"></iframe>', head=""))
    inside = page.frame_locator("iframe")
    expect(inside.locator("tbody")).to_contain_text("B6 1010")
    note = inside.locator("#as-it-was .notice" if sandbox else "noscript .notice")
    expect(note).to_be_visible()
    expect(note).to_contain_text(f"{server.url}/flights/JFK/departures/")
    assert inside.locator("h1").evaluate("heading => getComputedStyle(heading).fontSize") == "18px"  # styles came
    assert sockets == [] and errors == []
    if "popups" in sandbox:
        with context.expect_page() as opened:
            inside.get_by_role("link", name="Open at Airside").click()
        assert "/flights/JFK/departures/" in opened.value.url
    context.close()


def test_in_a_sandboxed_page_it_has_its_height(chromium, elsewhere, board, flight):
    """Such as a block of HTML in a site builder: the page and the frame have no origin."""
    context = chromium.new_context()
    page = context.new_page()
    inner = elsewhere.put("/inner", board())
    policy = f"default-src 'none'; frame-src {elsewhere.url}"
    page.goto(elsewhere.put("/", f'<iframe sandbox="allow-scripts" src="{inner}"></iframe>', head="", policy=policy))
    block = page.frame_locator("iframe")
    expect(block.frame_locator("airside-board iframe").locator("tbody")).to_contain_text("B6 1010")
    expect(block.locator("airside-board iframe")).not_to_have_css("height", "150px")
    expect(block.get_by_role("link", name="Departures at JFK")).to_be_hidden()
    context.close()


def test_an_iframe_without_our_script_scrolls(reader, server, elsewhere, board, make_flight):
    for number in range(10, 16):
        make_flight(number=str(number), minutes=number)
    address = f"{server.url}/embed/board/JFK/departures/"
    reader.goto(elsewhere.put("/", f'<iframe src="{address}" title="Departures" height="200"></iframe>', head=""))
    inside = reader.frame_locator("iframe")
    expect(inside.locator(".live[data-state=live]")).to_be_attached()
    assert inside.locator("html").evaluate("html => getComputedStyle(html).overflowY") == "visible"


# Its socket


@pytest.fixture
def below(elsewhere, board):
    """The address of a page whose widget is far below."""
    elsewhere.style = ".tall { height: 6000px }"
    return elsewhere.put("/", f'<p id="top">Top</p><div class="tall"></div>{board()}')


def open_sockets(page):
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    return lambda: [socket for socket in sockets if not socket.is_closed()]


def test_out_of_view_it_has_no_socket_and_back_in_view_it_is_current(reader, below, flight, make_flight):
    sockets, polls = open_sockets(reader), []
    reader.on("request", lambda request: polls.append(request.url) if "/live/" in request.url else None)
    reader.clock.install()
    reader.goto(below)
    reader.clock.run_for(5000)
    assert not sockets()
    reader.locator("airside-board").scroll_into_view_if_needed()
    frame = frame_of(reader)
    assert len(sockets()) == 1
    reader.locator("#top").scroll_into_view_if_needed()
    until(lambda: reader.clock.run_for(1000) or not sockets())
    reader.clock.run_for(60_000)
    delay(flight, 40)
    make_flight(number="20")
    assert not sockets() and not polls
    frame.evaluate("window.same = true")
    reader.locator("airside-board").scroll_into_view_if_needed()
    expect(widget(reader).locator("tbody")).to_contain_text("Delayed 40 min")
    expect(widget(reader).locator("tbody tr")).to_have_count(2)
    assert len(sockets()) == 1
    assert frame_of(reader).evaluate("window.same") and not polls


def test_it_comes_back_with_the_version_that_it_shows(reader, below, flight):
    sockets = open_sockets(reader)
    reader.clock.install()
    reader.goto(below)
    reader.locator("airside-board").scroll_into_view_if_needed()
    frame = frame_of(reader)
    delay(flight, 40)
    expect(widget(reader).locator("tbody")).to_contain_text("Delayed 40 min")
    reader.locator("#top").scroll_into_view_if_needed()
    until(lambda: reader.clock.run_for(1000) or not sockets())
    reader.locator("airside-board").scroll_into_view_if_needed()
    frame_of(reader)
    version = frame.evaluate("document.querySelector('.live').dataset.v")
    (socket,) = sockets()
    assert re.search(r"[?&]v=(\w+)", socket.url)[1] == version


def test_in_a_hidden_tab_the_socket_is_closed_after_half_a_minute(reader, elsewhere, board, flight):
    sockets = open_sockets(reader)
    reader.clock.install()
    reader.goto(elsewhere.put("/", board()))
    frame = frame_of(reader)
    be_hidden(frame, True)
    reader.clock.run_for(29_000)
    assert not frame.evaluate("airside.resting")
    be_hidden(frame, False)
    reader.clock.run_for(5000)
    be_hidden(frame, True)
    reader.clock.run_for(29_000)
    assert not frame.evaluate("airside.resting") and len(sockets()) == 1
    until(lambda: reader.clock.run_for(1000) or not sockets())
    delay(flight, 40)
    be_hidden(frame, False)
    expect(widget(reader).locator("tbody")).to_contain_text("Delayed 40 min")


def be_hidden(frame, hidden):
    frame.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_page_with_twenty_widgets(reader, elsewhere, board, make_flight):
    """Each has one socket, and only while it is in view; all show the same change."""
    flight = make_flight()
    sockets = open_sockets(reader)
    reader.set_viewport_size({"width": 1280, "height": 4000})
    markup = "".join(board(rows=1 + number % 5) for number in range(20))
    reader.goto(elsewhere.put("/", markup))
    for number in range(20):
        frame_of(reader, number=number)
    assert len(sockets()) == 20
    delay(flight, 40)
    for number in range(20):
        inside = reader.locator("airside-board iframe").nth(number).content_frame
        expect(inside.locator("tbody")).to_contain_text("Delayed 40 min")
    reader.set_viewport_size({"width": 1280, "height": 300})
    eventually(reader, lambda: 1 <= len(sockets()) <= 4)


# For everybody


def test_the_frames_are_accessible(person, elsewhere, board, flight, make_flight, bistro, booking, tomorrow):
    make_flight(number="20").cancel("71")
    delay(flight, 40)
    page = person(bypass_csp=True)
    names = ("board", "flight", "tables", "booking")
    markup = (
        board(accent="#00ff00")
        + '<airside-flight flight="B6 1010"></airside-flight>'
        + f'<airside-tables restaurant="bistro" date="{tomorrow}"></airside-tables>'
        + f'<airside-booking key="{booking.token}"></airside-booking>'
    )
    page.set_viewport_size({"width": 390, "height": 4000})
    page.emulate_media(reduced_motion="reduce")
    page.goto(elsewhere.put("/", markup))
    for name in names:
        frame = frame_of(page, name)
        frame.evaluate(AXE_SCRIPT)
        for theme, density in (("light", "comfortable"), ("dark", "compact")):
            page.locator(f"airside-{name}").evaluate(
                "(widget, look) => { for (const name in look) widget.setAttribute(name, look[name]); }",
                {"theme": theme, "density": density},
            )
            expect(widget(page, name).locator(f"html[data-theme={theme}][data-density={density}]")).to_be_attached()
            assert violations(frame, {}) == []
            assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
