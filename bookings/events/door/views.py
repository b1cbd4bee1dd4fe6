"""The pages at the doors. Staff of the doors have one right: to check people in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.events.door.access import anybody_at_doors, at_doors, organises
from bookings.events.door.finding import code_of, tickets_of
from bookings.events.door.forms import ChosenForm, DoorForm, ScanForm
from bookings.events.door.listing import cannot_know, token_of
from bookings.events.door.pace import at_pace, with_time
from bookings.events.door.regions import Conflicts, DoorTotals
from bookings.events.door.verdicts import Outcome, Verdict, choose, verdict_of
from bookings.events.door.words import QUIET, words
from bookings.events.models import CheckInList, Event, Scan, Ticket, Way
from bookings.events.models.inside import LINGER
from bookings.events.models.scanning import Press
from once import KeyUsed
from verbs.views import for_role, is_htmx, redirect_303

DOOR = "event_door"  # in the session: the name of the door where somebody stands
MARK = "Airside-Door"  # an answer that is a door's page, which the device may keep


@never_cache
@require_safe
@for_role(anybody_at_doors)
def doors(request: HttpRequest, events: Any) -> HttpResponse:
    """The events at whose doors somebody works, those to come first of all."""
    coming = events.select_related("hall__airport").filter(ends_at__gt=timezone.now() - LINGER)
    return render(request, "events/door/doors.html", {"events": coming.order_by("starts_at")})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(at_doors)
def door(request: HttpRequest, event: Event) -> HttpResponse:
    """The choice of the list, and the name of the door."""
    form = DoorForm(
        event, request.POST or None, initial={"door": request.session.get(DOOR), "list": event.lists.first()}
    )
    if request.method == "POST" and form.is_valid():
        request.session[DOOR] = form.cleaned_data["door"]
        return redirect_303(reverse("events:door-list", args=[event.slug, form.chosen().pk]))
    context = {"event": event, "form": form, "region": DoorTotals(slug=event.slug), **frame(request, event)}
    return render(request, "events/door/door.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_safe
@for_role(at_doors)
def scanning(request: HttpRequest, event: Event, list_: CheckInList) -> HttpResponse:
    if DOOR not in request.session:
        return redirect("events:door", event.slug)
    response = page(request, list_)
    response[MARK] = "yes"
    return with_time(response)


@never_cache
@require_POST
@for_role(at_doors)
@at_pace
def scanned(request: HttpRequest, event: Event, list_: CheckInList) -> HttpResponse:
    """What was scanned or typed. The answer says at once who is let in, or why nobody is."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return refused(request, list_, form)
    tickets = tickets_of(event, form.cleaned_data["text"])
    if len(tickets) > 1:
        return answer(request, list_, choose(tickets), form)
    return check_in(request, list_, tickets[0] if tickets else None, form)


@never_cache
@require_POST
@for_role(at_doors)
@at_pace
def chosen(request: HttpRequest, event: Event, list_: CheckInList, ticket: int) -> HttpResponse:
    """One of several tickets of a registration."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return refused(request, list_, form)
    tickets = Ticket.objects.select_related("type", "event__hall", "registration")
    return check_in(request, list_, get_object_or_404(tickets, event=event, pk=ticket), form)


def check_in(request: HttpRequest, list_: CheckInList, ticket: Ticket | None, form: ScanForm) -> HttpResponse:
    said = form.cleaned_data
    code = code_of(said.get("text", ""))
    press = Press(list_, ticket and ticket.pk, said["key"], said["door"], request.user, said["way"], code)
    try:
        scan = Scan.objects.press(press)
    except KeyUsed as refusal:
        return answer(request, list_, Verdict(Outcome.STOP, str(Outcome.STOP.label), str(refusal)), form)
    return answer(request, list_, verdict_of(scan, ticket), form)


def refused(request: HttpRequest, list_: CheckInList, form: ScanForm) -> HttpResponse:
    text = " ".join(error for errors in form.errors.values() for error in errors)
    return answer(request, list_, Verdict(Outcome.STOP, _("Not a ticket"), text), form)


def answer(request: HttpRequest, list_: CheckInList, verdict: Verdict, form: ScanForm) -> HttpResponse:
    if not is_htmx(request):
        return page(request, list_, verdict, form.data.get("way", Way.ENTRY))
    context = {
        "verdict": verdict,
        "list": list_,
        "event": list_.event,
        "way": form.data.get("way", Way.ENTRY),
        "door": form.data.get("door", ""),
    }
    return with_time(render(request, "events/door/_verdict.html", context, status=verdict.status))


def page(
    request: HttpRequest, list_: CheckInList, verdict: Verdict | None = None, way: str = Way.ENTRY
) -> HttpResponse:
    event, name = list_.event, request.session.get(DOOR, "")
    context = {
        "list": list_,
        "door": name,
        "way": way,
        "form": ScanForm(initial={"door": name, "way": way}),
        "region": DoorTotals(slug=event.slug),
        "verdict": verdict,
        "quiet": QUIET,
        "cannot": cannot_know(list_),
        "script": words(list_, token_of(request.user, list_)),
        **frame(request, event),
    }
    return render(request, "events/door/scanning.html", context, status=verdict.status if verdict else 200)


def frame(request: HttpRequest, event: Event) -> dict[str, Any]:
    organiser = Event.objects.of(request.user).filter(pk=event.pk).exists()
    return {"event": event, "page_airport": event.hall.airport, "is_organiser": organiser}


# For organisers


@never_cache
@require_safe
@for_role(organises)
def conflicts(request: HttpRequest, event: Event) -> HttpResponse:
    context = {"region": Conflicts(slug=event.slug), "totals": DoorTotals(slug=event.slug), **frame(request, event)}
    return render(request, "events/door/conflicts.html", context)


@require_POST
@for_role(organises)
def seen(request: HttpRequest, event: Event) -> HttpResponse:
    """Of the conflicts of one ticket or code, or of all."""
    if request.POST.get("all"):
        groups = list(Scan.objects.conflicts(event).filter(seen_at=None).values_list("ticket", "code").distinct())
    else:
        ticket = request.POST.get("ticket", "")
        code = request.POST.get("code", "").replace("\0", "")[:64]
        groups = [(int(ticket) if ticket.isdecimal() and len(ticket) < 19 else None, code)]
    for group in groups:
        Scan.objects.mark_seen(event, *group)
    if is_htmx(request):
        return HttpResponse(status=204)
    return redirect_303(reverse("events:door-conflicts", args=[event.slug]))


@require_POST
@for_role(organises)
def empty(request: HttpRequest, event: Event) -> HttpResponse:
    """Everybody has left."""
    count = Scan.objects.let_all_out(event, by=request.user)
    text = ngettext("%(count)s person was counted out.", "%(count)s people were counted out.", count)
    messages.success(request, text % {"count": count})
    return redirect_303(reverse("events:door-conflicts", args=[event.slug]))
