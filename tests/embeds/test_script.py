"""static/js/embed/airside.js: its size, and that it knows the widgets that the apps have."""

import gzip
import re

import brotli
import pytest
from django.conf import settings

from embeds.registry import WIDGETS

SCRIPT = settings.BASE / "static/js/embed/airside.js"
DEFINED = re.compile(r'define\("(\w+)"(?:, \[(.*?)\])?(?:, \[(.*?)\])?\);')


def elements():
    """What the script defines: the attributes of each element, by the name of the widget."""
    defined = DEFINED.findall(SCRIPT.read_text())
    return {widget: re.findall(r"\w+", f"{things} {filters}") for widget, things, filters in defined}


@pytest.mark.parametrize("compress", [gzip.compress, brotli.compress])
def test_it_is_under_4_kb(compress):
    assert len(compress(SCRIPT.read_bytes())) < 4096


def test_it_has_an_element_for_each_widget():
    """But for a flight that is followed, which <airside-flight key="…"> shows."""
    assert set(elements()) == set(WIDGETS) - {"followed"}


@pytest.mark.parametrize(
    ("widget", "data"),
    [
        ("board", {"airport": "JFK", "side": "departures", "rows": "5", "terminal": "5"}),
        ("flight", {"flight": "B6 1010", "date": "2026-11-26"}),
        ("tables", {"restaurant": "bistro", "party": "4"}),
    ],
)
def test_what_a_snippet_says_are_attributes_of_the_element(flight, bistro, widget, data):
    form = WIDGETS[widget].form(data)
    assert form.is_valid(), form.errors
    assert set(form.attributes) | set(form.options) == set(data)
    assert set(data) <= set(elements()[widget])


@pytest.mark.parametrize(
    "never",
    ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "setAttribute(", "cookie", "Storage"],
)
def test_it_has_nothing_that_a_strict_page_forbids(never):
    assert never not in SCRIPT.read_text()
