"""Logs and counts each request once it is answered, by the name of its view.

Never by its path or query: a path may hold a key, and a query holds what somebody searches for.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

log = logging.getLogger("airside.requests")

QUIET = {"static", "healthz", "readyz", "metrics"}  # logged only when they fail
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("airside_requests", "Requests answered, by the class of their status.", ["status"])
seconds = Histogram(
    "airside_request_seconds", "Requests, from their middleware to their answer.", ["view"], buckets=SECONDS
)

for status in "2345":
    requests.labels(f"{status}xx")


def log_requests(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware. It is the outermost, so that answers of the other middlewares are logged too."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        log_request(request, response.status_code, time.perf_counter() - began)
        return response

    return answer


def log_request(request: HttpRequest, status: int, took: float) -> None:
    """Log and count one request that took so many seconds."""
    view = view_of(request)
    requests.labels(f"{status // 100}xx").inc()
    seconds.labels(view).observe(took)
    if view in QUIET and status < 400:
        return
    method = request.method if request.method in METHODS else "other"  # a client may send any word
    ms = round(took * 1000)
    level = logging.WARNING if status >= 500 else logging.INFO
    fields = {"method": method, "view": view, "status": status, "ms": ms}
    log.log(level, "%s %s %d in %d ms", method, view, status, ms, extra=fields)


def view_of(request: HttpRequest) -> str:
    """The view's name, such as ``flights:departures``; ``static`` for files, ``none`` where no view answers."""
    match = request.resolver_match
    if match:
        return match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
