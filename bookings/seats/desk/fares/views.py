"""The desk of fares: a form for each cabin with a preview, and the taxes."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.seats.desk.fares.forms import TariffForm
from bookings.seats.desk.fares.markets import next_flights
from bookings.seats.desk.fares.preview import Preview
from bookings.seats.desk.fares.suggestion import suggestion
from bookings.seats.desk.fares.timeline import TariffTimeline
from bookings.seats.models import Rules, Tariff
from bookings.seats.models.fares import load_defaults
from verbs.views import act, for_role, redirect_303

PERMISSION = "seats.change_tariff"


def clerks(user: Any, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everyone who may not change fares."""
    if not user.has_perm(PERMISSION):
        raise Http404
    return captured


@require_safe
@for_role(clerks)
def fares(request: HttpRequest) -> HttpResponse:
    """The first cabin; where nothing is sold yet, a button that begins with the usual rules."""
    tariffs = Tariff.objects.in_order()
    if tariffs:
        return redirect("seats:fares", tariffs[0].pk)
    return render(request, "seats/desk/fares/none.html")


@require_POST
@for_role(clerks)
def begin(request: HttpRequest) -> HttpResponse:
    """Fill in the rules that an installation begins with."""
    load_defaults(by=request.user)
    messages.success(request, _("These are usual prices. Make them yours."))
    return redirect_303(reverse("seats:all-fares"))


@require_safe
@for_role(clerks)
def tariff(request: HttpRequest, cabin: str) -> HttpResponse:
    return page(request, get_object_or_404(Tariff, pk=cabin))


@require_POST
@for_role(clerks)
def preview(request: HttpRequest, cabin: str) -> HttpResponse:
    """What these rules would change. Nothing is saved."""
    found = get_object_or_404(Tariff, pk=cabin)
    form = TariffForm(found, request.POST)
    return page(request, found, form, 200 if form.is_valid() else 422, shown=True)


@require_POST
@for_role(clerks)
def revise(request: HttpRequest, cabin: str) -> HttpResponse:
    found = get_object_or_404(Tariff, pk=cabin)
    return act(
        request, TariffForm(found, request.POST), partial(page, request, found), reverse("seats:fares", args=[cabin])
    )


def page(
    request: HttpRequest,
    tariff: Tariff,
    form: TariffForm | None = None,
    status: int = 200,
    since: Iterable[Any] | None = None,
    done: str = "",
    shown: bool = False,
) -> HttpResponse:
    """The form of a cabin, with the preview of what it says where it was asked for or refused by another's change."""
    now = timezone.now()
    tariff.refresh_from_db()
    timeline = TariffTimeline(tariff)
    form = form or TariffForm(tariff)
    context = {
        "tariff": tariff,
        "tariffs": Tariff.objects.in_order(),
        "form": form,
        "suggestion": suggestion(form.rule, now),
        "steps": timeline.steps(),
        "since": None if since is None else timeline.steps(since),
        "done": done,
    }
    if form.is_bound and form.is_valid() and (shown or since is not None):
        rules = Rules.read()
        made = Preview(rules, form.revised, form.market)
        coming = next_flights(form.market, tariff.cabin, rules, now)
        context |= {"preview": made, "tables": list(made.tables()), "flights": list(made.flights(coming, now))}
    return render(request, "seats/desk/fares/tariff.html", context, status=status)
