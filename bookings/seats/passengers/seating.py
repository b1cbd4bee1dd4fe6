"""Seats are chosen here."""

from typing import NoReturn

from django.http import Http404, HttpRequest


def seats(request: HttpRequest, token: str, position: int) -> NoReturn:
    raise Http404
