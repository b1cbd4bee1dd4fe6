"""The places of an event: the ledger, its quotas, what is blocked, vouchers and the waitlist."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.models import Event
from bookings.events.organisers.access import organisers
from bookings.events.organisers.forms import PLACE_FORMS, ChangeVoucher, IssueVoucher, VoucherForm, WithdrawVoucher
from bookings.events.organisers.regions import LedgerTable, Queue
from bookings.events.organisers.timeline import EventTimeline
from clocks import when
from verbs.forms import ActionForm, form_of
from verbs.refusals import Refused
from verbs.views import act, answer, for_role, is_htmx, panel_context, redirect_303


@never_cache
@require_safe
@for_role(organisers)
def places(request: HttpRequest, event: Event) -> HttpResponse:
    return panel(request, event)


@require_POST
@for_role(organisers)
def change(request: HttpRequest, event: Event, verb: str) -> HttpResponse:
    """One verb of the event."""
    return act(request, form_of(PLACE_FORMS, verb, event, request.POST), partial(panel, request, event), url_of(event))


def voucher_view(form_class: Callable[..., VoucherForm]) -> Any:
    """A view of one thing that is done with vouchers."""

    @require_POST
    @for_role(organisers)
    def view(request: HttpRequest, event: Event) -> HttpResponse:
        return act(request, form_class(event, request.POST), partial(panel, request, event), url_of(event))

    return view


issue, change_voucher, withdraw = voucher_view(IssueVoucher), voucher_view(ChangeVoucher), voucher_view(WithdrawVoucher)


@require_POST
@for_role(organisers)
def remove(request: HttpRequest, event: Event, entry: int) -> HttpResponse:
    """Somebody waits no longer, such as after a call. What they were offered goes to the next one."""
    found = get_object_or_404(event.waitlist, pk=entry)
    try:
        found.leave(by=request.user)
        messages.success(request, _("%(name)s is not on the waitlist any more.") % {"name": found.display_name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect_303(url_of(event))


def url_of(event: Event) -> str:
    return reverse("events:places", args=[event.slug])


def panel(
    request: HttpRequest,
    event: Event,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    event.refresh_from_db()
    timeline = EventTimeline(event)
    is_issue = isinstance(asked, IssueVoucher)
    context = {
        "event": event,
        "steps": timeline.steps(),
        "issue": asked if is_issue else IssueVoucher(event),
        "vouchers": [row_of(event, voucher, asked) for voucher in event.vouchers.select_related("type")],
        **panel_context(event, PLACE_FORMS, timeline, asked, since, done),
    }
    if not is_htmx(request):
        context |= {
            "when": when(event.starts_at, event.tz),
            "ledger": LedgerTable(slug=event.slug),
            "queue": Queue(slug=event.slug),
            "tab": "places",
            "page_airport": event.hall.airport,
        }
    return answer(request, "events/organisers/_places.html", "events/organisers/places.html", context, status)


def row_of(event: Event, voucher: Any, asked: ActionForm | None) -> dict[str, Any]:
    """A voucher with its forms; the one that was refused as it was filled in."""
    is_asked = isinstance(asked, ChangeVoucher) and str(asked.data.get("pk")) == str(voucher.pk)
    start = {"pk": voucher.pk, "most": voucher.most}
    change, withdraw = ChangeVoucher(event), WithdrawVoucher(event)
    for form in (change, withdraw):
        form.initial = start
        form.auto_id = f"voucher-{voucher.pk}-%s"
    return {
        "voucher": voucher,
        "about": about_voucher(event, voucher),
        "change": asked if is_asked else change,
        "withdraw": withdraw,
    }


def about_voucher(event: Event, voucher: Any) -> str:
    """What it gives, and until when: "Adult, 10 % off, reserves places"."""
    off = _("%(percent)s %% off") % {"percent": voucher.discount} if voucher.discount else ""
    reserves = _("reserves places") if voucher.reserves else ""
    ends = voucher.valid_until and when(voucher.valid_until, event.tz)
    until = _("until %(until)s") % {"until": ends} if ends else ""
    return ", ".join(filter(None, (str(voucher.type or ""), off, reserves, until)))
