"""A registration behind its link: its page, paying, changing, transferring, cancelling, and the link itself."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.events.attendees import links, shown
from bookings.events.attendees.events import held_url
from bookings.events.attendees.forms import AttendeesForm, FlightForm, TransferForm
from bookings.events.attendees.registration_regions import MyRegistration, MyRegistrations
from bookings.events.models import Changed, IllegalMove, Refused, State
from bookings.events.models.states import ASKING, MADE
from checkout.models import Payment
from limits import limited
from links.views import open_link
from post.calendars import feed_at
from verbs.views import redirect_303


@never_cache
@require_safe
def registration(request: HttpRequest, token: str) -> HttpResponse:
    found = open_link(request, links.registrations(), token)
    if found.state in ASKING:
        return redirect_303(held_url(found))
    if found.booked_at is None:
        return redirect_303(found.event.get_absolute_url())
    return page(request, found)


def page(request: HttpRequest, found: Any, status: int = 200, **said: Any) -> HttpResponse:
    """The page of a registration. ``said``: ``problem``, or a form as it was filled in, by its name in the template."""
    now = timezone.now()
    open_tickets = list(found.live_tickets.select_related("type"))
    context = {
        "registration": found,
        "event": found.event,
        "token": found.token,
        "tz": found.event.tz,
        "region": MyRegistration(token=found.token).of_read(found),
        "transfer": TransferForm(auto_id="transfer-%s"),
        "flight": FlightForm(found, auto_id="flight-%s"),
        "is_made": found.state in MADE and not shown.is_late(found, now),
        "is_confirmed": found.state == State.CONFIRMED,
        "is_over": found.event.has_ended(now),
        "may_cancel": shown.may_cancel(found, now),
        "back": shown.back_if_cancelled(found),
        "each": [(ticket, shown.back_if_cancelled(found, [ticket])) for ticket in open_tickets]
        if len(open_tickets) > 1
        else [],
        "page_airport": found.event.hall.airport,
        **said,
    }
    return render(request, "events/attendees/registration.html", context, status=status)


@require_POST
@limited("payments")
def pay(request: HttpRequest, token: str) -> HttpResponse:
    found = open_link(request, links.made(), token)
    if not found.amount_due() or found.is_expired():
        return redirect_303(found.get_absolute_url())
    try:
        payment = Payment.objects.begin(found)
    except Refused as refusal:
        return page(request, found, 422, problem=str(refusal))
    return redirect(payment.get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("registrations")
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Names, answers and how to be reached: for places that one has already."""
    found = open_link(request, links.made(), token)
    if found.state not in MADE:
        return redirect_303(found.get_absolute_url())
    if request.method != "POST":
        return change_page(request, found, AttendeesForm(found))
    form = AttendeesForm(found, request.POST)
    if not form.is_valid():
        return change_page(request, found, form, 422)
    data = form.cleaned_data
    try:
        found.change(form.names, form.answers, data["email"], data["phone"], emails=form.emails, name=data["name"])
    except Refused as refusal:
        return change_page(request, found, form, 409 if isinstance(refusal, Changed) else 422, problem=str(refusal))
    messages.success(request, _("Your changes are saved."))
    return redirect_303(found.get_absolute_url())


def change_page(request: HttpRequest, found: Any, form: AttendeesForm, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "registration": found,
        "event": found.event,
        "form": form,
        "page_airport": found.event.hall.airport,
        **said,
    }
    return render(request, "events/attendees/change.html", context, status=status)


@require_POST
@limited("registrations")
def transfer(request: HttpRequest, token: str) -> HttpResponse:
    """To another person, who gets new tickets and a link of their own."""
    found = open_link(request, links.made(), token)
    form = TransferForm(request.POST, auto_id="transfer-%s")
    if not form.is_valid():
        return page(request, found, 422, transfer=form)
    event, name = found.event, form.cleaned_data["name"]
    try:
        found.transfer(**form.cleaned_data)
    except Refused as refusal:
        return page(request, found, 422, problem=str(refusal))
    words = _("Transferred. We have sent %(name)s the tickets. Your tickets and links are no longer valid.")
    messages.success(request, words % {"name": name})
    return redirect_303(event.get_absolute_url())


@require_POST
@limited("registrations")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Sent twice, it is cancelled once."""
    found = open_link(request, links.made(), token)
    if found.state == State.CANCELLED:
        return redirect_303(found.get_absolute_url())
    return done(request, found, found.cancel, _("Your registration is cancelled."))


@require_POST
@limited("registrations")
def cancel_ticket(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """One of several. Sent twice, it is cancelled once."""
    found = open_link(request, links.made(), token)
    ticket = get_object_or_404(found.tickets, position=position)
    if ticket.is_cancelled:
        return redirect_303(found.get_absolute_url())
    words = _("The ticket of %(name)s is cancelled.") % {"name": ticket.name}
    return done(request, found, lambda: found.cancel_ticket(ticket), words)


@require_POST
@limited("registrations")
def flight(request: HttpRequest, token: str) -> HttpResponse:
    """Link the flight that one goes on with, or unlink it."""
    found = open_link(request, links.made(), token)
    form = FlightForm(found, request.POST, auto_id="flight-%s")
    if not form.is_valid():
        return page(request, found, 422, flight=form)
    flight = form.cleaned_data["flight"]
    words = _("We tell you when boarding comes before the end.") if flight else _("No flight is linked any more.")
    return done(request, found, lambda: found.change(flight=flight) if flight else found.leave_flight(), words)


@require_POST
@limited("registrations")
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Make this link and those of the tickets worthless. The owner gets new ones by mail, and goes on with them here."""
    found = open_link(request, links.made(), token)
    found.renew_link()
    messages.success(request, _("Earlier links are worthless now. We have sent you the new ones by mail."))
    return redirect_303(found.get_absolute_url())


def done(request: HttpRequest, found: Any, verb: Callable[[], Any], words: str) -> HttpResponse:
    """Call a verb, and lead back to the page; the page says why if it is refused."""
    try:
        verb()
    except IllegalMove as refusal:
        return page(request, found, 409, problem=str(refusal))
    except Refused as refusal:
        return page(request, found, 422, problem=str(refusal))
    messages.success(request, words)
    return redirect_303(found.get_absolute_url())


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """All registrations of the account, and the address to which a calendar can subscribe."""
    path = reverse("events:feed", args=[request.user.token_for(links.FEED)])
    context = {"region": MyRegistrations(user=request.user.pk), "feed": feed_at(request, path)}
    return render(request, "events/attendees/mine.html", context)
