from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages import nav


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The airport now: search forms, doors and live panels, all of them registered by apps."""
    panels = nav.panel.for_user(request.user)
    context = {
        "searches": nav.search.for_user(request.user),
        "doors": nav.door.for_user(request.user),
        "panels": panels,
        "styles": dict.fromkeys(panel.style for panel in panels),
    }
    return render(request, "pages/front.html", context)
