"""The service worker of boarding passes: a pass that was opened once is shown without a network too."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.seats.passengers.checkin import KEEPING, MARK

SOURCE = settings.BASE / "static" / "js" / "seats" / "pass-worker.js"


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script. Its scope is its own folder, which has boarding passes and nothing else."""
    constants = {
        "RELEASE": settings.RELEASE,
        "STATIC": settings.STATIC_URL,
        "KEEPING": KEEPING,
        "MARK": MARK,
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return HttpResponse("\n".join([*lines, SOURCE.read_text()]), content_type="text/javascript")
