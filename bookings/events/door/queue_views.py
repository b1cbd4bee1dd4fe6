"""What a device without a network needs: the list that it keeps, the way for what it queued, and the worker of its page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.door.access import at_doors
from bookings.events.door.finding import code_of, tickets_of
from bookings.events.door.forms import QueuedForm
from bookings.events.door.listing import listing, scanned_by
from bookings.events.door.pace import at_pace, with_time
from bookings.events.door.verdicts import Verdict, not_recorded, verdict_of_queued
from bookings.events.door.views import MARK
from bookings.events.models import CheckInList, Event, Scan
from bookings.events.models.scanning import Press
from limits import limited, session
from once import KeyUsed
from pages.kept import worker_script
from verbs.views import for_role


@never_cache
@require_safe
@limited("door-lists", 300, who=session, methods=("GET",))
@for_role(at_doors)
def tickets(request: HttpRequest, event: Event, list_: CheckInList) -> HttpResponse:
    """The list for this device's session."""
    return with_time(JsonResponse(listing(list_, request.session.session_key or "", request.user)))


@never_cache
@require_POST
@for_role(at_doors)
@at_pace
def queued(request: HttpRequest, event: Event, list_: CheckInList) -> HttpResponse:
    """One scan of a device's queue. It is acknowledged by its key; the device keeps it until then.

    ``html``: its verdict, for the screen that still says "Queued" of it.
    """
    received_at = timezone.now()
    form = QueuedForm(request.POST)
    if not form.is_valid():
        text = " ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in errors)
        return refused(text)
    said = form.cleaned_data
    found = tickets_of(event, said["text"])
    ticket = found[0] if len(found) == 1 else None
    by = scanned_by(said["token"], list_, request.user)
    press = Press(list_, ticket and ticket.pk, said["key"], said["door"], by, said["way"], code_of(said["text"]))
    try:
        scan = Scan.objects.take_in(press, form.queued(received_at))
    except KeyUsed as refusal:
        return refused(str(refusal))
    recorded = {"state": "recorded", "key": str(scan.key), "is_conflict": scan.is_conflict}
    return with_time(JsonResponse({**recorded, "html": html_of(verdict_of_queued(scan, ticket))}))


def refused(text: str) -> HttpResponse:
    said = {"state": "refused", "text": text, "html": html_of(not_recorded(text))}
    return with_time(JsonResponse(said, status=422))


def html_of(verdict: Verdict) -> str:
    return render_to_string("events/door/_verdict.html", {"verdict": verdict})


@never_cache
@require_safe
def worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The script. Its scope is its own folder: the doors of one event."""
    return worker_script("airside-doors", "airside-door-files", MARK)
