"""Headers made of data: what can't be sent is left out, and what guards a page stays."""

import pytest
from csp.constants import NONE
from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_exempt
from prometheus_client import REGISTRY

from embeds.origins import invalid_origins, valid_origins
from server.headers import ascii_source
from tests.accounts.test_csp import assert_guarded
from urls import urlpatterns as site_urls

SOURCES = [
    "https://bücher.example",
    "https://good.example",
    "https://\ud800.example",
    "https://a.example; script-src *",
    "https://b.example\r\nX-Evil: 1",
]


@xframe_options_exempt
@csp_replace({"frame-ancestors": SOURCES})
def framed(request):
    return HttpResponse("in a frame")


@csp_replace({"frame-ancestors": ["https://\ud800.example"]})
def framed_by_nobody(request):
    return HttpResponse("in no frame")


def odd_headers(request):
    answer = HttpResponse("file")
    answer["Content-Disposition"] = 'inline; filename="Größe.ics"'
    answer["HX-Trigger"] = "東京"
    answer["HX-Redirect"] = "/a/"
    return answer


urlpatterns = [
    *site_urls,
    path("framed/", framed),
    path("framed-by-nobody/", framed_by_nobody),
    path("odd/", odd_headers),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def policy_of(answer):
    return dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))


def counted(kind):
    return REGISTRY.get_sample_value("airside_headers_dropped_total", {"kind": kind}) or 0


def test_one_source_that_cannot_be_sent_costs_no_other(client, caplog):
    before = counted("source")
    answer = client.get("/framed/")
    policy = policy_of(answer)
    assert policy["frame-ancestors"] == "https://xn--bcher-kva.example https://good.example"
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
    assert answer["Content-Security-Policy"].isascii() and "X-Evil" not in answer
    assert counted("source") == before + 3
    assert "frame-ancestors" in caplog.text and "script-src *" not in caplog.text


def test_where_no_source_is_left_nobody_may_frame_it(client):
    answer = client.get("/framed-by-nobody/")
    assert_guarded(answer)
    assert answer["X-Frame-Options"] == "DENY"


def test_without_the_guard_the_whole_policy_goes(client, settings):
    """That the tests above can fail: here is what the library alone sends."""
    settings.MIDDLEWARE = [
        f"{__name__}.{Unguarded.__name__}" if name == "server.headers.Headers" else name for name in settings.MIDDLEWARE
    ]
    answer = client.get("/framed-by-nobody/")
    assert (
        not answer["Content-Security-Policy"].startswith("default-src")
        and "=?utf-8?" in answer["Content-Security-Policy"]
    )


class Unguarded(CSPMiddleware):
    def process_response(self, request, response):
        if hasattr(response, "_csp_replace"):
            response._csp_replace = {"frame-ancestors": ["https://東京.example"]}
        return super().process_response(request, response)


def test_a_header_that_is_not_ascii_never_goes_out(client, caplog):
    before = counted("header")
    answer = client.get("/odd/")
    assert answer.text == "file" and answer["HX-Redirect"] == "/a/"
    assert "Content-Disposition" not in answer and "HX-Trigger" not in answer
    assert all(value.isascii() for _name, value in answer.items())
    assert counted("header") == before + 2
    assert "Content-Disposition" in caplog.text and "Größe" not in caplog.text


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("'self'", "'self'"),
        (NONE, "'none'"),
        ("data:", "data:"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://東京.example:8443", "https://xn--1lqs71d.example:8443"),
        ("https://a.example b.example", None),
        ("https://a.example;", None),
        ("https://" + "ü" * 80 + ".example", None),
        ("https://ü..example", None),
        ("", None),
    ],
)
def test_a_source_is_one_word_in_ascii(source, plain):
    assert ascii_source(source) == plain


def test_a_restaurants_site_with_an_international_name_is_listed_as_browsers_call_it():
    assert valid_origins("https://bücher.example\nhttps://a.example/") == [
        "https://xn--bcher-kva.example",
        "https://a.example",
    ]
    assert invalid_origins("https://" + "ü" * 80 + ".example") != []
