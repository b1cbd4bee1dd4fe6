"""The pages of a screen: every row is seen in a full turn, although rows come, go and move; and each in each language."""

import random

import pytest
from playwright.sync_api import expect

from e2e.kiosk import ADDRESS, give_key, is_current, make_screen, shown, turn, turns_by_hand
from live.outbox import publish
from tracking.flights import topics

DWELL, SIZE = 10, 8

# A minute of the simulation is one call: each step is a second of a board, and says what is shown.
SIMULATE = """(seconds) => {
    window.pages ??= new airside.Pages(8);
    window.second ??= 0;
    return seconds.map((ids) => {
        const now = window.second * 1000;
        const isOver = window.second > 0 && window.second % 10 === 0;
        window.second += 1;
        return isOver ? window.pages.next(ids, now) : window.pages.shown(ids, now);
    });
}"""


@pytest.fixture
def simulated(chromium, settings):
    """``simulated(boards)``: what is shown of each of these boards, one for each second."""
    page = chromium.new_page()
    page.add_script_tag(path=settings.BASE / "static/js/kiosk/pages.js")
    yield lambda boards: page.evaluate(SIMULATE, boards)
    page.close()


def boards_with(seed, comes=0.0, goes=0.0, moves=0.0, seconds=900, rows=50):
    """A board for each second; each second, with these probabilities, a row comes, one goes, one moves anywhere."""
    chance = random.Random(seed)
    ids = [f"row-{number}" for number in range(rows)]
    number = rows
    for _ in range(seconds):
        yield list(ids)
        if chance.random() < comes:
            ids.insert(chance.randrange(len(ids) + 1), f"row-{number}")
            number += 1
        if chance.random() < goes:
            ids.pop(chance.randrange(len(ids)))
        if chance.random() < moves:
            ids.insert(chance.randrange(len(ids)), ids.pop(chance.randrange(len(ids))))


def longest_wait(boards, pages):
    """The longest that a row stood on the board without being seen, as a part of a full turn of the board of that time."""
    since, longest = {}, 0.0
    for second, (ids, page) in enumerate(zip(boards, pages, strict=True)):
        since = {row: since.get(row, second) for row in ids} | dict.fromkeys(page, second)
        turn = -(-len(ids) // SIZE) * DWELL + DWELL  # and one page
        longest = max(longest, max(second - at for at in since.values()) / turn)
    return longest


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("what", "turns"),
    [
        ({}, 1),
        ({"comes": 1}, 1),  # an insertion each second
        ({"comes": 0.1, "goes": 0.1}, 1.1),
        ({"comes": 0.1, "goes": 0.1, "moves": 0.05}, 1.5),
        ({"comes": 1, "goes": 1}, 1.5),
        ({"comes": 1, "goes": 1, "moves": 1}, 2),
    ],
)
def test_every_row_is_seen_in_a_full_turn(simulated, what, turns, seed):
    boards = list(boards_with(seed, **what))
    pages = simulated(boards)
    assert all(len(page) == min(SIZE, len(ids)) for ids, page in zip(boards, pages, strict=True))
    assert longest_wait(boards, pages) <= turns


def test_pages_follow_each_other_and_the_last_one_is_full(simulated):
    boards = [[f"row-{number}" for number in range(20)]] * 40
    pages = simulated(boards)
    assert [page[0] for page in pages[::DWELL]] == ["row-0", "row-8", "row-12", "row-0"]


def test_a_row_that_moves_onto_the_page_appears_at_once_and_fewer_pages_leave_no_blank(simulated):
    ids = [f"row-{number}" for number in range(24)]
    moved = ["row-20", *ids[:20], *ids[21:]]
    assert simulated([ids, moved])[1] == ["row-20", *ids[:7]]
    assert simulated([ids] * 25)[-1] == ids[16:]
    assert simulated([ids[:10]])[0] == ids[2:10]
    assert simulated([[]])[0] == []


@pytest.fixture
def page(person, make_flight, server):
    for number in range(16):
        make_flight(minutes=60 + number, number=str(100 + number))
    screen = make_screen(inches=55, distance=10)  # seven rows
    page = person(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    give_key(page, screen, server.url)
    turns_by_hand(page)
    page.goto(ADDRESS)
    is_current(page)
    return page


def numbers(page):
    return [int(text.split()[1]) for text in shown(page).locator(".flight b").all_inner_texts()]


def test_a_turn_of_the_pages_with_words_in_each_language_and_numbers_that_stay(page):
    html, where = page.locator("html"), page.locator("#foot .pages [lang]:visible")
    seen = []
    for _ in range(6):
        seen.append((html.get_attribute("data-lang"), numbers(page)))
        assert len(shown(page).locator(".state span:visible").all()) == 7
        turn(page)
    first, second, last = list(range(100, 107)), list(range(107, 114)), list(range(109, 116))
    assert [rows for _language, rows in seen] == [first, second, last] * 2
    assert [language for language, _rows in seen] == ["en", "de", "en", "de", "en", "de"]
    expect(where).to_have_text("Rows 1–7 of 16")


def test_the_page_is_there_as_text(page):
    """For screen readers and speech: in the language that is shown, and without being read out by itself."""
    twin = page.locator("#twin")
    assert twin.get_attribute("aria-live") == "off"
    assert twin.get_attribute("lang") == "en"
    assert [text.split(",")[0] for text in twin.locator("li").all_inner_texts()] == [
        f"B 6 {number} to Boston" for number in range(100, 107)
    ]
    turn(page)
    assert twin.get_attribute("lang") == "de"
    assert "B 6 107" in twin.locator("li").first.inner_text()


def test_a_row_that_comes_is_where_it_belongs_and_the_others_move_on(page, make_flight):
    def comes(**fields):
        make_flight(**fields)
        publish(topics.board("JFK"))

    comes(minutes=10, number="99")
    expect(page.locator("#foot [data-put=rows]").first).to_have_text("17")
    assert numbers(page) == [99, *range(100, 106)]
    turn(page)
    comes(minutes=11, number="98")  # above the page
    expect(page.locator("#foot [data-put=rows]").first).to_have_text("18")
    assert numbers(page) == list(range(106, 113))


def test_the_picture_moves_a_little_and_is_never_clipped(page):
    """By at most 24 pixels, and around the middle of the panel."""
    places = []
    for step in range(8):
        page.evaluate("angle => airside.kiosk.place(angle)", step / 8 * 6.283185)
        style = page.evaluate("""() => ["x", "y"].map((axis) =>
            parseInt(document.documentElement.style.getPropertyValue(`--shift-${axis}`)))""")
        places.append(style)
        box = page.locator("#picture").bounding_box()
        assert min(box["x"], box["y"], 1920 - box["x"] - box["width"], 1080 - box["y"] - box["height"]) >= 0
    steps = [
        abs(a - b)
        for one, other in zip(places, [*places[1:], places[0]], strict=True)
        for a, b in zip(one, other, strict=True)
    ]
    assert 0 < max(steps) <= 24
    assert [abs(sum(axis)) <= 4 for axis in zip(*places, strict=True)] == [True, True]
