"""An order behind its link: its page, paying, cancelling and the link itself; and all orders of an account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from checkout.models import Payment
from limits import limited
from links.views import open_link
from tracking.orders.customers import links
from tracking.orders.customers.regions import MyOrders, OrderByLink
from tracking.orders.models import State
from verbs.refusals import Refused
from verbs.views import redirect_303


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    return order_page(request, open_link(request, links.orders(), token))


def order_page(request: HttpRequest, order: Any, status: int = 200, problem: str = "") -> HttpResponse:
    """The page of an order; ``problem``: why something was refused."""
    context = {
        "order": order,
        "token": order.token,
        "tz": order.shop.tz,
        "region": OrderByLink(token=order.token),
        "problem": problem,
        "page_airport": order.shop.airport,
    }
    return render(request, "orders/customers/order.html", context, status=status)


@require_POST
@limited("payments")
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """To the payment; what the shop could not make any more is refused before anybody pays."""
    order = open_link(request, links.orders(), token)
    if order.state != State.UNPAID or order.is_late_to_pay():
        return redirect_303(order.get_absolute_url())
    try:
        order.check_payable()
        payment = Payment.objects.begin(order)
    except Refused as refusal:
        return order_page(request, order, 422, _("Nothing is paid: %(why)s") % {"why": refusal})
    return redirect(payment.get_absolute_url())


@require_POST
@limited("orders")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """While nothing is being made. Sent twice, it is cancelled once."""
    order = open_link(request, links.orders(), token)
    try:
        if order.state != State.CANCELLED:
            order.cancel()
    except Refused as refusal:
        return order_page(request, order, 422, str(refusal))
    return redirect_303(order.get_absolute_url())


@require_POST
@limited("orders")
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Make this link worthless. The owner gets the new one by mail, and goes on with it here."""
    order = open_link(request, links.orders(), token)
    order.revoke()
    messages.success(request, _("Earlier links are worthless now. We have sent you the new one by mail."))
    return redirect_303(order.get_absolute_url())


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/customers/mine.html", {"region": MyOrders(user=request.user.pk)})
