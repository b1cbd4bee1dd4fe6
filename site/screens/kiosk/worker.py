"""The service worker of screens, and the page that it shows where no server answers."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from languages import ALL
from pages.nav import home_airport
from screens.kiosk.views import private

SOURCE = settings.BASE / "static" / "js" / "kiosk" / "worker.js"
FILES = [  # what the page is made of
    "css/kiosk.css",
    "js/kiosk/starting.js",
    "fonts/b612-latin-400-normal.woff2",
    "fonts/b612-latin-700-normal.woff2",
]


@private
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script, for the scope /kiosk/. It differs from release to release, so browsers exchange it then."""
    constants = {
        "RELEASE": settings.RELEASE,
        "STARTING": reverse("screens:starting"),
        "FILES": [static(name) for name in FILES],
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return HttpResponse("\n".join([*lines, SOURCE.read_text()]), content_type="text/javascript")


@private
@require_safe
def starting(request: HttpRequest) -> HttpResponse:
    """The page, the same for all screens: the worker keeps it before it is known which of them will need it."""
    context: dict[str, Any] = {"languages": ALL, "airport": home_airport()}
    return HttpResponse(render_to_string("screens/kiosk/starting.html", context))
