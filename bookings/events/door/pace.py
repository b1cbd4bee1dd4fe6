"""How fast one person may scan, and the server's time in each answer, from which a device knows the offset of its clock."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bookings.events.door.listing import milliseconds
from limits import MINUTE, TooMany, check

TIME = "Airside-Time"  # milliseconds since 1970


def at_pace(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A decorator inside ``for_role``: 429 for more scans in a minute than people could make at all their doors."""

    @wraps(view)
    def counted(request: HttpRequest, **captured: Any) -> HttpResponse:
        try:
            check("door", request.user.pk, settings.DOOR_SCANS_A_MINUTE, MINUTE)
        except TooMany as fault:
            response = HttpResponse(status=429)
            response["Retry-After"] = str(fault.retry_after)
            return response
        return view(request, **captured)

    return counted


def with_time(response: HttpResponse) -> HttpResponse:
    response[TIME] = str(milliseconds(timezone.now()))
    return response
