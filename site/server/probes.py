"""Addresses for monitoring: whether the process lives, whether it can serve, and what it has counted.

Load balancers and Prometheus ask each process directly, by plain http and by any host name. So a middleware answers
these paths before those that check the Host, read a session or open the database.
"""

import logging
from collections.abc import Callable
from secrets import compare_digest

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from live import health

log = logging.getLogger("airside")

PATHS = {"/healthz", "/readyz", "/metrics"}


def probes(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PATHS:
            return get_response(request)
        request.resolver_match = resolve(request.path_info)
        response: HttpResponseBase = request.resolver_match.func(request)
        return response

    return answer


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process is alive; it asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the process can serve: 200, or 503 where a vital check fails. Both answers list all checks."""
    ready, checks = async_to_sync(health.ask)()
    if not ready:
        problems = [f"{name}: {check['problem']}" for name, check in checks.items() if not check["ok"]]
        log.warning("not ready: %s", ", ".join(problems))
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of this process; 404 unless AIRSIDE_METRICS_KEY is set, 401 without that key."""
    if not settings.METRICS_KEY:
        return HttpResponseNotFound(content_type="text/plain")
    if not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_KEY}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(REGISTRY), content_type=content_type)
