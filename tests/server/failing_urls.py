"""The site's addresses, and some whose views fail with all that they know of who asks."""

from django.core.exceptions import SuspiciousOperation
from django.urls import path

from urls import urlpatterns as site_urls


def fail(request, key):
    try:
        {}[request.user.email]
    except KeyError as fault:
        raise ValueError(f"{request.user.first_name} at {request.META['REMOTE_ADDR']} has {key}") from fault


def suspect(request, key):
    raise SuspiciousOperation(f"{request.user.first_name} - {key}: no")


urlpatterns = [*site_urls, path("fails/<str:key>/", fail, name="fails"), path("suspects/<str:key>/", suspect)]
