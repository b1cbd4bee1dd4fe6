"""Below the addresses of widgets no cookie is read or set, whatever the code behind them does."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from embeds.cookies import without_cookies

pytestmark = pytest.mark.django_db


def seen_and_sent(path):
    """Whether the view behind the middleware sees a cookie, and whether the one that it sets is sent."""
    seen = []

    def view(request):
        seen.append(bool(request.COOKIES))
        response = HttpResponse()
        response.set_cookie("one", "1")
        return response

    request = RequestFactory().get(path, HTTP_COOKIE="sessionid=x")
    return seen.pop() if not without_cookies(view)(request).cookies and seen else (seen.pop(), True)


@pytest.mark.parametrize(
    "path", ["/embed/board/JFK/", "/embed/k/token/", "/embed/airside.js", "/badge/flight/1.svg", "/oembed?url=x"]
)
def test_widgets_know_nobody(path):
    assert seen_and_sent(path) is False


def test_a_fragment_may_read_a_session_and_begins_none():
    assert seen_and_sent("/live/desk/JFK/") is True


def test_other_pages_have_cookies():
    assert seen_and_sent("/accounts/login/") == (True, True)


def test_a_language_that_was_chosen_on_the_site_does_not_count_in_a_frame(flight):
    visitor = Client(headers={"Accept-Language": "fr"})
    visitor.cookies["django_language"] = "de"
    assert '<html lang="en"' in visitor.get("/embed/board/JFK/departures/").text
    assert '<html lang="de"' in visitor.get("/embed/board/JFK/departures/", {"lang": "de"}).text
