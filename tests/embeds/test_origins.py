"""A list of sites goes into a header: nothing in it may mean anything else there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeds.origins import invalid_origins, valid_origins


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("https://hotel.example", "https://hotel.example"),
        ("https://hotel.example/", "https://hotel.example"),
        ("http://localhost:8443", "http://localhost:8443"),
        ("https://café.example", "https://xn--caf-dma.example"),
        ("https://Hotel.Example:443", "https://hotel.example"),
        ("https://[2001:db8::1]:8000", "https://[2001:db8::1]:8000"),
    ],
)
def test_origins_as_browsers_send_them(line, sent):
    assert valid_origins(line) == [sent]
    assert invalid_origins(line) == []


@given(st.text(max_size=60))
def test_whatever_is_typed_nothing_else_gets_into_the_header(text):
    for origin in valid_origins(text):
        assert origin.isascii()
        assert origin.startswith(("https://", "http://"))
        assert not set(origin) & set(" ;,'\"*@\r\n\t")


@given(
    st.sampled_from(["https://a.example", "http://b.example:81"]),
    st.sampled_from([";", ",", " ", "'", '"', "*", "@", "/x", "?x", "#x"]),
)
def test_an_origin_with_anything_more_is_none(origin, more):
    assert valid_origins(f"{origin}{more}x") == [] or more.isspace()
