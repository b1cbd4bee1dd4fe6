"""Addresses for those who watch over the site: whether it lives, whether it can serve, what it counts.

Balancers and Prometheus ask each process by itself, by plain http and by whatever name or address they have for it. So
these are answered early, by a middleware before those that mind the Host, look for a session or open the database.
"""

import logging
from secrets import compare_digest

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from live import health

log = logging.getLogger("airside")

EARLY = {"/healthz", "/readyz", "/metrics"}


def probes(get_response):
    """The middleware."""

    def answer(request):
        if request.path_info not in EARLY:
            return get_response(request)
        request.resolver_match = resolve(request.path_info)
        return request.resolver_match.func(request)

    return answer


@never_cache
@require_safe
def healthz(request):
    """Whether the process is alive; it asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Whether the process can serve: 200, or 503 where a vital check fails. The checks are told in either case."""
    ready, checks = async_to_sync(health.ask)()
    if not ready:
        problems = [f"{name}: {check['problem']}" for name, check in checks.items() if not check["ok"]]
        log.warning("not ready: %s", ", ".join(problems))
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request):
    """What this process has counted, for who has the key. Where there is no key, there is no such address."""
    if not settings.METRICS_KEY:
        return HttpResponseNotFound(content_type="text/plain")
    if not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_KEY}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(REGISTRY), content_type=content_type)
