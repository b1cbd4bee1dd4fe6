"""Bounds on what a request may take of the database, and the answer when the database is locked, slow or away.

That answer is 503 with a sentence, never the page of a fault. SQLite has no time limit for a query.
"""

import sys
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import server_error
from prometheus_client import Counter

from server.refusals import TOO_BUSY, answer

SQLITE_BUSY, SQLITE_LOCKED = 5, 6

too_busy = Counter("airside_database_waits_refused", "Requests answered 503, because the database took too long.")


def limit_queries(seconds: int) -> None:
    """End each query of this process after so many seconds, on PostgreSQL. To be called before the first one.

    Only serving processes call it: a migration may take as long as it needs.
    """
    options = connections.settings["default"]["OPTIONS"]
    if connection.vendor == "postgresql":
        options["options"] = f"{options.get('options', '')} -c statement_timeout={seconds}s"


def on_failure(request: HttpRequest) -> HttpResponse:
    """``handler500``: the answer to a request whose view or middleware raised."""
    if not any(map(is_busy, chain(sys.exc_info()[1]))):
        return server_error(request)
    too_busy.inc()
    headers, body = answer(TOO_BUSY, request.path, request.headers.get("Accept-Language", ""))
    response = HttpResponse(body, status=TOO_BUSY.status)
    for name, value in headers:
        response[name.decode()] = value.decode()
    return response


def chain(fault: BaseException | None) -> Iterator[BaseException]:
    """An exception and those that caused it."""
    while fault:
        yield fault
        fault = fault.__cause__ or fault.__context__


def is_busy(fault: BaseException) -> bool:
    """Whether the database is locked, slow or away: the same request may succeed later."""
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    code = getattr(fault.__cause__, "sqlite_errorcode", None)  # SQLite says the same of a table that it lacks
    return code is None or code & 0xFF in (SQLITE_BUSY, SQLITE_LOCKED)


def give_back_connections(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware, for who reads slowly: Django itself closes connections once the whole answer is sent."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for used in connections.all(initialized_only=True):
            if not used.in_atomic_block:  # as in tests
                used.close_if_unusable_or_obsolete()
        return response

    return answered
