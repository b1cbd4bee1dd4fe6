from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from live.regions import find


@require_safe
def front(request):
    """The airport now: what leaves next, what is disturbed, and doors to the rest. Its parts are known by address alone."""
    home = settings.HOME_AIRPORT
    return render(
        request, "pages/front.html", {"next": find(f"next/{home}/", {}), "disturbed": find(f"disruptions/{home}/", {})}
    )
