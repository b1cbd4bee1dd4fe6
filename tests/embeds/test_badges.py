"""The images of badges, whatever they show; and the answers that carry them."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from django.db import OperationalError
from django.test import Client
from PIL import Image

from embeds import badges
from embeds.badge_images import LONGEST_LABEL, LONGEST_TITLE, LONGEST_WORD, THEMES, badge_png, badge_svg, clean
from embeds.badges import BADGES, Badge, register_badge
from tests.embeds.svg import SVG, texts, title

HOSTILE = [
    "<script>alert(1)</script>",
    '"/><image href="https://evil.example/x"/>',
    "]]><!--",
    "&lt;&amp;",
    "a\x00b\x0b\x1b[31m\ufffe",
    "\u202eright to left\u202c",
    "two\nlines\tand\u2028more",
    "\ud800",
    "{{ title }}{% now 'Y' %}",
]


@pytest.fixture
def shows():
    """``shows(Badge("A", "b"))``: what ``/badge/thing/x.svg`` shows from now on. An exception is raised."""

    def show(shown):
        def look_up(thing, query):
            if isinstance(shown, Exception):
                raise shown
            return shown

        register_badge("thing", look_up)

    yield show
    BADGES.pop("thing", None)


def opened(png):
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


# The image


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text):
    svg = badge_svg(text, text, text, title=text)
    root = ElementTree.fromstring(svg)  # it is XML
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names == {"svg", "title", "rect", "path", "g", "text"}
    assert texts(svg) == [clean(text, LONGEST_LABEL), clean(text, LONGEST_WORD)]
    assert title(svg) == root.get("aria-label") == clean(text, LONGEST_TITLE)
    assert all(character.isprintable() for character in title(svg))
    assert badge_png(text, text, text)


def test_what_xml_forbids_and_what_turns_the_direction_is_left_out():
    assert texts(badge_svg("a\x00b\ud800\ufffe", "\u202eabc\u2066\n\u00a0 d")) == ["ab", "abc d"]


def test_long_texts_are_cut():
    svg = badge_svg("L" * 1000, "w " * 1000, title="t" * 10_000)
    label, word = texts(svg)
    assert label == "L" * (LONGEST_LABEL - 1) + "…"
    assert len(word) <= LONGEST_WORD
    assert len(title(svg)) == LONGEST_TITLE
    assert len(svg) < 2000


def test_no_text_at_all():
    assert texts(badge_svg("", "")) == ["", ""]
    assert opened(badge_png("", "")).width > 0


@pytest.mark.parametrize("word", ["i", "iiiiiiiiii", "WWWWWWWWWW", "Verspätet 1 h 05", "Łódź", "漢字漢字漢字"])
def test_each_text_lies_inside_its_part(word):
    """And is fitted into its place, whatever font the reader has."""
    root = ElementTree.fromstring(badge_svg("B6 1010", word))
    width = int(root.get("width"))
    left, right = root.iter(f"{SVG}text")
    border = int(root.find(f"{SVG}path").get("d").split()[0].removeprefix("M"))
    for text, begins, ends in ((left, 0, border), (right, border, width)):
        assert text.get("lengthAdjust") == "spacingAndGlyphs"
        assert begins + 6 == int(text.get("x"))
        assert int(text.get("x")) + int(text.get("textLength")) == ends - 6


def test_a_wide_text_makes_a_wide_badge():
    def width(word):
        return int(ElementTree.fromstring(badge_svg("B6 1010", word)).get("width"))

    assert width("iiii") < width("nnnn") < width("WWWW")


def test_both_formats_have_one_size():
    for word in ("On time · 14:05", "Łódź", "?"):
        root = ElementTree.fromstring(badge_svg("B6 1010", word))
        image = opened(badge_png("B6 1010", word))
        assert image.size == (int(root.get("width")) * 2, int(root.get("height")) * 2)


def test_the_png_shows_the_text_and_has_round_corners():
    image = opened(badge_png("Label", "Word", "bad"))
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] < 10 and image.getpixel((image.width // 2, 20))[3] == 255
    colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 16)}
    assert {(0x16, 0x13, 0x0A), (0xA3, 0x16, 0x0F), (0xFF, 0xFF, 0xFF)} <= colours
    assert badge_png("Label", "Word", "bad") != badge_png("Label", "Ward", "bad")
    inside = image.crop((12, 0, image.width - 12, image.height)).convert("RGB")
    right_edge = image.crop((image.width - 12, 8, image.width, 32)).convert("RGB")
    assert len(inside.getcolors(1 << 16)) > 10 and len(right_edge.getcolors(1 << 16)) == 1  # nothing is cut off


def test_letters_that_b612_does_not_have_are_drawn_all_the_same():
    assert badge_png("Łódź", "") != badge_png("????", "")
    assert badge_png("漢", "") == badge_png("?", "")  # no font here has it


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tone", ["", "good", "warn", "bad", "go", "calm"])
def test_texts_can_be_read(theme, tone):
    root = ElementTree.fromstring(badge_svg("A", "b", tone, theme))
    left, right = root.iter(f"{SVG}text")
    assert contrast(root.find(f"{SVG}rect").get("fill"), left.get("fill")) > 4.5
    assert contrast(root.find(f"{SVG}path").get("fill"), right.get("fill")) > 4.5


# The answer

FORMATS = {"svg": "image/svg+xml", "png": "image/png"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_its_headers(client, db, shows, suffix):
    shows(Badge("A", "b"))
    response = client.get(f"/badge/thing/x.{suffix}")
    assert response.status_code == 200
    assert response["Content-Type"] == FORMATS[suffix]
    assert set(response["Cache-Control"].split(", ")) == {"no-cache", "max-age=0"}
    assert response["ETag"].startswith('"')
    policy = set(response["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "frame-ancestors 'none'"}
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_a_svg_loads_nothing(shows, client, db):
    shows(Badge("A", "b"))
    svg = client.get("/badge/thing/x.svg").text.replace("http://www.w3.org/2000/svg", "")
    assert not any(word in svg for word in ("http", "href", "url(", "@import", "style", "script"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_unchanged_badge_is_not_sent_again(client, db, shows, suffix):
    address = f"/badge/thing/x.{suffix}"
    shows(Badge("A", "b"))
    etag = client.get(address)["ETag"]
    for kept in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get(address, headers={"If-None-Match": kept})
        assert again.status_code == 304 and not again.content
        assert again["ETag"] == etag and "no-cache" in again["Cache-Control"]
    shows(Badge("A", "c"))
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag


def test_formats_themes_languages_and_titles_have_etags_of_their_own(client, db, shows):
    shows(Badge("A", "b", title="one"))
    etags = [client.get(f"/badge/thing/x.{end}")["ETag"] for end in ("svg", "png", "svg?theme=dark", "svg?lang=de")]
    shows(Badge("A", "b", title="two"))
    etags.append(client.get("/badge/thing/x.svg")["ETag"])
    assert len(set(etags)) == 5


@pytest.mark.parametrize("suffix", FORMATS)
def test_head(client, db, shows, suffix):
    shows(Badge("A", "b"))
    head, full = client.head(f"/badge/thing/x.{suffix}"), client.get(f"/badge/thing/x.{suffix}")
    assert head.status_code == 200 and not head.content
    for name in ("Content-Type", "ETag", "Cache-Control", "Content-Length"):
        assert head[name] == full[name]


def test_no_other_method(client, db, shows):
    shows(Badge("A", "b"))
    assert client.post("/badge/thing/x.svg").status_code == 405


def test_themes_by_the_address(client, db, shows):
    shows(Badge("A", "b"))
    light, dark, odd = (client.get(f"/badge/thing/x.svg?theme={theme}").text for theme in ("light", "dark", '"><x'))
    assert light == client.get("/badge/thing/x.svg").text == odd != dark
    assert client.get("/badge/thing/x.png").content != client.get("/badge/thing/x.png?theme=dark").content


def test_the_language_is_that_of_the_address_and_not_the_readers(client, db, shows):
    shows(Badge("A", "b"))
    for asked, language in (("de", "de"), ("de-AT", "de"), ("FR", "fr"), ("tlh", "en"), ("x" * 5000, "en"), ("", "en")):
        response = client.get("/badge/thing/x.svg", {"lang": asked}, headers={"Accept-Language": "es"})
        assert response["Content-Language"] == ElementTree.fromstring(response.text).get("lang") == language


def test_cookies_change_nothing(client, db, shows, alice):
    shows(Badge("A", "b"))
    plain = client.get("/badge/thing/x.svg")
    client.force_login(alice)
    client.cookies["django_language"] = "de"
    signed_in = client.get("/badge/thing/x.svg")
    assert signed_in.content == plain.content and not Client.get(client, "/badge/thing/x.svg").cookies


@pytest.mark.parametrize(
    "address", ["/badge/nothing/x.svg", "/badge/thing/x.gif", "/badge/thing/.svg", "/badge/thing.svg"]
)
def test_what_is_no_badge_is_not_found(client, db, shows, address):
    shows(Badge("A", "b"))
    assert client.get(address).status_code == 404


def test_asked_too_often_it_is_an_image_still_and_asks_nobody(client, db, shows, monkeypatch):
    monkeypatch.setattr(badges, "A_MINUTE", 2)
    shows(Badge("A", "b"))
    for _ in range(2):
        assert texts(client.get("/badge/thing/x.svg").text) == ["A", "b"]
    shows(AssertionError("looked up"))
    for suffix in FORMATS:
        response = client.get(f"/badge/thing/x.{suffix}")
        assert response.status_code == 200 and response["Content-Type"] == FORMATS[suffix]
    assert texts(client.get("/badge/thing/x.svg").text) == ["Airside", "asked too often"]
    shows(Badge("A", "b"))
    other = client.get("/badge/thing/x.svg", REMOTE_ADDR="198.51.100.9")
    assert texts(other.text) == ["A", "b"]


def test_without_a_database_it_is_an_image_still(client, db, shows, caplog):
    shows(OperationalError("gone"))
    response = client.get("/badge/thing/x.svg")
    assert response.status_code == 200 and texts(response.text) == ["Airside", "not known now"]
    assert "could not look up a badge: thing" in caplog.text
