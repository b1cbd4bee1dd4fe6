"""The service worker of boarding passes: a pass that was opened once is shown without a network too."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.seats.passengers.checkin import MARK
from pages.kept import worker_script


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script. Its scope is its own folder, which has boarding passes and nothing else."""
    return worker_script("airside-passes", "airside-pass-files", MARK)
