"""What oEmbed 1.0 asks of a provider (https://oembed.com), and what an address can be that somebody pastes."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.utils.translation import get_language

from embeds import oembed
from embeds.registry import WIDGETS

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
BOARD = f"{HERE}/flights/JFK/departures/"


@pytest.fixture
def ask(client):
    def ask(url, **query):
        return client.get("/oembed", {"url": url, **query})

    return ask


class Frames(HTMLParser):
    """The attributes of the frames in a piece of HTML, and the names of all its elements."""

    def __init__(self, html):
        super().__init__()
        self.frames, self.names = [], []
        self.feed(html)

    def handle_starttag(self, name, attributes):
        self.names.append(name)
        if name == "iframe":
            self.frames.append(dict(attributes))


def frame_of(answer):
    html = Frames(answer["html"])
    assert html.names == ["iframe"]
    return html.frames[0]


# The answer


def test_a_rich_answer_has_all_that_the_specification_wants(ask, flight):
    response = ask(BOARD)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    answer = response.json()
    assert answer["type"] == "rich"
    assert answer["version"] == "1.0"
    assert isinstance(answer["width"], int) and isinstance(answer["height"], int)
    assert answer["html"]
    assert answer["title"] == "Departures, John F Kennedy International Airport"
    assert answer["provider_name"] == "Airside JFK" and answer["provider_url"] == f"{HERE}/"
    assert isinstance(answer["cache_age"], int)
    assert "public" in response["Cache-Control"] and not response.cookies


def test_its_frame_shows_the_widget_and_says_the_same_size(ask, flight, client):
    answer = ask(BOARD).json()
    frame = frame_of(answer)
    assert frame["src"] == f"{HERE}/embed/board/JFK/departures/"
    assert (int(frame["width"]), int(frame["height"])) == (answer["width"], answer["height"])
    assert frame["title"] == answer["title"]
    assert "B6 1010" in client.get(frame["src"]).text


def test_the_same_as_xml(ask, flight):
    response = ask(BOARD, format="xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response.text.startswith('<?xml version="1.0" encoding="utf-8" standalone="yes"?>')
    root = ElementTree.fromstring(response.content)
    assert root.tag == "oembed"
    assert {field.tag: field.text for field in root} == {name: str(value) for name, value in ask(BOARD).json().items()}


@pytest.mark.parametrize("form", ["yaml", "JSON", "", "jsonp"])
def test_another_format_is_501(ask, flight, form):
    assert ask(BOARD, format=form).status_code == 501
    assert ask("https://elsewhere.example/", format=form).status_code == 501


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [
        ({}, None, None),
        ({"maxwidth": "320"}, 320, None),
        ({"maxheight": "200"}, None, 200),
        ({"maxwidth": "300", "maxheight": "150"}, 300, 150),
        ({"maxwidth": "99999", "maxheight": "99999"}, None, None),
        ({"maxwidth": "1"}, 1, None),
        ({"maxwidth": "0", "maxheight": "-5"}, None, None),
        ({"maxwidth": "wide", "maxheight": "9" * 5000}, None, None),
        ({"maxwidth": "٣٠٠"}, None, None),
    ],
)
def test_it_is_never_larger_than_is_asked_for(ask, flight, asked, width, height):
    """None: its usual size."""
    answer = ask(BOARD, **asked).json()
    size = width or oembed.WIDTH, height or WIDGETS["board"].height
    assert (answer["width"], answer["height"]) == size
    frame = frame_of(answer)
    assert (int(frame["width"]), int(frame["height"])) == size


# Which pages it knows


def test_a_flight_and_a_restaurant(ask, flight, bistro):
    answer = ask(f"{HERE}/flights/{flight.pk}/").json()
    assert frame_of(answer)["src"] == f"{HERE}/embed/flight/{flight.pk}/"
    assert answer["title"] == "B6 1010 New York – Boston"
    answer = ask(f"{HERE}/restaurants/{bistro.slug}/").json()
    assert frame_of(answer)["src"] == f"{HERE}/embed/tables/{bistro.slug}/"


def test_the_address_of_a_frame_itself(ask, flight):
    assert frame_of(ask(f"{HERE}/embed/flight/B6-1010/").json())["src"] == f"{HERE}/embed/flight/B6-1010/"


def test_what_the_page_is_filtered_by_is_kept_if_the_widget_knows_it(ask, flight):
    answer = ask(f"{BOARD}?terminal=5&hours=24&utm_source=x&lang=de&airline=B6#top").json()
    query = parse_qs(urlsplit(frame_of(answer)["src"]).query)
    assert query == {"terminal": ["5"], "airline": ["B6"], "lang": ["de"]}


def test_the_language_is_that_of_the_address_and_not_the_readers(client, flight, monkeypatch):
    monkeypatch.setitem(WIDGETS, "board", replace(WIDGETS["board"], title=lambda thing: get_language()))
    for url, language in ((BOARD, "en"), (f"{BOARD}?lang=de", "de"), (f"{BOARD}?lang=tlh", "en")):
        assert client.get("/oembed", {"url": url}, headers={"Accept-Language": "fr"}).json()["title"] == language


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/flights/JFK/departures/",
        "http://testserver.evil.example/flights/JFK/departures/",
        "http://testserver@evil.example/flights/JFK/departures/",
        "http://user:word@testserver/flights/JFK/departures/",
        "http://testserver:8080/flights/JFK/departures/",
        "https://testserver/flights/JFK/departures/",
        "//testserver/flights/JFK/departures/",
        "/flights/JFK/departures/",
        "ftp://testserver/flights/JFK/departures/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[",
        "http://testserver:port/flights/JFK/departures/",
        "http://testserver/flights/JFK/departures",
        "http://testserver/flights/999999/",
        "http://testserver/flights/QQQ/departures/",
        "http://testserver/restaurants/nowhere/",
        "http://testserver/restaurants/",
        "http://testserver/",
        "http://testserver/nothing/",
        "http://testserver/admin/",
        "http://testserver/flights/disruptions/",
        "http://testserver/embed/nothing/JFK/",
        "http://testserver/%FF%FE/",
        "http://testserver/\x00",
        "http://testserver/" + "a" * 5000,
        "nonsense",
    ],
)
def test_everything_else_is_404(ask, flight, url):
    response = ask(url)
    assert response.status_code == 404
    assert not response.cookies and "url" not in response.text


def test_at_the_origin_that_the_site_is_set_to_have(ask, flight, settings):
    settings.AIRSIDE_ORIGINS = ["https://airside.example"]
    assert ask("https://airside.example/flights/JFK/departures/").status_code == 200
    assert ask("HTTPS://Airside.Example:443/flights/JFK/departures/").status_code == 200
    assert ask("http://airside.example/flights/JFK/departures/").status_code == 404


def test_no_address_at_all_is_400(client):
    assert client.get("/oembed").status_code == 400


def test_what_is_private_is_401_whether_it_exists_or_not(ask, embed, flight):
    """A guess must not learn which keys there are."""
    answers = [
        ask(f"{HERE}{path}")
        for path in (
            f"/embed/k/{embed.token}/",
            "/embed/k/wrong/",
            f"/embed/followed/{flight.pk}/",
            "/embed/followed/999/",
            "/restaurants/booked/wrong/",
            "/restaurants/mine/",
        )
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, "This page is private.\n")}


def test_hostile_names_stay_texts(ask, flight):
    flight.destination.city = '"/><script>alert(1)</script>\x1b'
    flight.destination.save()
    url = f"{HERE}/flights/{flight.pk}/"
    answer = ask(url).json()
    assert frame_of(answer)["title"] == answer["title"] and "\x1b" not in answer["title"]
    assert ElementTree.fromstring(ask(url, format="xml").content).find("html").text == answer["html"]


def test_it_only_reads(client, flight):
    assert client.post("/oembed", {"url": BOARD}).status_code == 405
    assert client.head("/oembed", {"url": BOARD}).status_code == 200


def test_too_many_requests_of_one_address(ask, flight, monkeypatch):
    monkeypatch.setattr(oembed, "A_MINUTE", 2)
    assert [ask(BOARD).status_code for _ in range(3)] == [200, 200, 429]


# Discovery


def links(html):
    found = re.findall(r'<link rel="alternate" type="([\w/+]+oembed)" href="([^"]+)">', html)
    return {kind: address.replace("&amp;", "&") for kind, address in found}


def test_the_pages_say_where_their_answer_is(client, flight, bistro):
    for path in (f"/flights/{flight.pk}/", "/flights/JFK/arrivals/?terminal=5", f"/restaurants/{bistro.slug}/"):
        found = links(client.get(path).text)
        assert set(found) == {"application/json+oembed", "text/xml+oembed"}, path
        answer = client.get(found["application/json+oembed"])
        assert answer.json()["type"] == "rich"
        assert client.get(found["text/xml+oembed"])["Content-Type"].startswith("text/xml")
        if "terminal" in path:
            assert frame_of(answer.json())["src"].endswith("/embed/board/JFK/arrivals/?terminal=5")


@pytest.mark.parametrize("path", ["/", "/flights/", "/restaurants/", "/accounts/login/", "/restaurants/mine/"])
def test_other_pages_say_nothing(client, flight, alice, path):
    client.force_login(alice)
    assert "oembed" not in client.get(path, follow=True).text


def test_every_page_of_a_widget_can_be_asked_for():
    """Each view that a widget names exists, and its address captures what the widget's thing is made of."""
    from django.urls import get_resolver

    for widget in WIDGETS.values():
        for view, thing in widget.pages.items():
            namespace, _, name = view.partition(":")
            _, resolver = get_resolver().namespace_dict[namespace]
            parameters = set(resolver.reverse_dict.getlist(name)[0][0][0][1])
            assert set(re.findall(r"{(\w+)}", thing)) <= parameters, view
