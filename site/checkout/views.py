"""Paying: the page that asks for it, the provider's word, and what became of it."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from payments import PaymentError, RedirectNeeded
from payments.core import provider_factory

from checkout.models import Payment
from checkout.regions import PaymentState
from limits import limited
from verbs.refusals import Refused

log = logging.getLogger("airside.checkout")


@never_cache
@limited("payments")
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, token: Any) -> HttpResponse:
    """Asks for the money, or leads to who does. A payment that is over leads to what became of it."""
    found = get_object_or_404(Payment, token=str(token))
    if not found.is_open:
        return redirect("checkout:done", found.token)
    until = found.thing.payable_until() if found.thing else None
    if found.thing is None or (until and until <= timezone.now()) or found.thing.amount_due() != found.money:
        found.give_up()
        return redirect("checkout:done", found.token)
    status, problem, form = 200, "", None
    try:
        found.thing.check_payable()
        form = found.get_form(data=request.POST if request.method == "POST" else None)
    except RedirectNeeded as needed:
        is_ours = str(needed) == found.get_success_url()  # by the origin of this page: a form may lead to no other
        return redirect("checkout:done", found.token) if is_ours else redirect(str(needed))
    except Refused as refusal:
        status, problem = 409, _("Nothing is paid: %(why)s") % {"why": refusal}
    except (PaymentError, OSError) as fault:  # requests' errors are OSErrors
        log.warning("the provider of payment %s did not answer: %s", found.pk, type(fault).__name__)
        status, problem = 503, _("The payment provider doesn’t answer. Nothing was charged. Try again in a minute.")
    if form is not None and form.errors:
        status = 422
    context = {"payment": found, "thing": found.thing, "form": form, "problem": problem, "until": until}
    return render(request, "checkout/payment.html", context, status=status)


@never_cache
@require_safe
def done(request: HttpRequest, token: Any) -> HttpResponse:
    """What became of it, live. Once it is paid, it leads to what was paid for."""
    found = get_object_or_404(Payment, token=str(token))
    if found.settled_at and found.thing is not None and not found.refunds.exists():
        return redirect(found.thing.payment_url())
    return render(request, "checkout/done.html", {"region": PaymentState(token=found.token)})


@csrf_exempt
def process(request: HttpRequest, token: Any) -> HttpResponse:
    """What the provider says of one payment: the browser that comes back, or a webhook. No transaction is open meanwhile."""
    found = get_object_or_404(Payment, token=str(token))
    return processed(found, provider_factory(found.variant, found), request)


@csrf_exempt
def webhook(request: HttpRequest, variant: str) -> HttpResponse:
    """What a provider says at one address for all payments."""
    try:
        provider = provider_factory(variant)
        token = provider.get_token_from_request(request=request, payment=None)
    except (ValueError, PaymentError, NotImplementedError):
        raise Http404("no such provider, or no payment of ours") from None
    return processed(get_object_or_404(Payment, token=str(token)), provider, request)


def processed(payment: Payment, provider: Any, request: HttpRequest) -> HttpResponse:
    try:
        answer: HttpResponse = provider.process_data(payment, request)
    except PaymentError as fault:
        log.warning("the provider of payment %s refused: %s", payment.pk, type(fault).__name__)
        return redirect("checkout:done", payment.token)
    return answer
