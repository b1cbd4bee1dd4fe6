"""What is held or offered, and the form that registers. Nothing that was typed is lost, whatever becomes of the places."""

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.events.attendees import links
from bookings.events.attendees.choosing import public_event
from bookings.events.attendees.events import held_url, hold_or_say
from bookings.events.attendees.forms import AttendeesForm
from bookings.events.attendees.registration_regions import HeldPlaces
from bookings.events.models import IllegalMove, Refused, State, TooMany
from bookings.events.models.states import ASKING
from limits import TooMany as TooOften
from limits import limited, too_many
from links.views import open_link
from verbs.views import redirect_303

TYPED = "events.typed"  # in the session: what somebody typed when their time was over


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("registrations")
def held(request: HttpRequest, token: str) -> HttpResponse:
    """A hold or an offer with its countdown, and the form. Sent twice, it leads to the same registration."""
    registration = open_link(request, links.registrations(), token)
    if registration.booked_at:
        return ended(request, registration)
    if request.method != "POST":
        return page(request, registration, AttendeesForm(registration, initial=known(request)))
    form = AttendeesForm(registration, request.POST)
    if not form.is_valid():
        return page(request, registration, form, 422)
    return book(request, registration, form)


def book(request: HttpRequest, registration: Any, form: AttendeesForm) -> HttpResponse:
    data = form.cleaned_data
    user = request.user if request.user.is_authenticated else None
    try:
        registration.book(
            data["name"], data["email"], data["phone"], user, names=form.names, answers=form.answers, emails=form.emails
        )
    except IllegalMove:
        if registration.booked_at:
            return ended(request, registration)
        request.session[TYPED] = form.kept()
        return page(request, registration, form, 410)
    except Refused as refusal:
        return page(request, registration, form, 429 if isinstance(refusal, TooMany) else 422, problem=str(refusal))
    request.session.pop(TYPED, None)
    return redirect_303(registration.get_absolute_url())


def page(request: HttpRequest, registration: Any, form: AttendeesForm, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "registration": registration,
        "event": registration.event,
        "form": form,
        "region": HeldPlaces(token=registration.token).of_read(registration),
        "is_expired": registration.is_expired(),
        "needs_approval": any(ticket.type.needs_approval for ticket in form.tickets),
        "page_airport": registration.event.hall.airport,
        **said,
    }
    return render(request, "events/attendees/held.html", context, status=status)


def ended(request: HttpRequest, registration: Any) -> HttpResponse:
    """It is registered already, or was released."""
    if registration.booked_at:
        return redirect_303(registration.get_absolute_url())
    messages.info(request, _("These places are not held any more. Choose again."))
    return redirect_303(registration.event.get_absolute_url())


def known(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: of the account, and what was typed for places that were gone."""
    found = {}
    if request.user.is_authenticated:
        found = {"name": request.user.get_full_name(), "email": request.user.email}
    return {**found, **request.session.get(TYPED, {})}


@require_POST
@limited("registrations")
def extend(request: HttpRequest, token: str) -> HttpResponse:
    """Hold them for their whole time once more. What was typed comes along in the form of the page."""
    registration = open_link(request, links.registrations(), token)
    if registration.state not in ASKING:
        return ended(request, registration)
    remember(request, registration)
    try:
        registration.extend()
    except Refused as refusal:
        return page(
            request, registration, AttendeesForm(registration, initial=known(request)), 409, problem=str(refusal)
        )
    messages.success(request, _("Your places are held for 10 more minutes."))
    return redirect_303(held_url(registration))


@require_POST
@limited("event-holds")
def again(request: HttpRequest, token: str) -> HttpResponse:
    """The time of a hold is over: hold the same places again, if they are free. What was typed is in the next form."""
    registration = open_link(request, links.registrations(), token)
    if registration.booked_at:
        return ended(request, registration)
    remember(request, registration)
    try:
        return hold_or_say(request, public_event(request, registration.event.slug), same_again(registration))
    except TooOften as fault:
        return too_many(request, fault)


def remember(request: HttpRequest, registration: Any) -> None:
    if typed := AttendeesForm(registration, request.POST).kept():
        request.session[TYPED] = typed


def same_again(registration: Any) -> dict[str, str]:
    """What the form of the event's page would send for the same places."""
    counts = Counter(registration.tickets.values_list("type", flat=True))
    voucher = registration.voucher.code if registration.voucher else ""
    return {"key": str(uuid4()), "voucher": voucher, **{f"type-{type_}": str(count) for type_, count in counts.items()}}


@require_POST
@limited("registrations")
def release(request: HttpRequest, token: str) -> HttpResponse:
    """Give the places up. For an offer of the waitlist this declines it, and the next party is asked."""
    registration = open_link(request, links.registrations(), token)
    with suppress(IllegalMove):
        if registration.state == State.OFFERED:
            entry = getattr(registration, "waitlist_entry", None)
            if entry is not None:
                entry.leave()
                return redirect_303(reverse("events:waiting", args=[entry.token]))
        registration.release()
    return ended(request, registration)
