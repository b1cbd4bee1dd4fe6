"""Pages of attendees."""

from django.http import Http404, HttpRequest, HttpResponse


def events(request: HttpRequest) -> HttpResponse:
    raise Http404


def event(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def registration(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404
