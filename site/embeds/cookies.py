"""Widgets know nobody: no cookie is read or set below these addresses, whatever the code behind them does.

A browser keeps cookies of a frame from its site, or forgets them, as it likes; and where none is set nobody has to be
asked for consent (ePrivacy, article 5(3)). The language is the one that the address names.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

WITHOUT = ("/embed/", "/live/embed/", "/badge/", "/oembed")
SETTING_NONE = (*WITHOUT, "/live/")  # a fragment may need a session, and begins none

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def without_cookies(get_response: GetResponse) -> GetResponse:
    """The middleware. It stands outside of all that read or set cookies: sessions, languages, forms, messages."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(SETTING_NONE):
            return get_response(request)
        if request.path_info.startswith(WITHOUT):
            request.META.pop("HTTP_COOKIE", None)
            request.META["HTTP_ACCEPT_LANGUAGE"] = request.GET.get("lang", "")
        response = get_response(request)
        response.cookies.clear()
        return response

    return answer
