"""How much one address may ask for in ten minutes: a whole airport may be behind one, a script that empties a room too."""

from functools import wraps
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.shortcuts import render

WITHIN = 10 * 60


def limited(view):
    """A view whose POSTs are counted, together with those of all such views."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if request.method == "POST" and count(request.META["REMOTE_ADDR"]) > settings.POSTS_PER_ADDRESS:
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    return asked


def count(address):
    """How often this address has asked, this time included."""
    key = f"restaurants-asked-{neighbourhood(address)}"
    if cache.add(key, 1, WITHIN):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ended in this very moment
        return 1


def neighbourhood(address):
    """An IPv6 address stands for its network: who has one has all of it."""
    try:
        return ip_network((address, 64), strict=False).network_address if ip_address(address).version == 6 else address
    except ValueError:
        return "unknown"
