"""What stands in other people's pages without our script: a frame by oEmbed, and badges."""

from datetime import timedelta
from html import unescape

import httpx
import pytest
from playwright.sync_api import expect

from e2e.elsewhere import another_site


@pytest.fixture
def elsewhere(server):
    with another_site(server.url) as site:
        yield site
        assert site.reports == []


def answer(server, path, **query):
    """The oEmbed answer for a page of ours, as its own head says where it is."""
    page = httpx.get(f"{server.url}{path}", timeout=30).text
    (address,) = [part for part in page.split('"') if "/oembed?" in part and "format=json" in part]
    return httpx.get(httpx.URL(unescape(address)).copy_merge_params(query), timeout=30).json()


def test_a_pasted_address_becomes_a_frame_that_is_live(person, server, elsewhere, flight, make_flight):
    for number in range(1, 8):
        make_flight(200 + number, number=str(number))
    found = answer(server, "/flights/JFK/departures/")
    reader = person(viewport={"width": 800, "height": 900})
    reader.goto(elsewhere.put("/", found["html"], head=""))
    frame = reader.frame_locator("iframe")
    expect(frame.locator(".live[data-state=live]")).to_be_attached()
    assert reader.locator("iframe").bounding_box()["width"] == found["width"]
    assert fits(reader)
    flight.delay(flight.off_block_scheduled + timedelta(minutes=50))
    expect(frame.get_by_text("Delayed 50 min")).to_be_visible()


def test_the_usual_heights_fit(person, server, elsewhere, flight, bistro):
    reader = person(viewport={"width": 800, "height": 900})
    for path in (f"/flights/{flight.pk}/", f"/restaurants/{bistro.slug}/"):
        reader.goto(elsewhere.put("/", answer(server, path)["html"], head=""))
        expect(reader.frame_locator("iframe").locator(".live[data-state=live]")).to_be_attached()
        assert fits(reader), path


def test_what_is_higher_than_it_may_be_can_be_scrolled(person, server, elsewhere, flight):
    reader = person()
    reader.goto(elsewhere.put("/", answer(server, "/flights/JFK/departures/", maxheight=100)["html"], head=""))
    frame = reader.frame_locator("iframe")
    expect(frame.locator(".live[data-state=live]")).to_be_attached()
    assert not fits(reader)
    reader.locator("iframe").hover()
    reader.mouse.wheel(0, 500)
    expect(frame.get_by_role("link").last).to_be_in_viewport()


def fits(page):
    """Whether the whole document of the frame is seen."""
    content = page.frames[-1].evaluate("document.documentElement.scrollHeight")
    return content <= page.locator("iframe").bounding_box()["height"]


def test_a_badge_in_a_page_follows_the_flight(person, server, elsewhere, flight):
    policy = f"default-src 'none'; img-src {server.url}; style-src 'self'; report-uri /report"
    images = "".join(f'<img alt="" src="{server.url}/badge/flight/B6-1010.{suffix}">' for suffix in ("svg", "png"))
    reader = person()
    page = elsewhere.put("/", images, head="", policy=policy)
    reader.goto(page)
    sizes = "Array.from(document.images, (image) => image.naturalWidth / image.naturalHeight)"
    before = reader.evaluate(sizes)
    assert before[0] == before[1] > 5
    flight.delay(flight.off_block_scheduled + timedelta(minutes=50))
    reader.goto(page)
    after = reader.evaluate(sizes)
    assert after[0] == after[1] > before[0]  # "Delayed 50 min" is longer than "On time"
