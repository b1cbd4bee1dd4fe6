"""From the basket to the order. Sent twice, in two tabs or after the back button, it makes one order."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checkout.models import Payment
from limits import limited
from money import Money
from once import KeyUsed
from strangers import TooMany, asker_of
from tracking.orders.baskets import read_basket
from tracking.orders.customers.filling import filled_form, outlook_of, typed_before
from tracking.orders.customers.forms import PlaceForm
from tracking.orders.customers.regions import BasketToOrder
from tracking.orders.flights import TooLateToBoard
from tracking.orders.menu.addresses import BROWSER, basket_of, shop_or_404
from tracking.orders.menu.basket_views import basket_page
from tracking.orders.models import Basket, Order, Shop, State
from tracking.orders.placing import LineFaults, OtherBody, Unfit, place
from verbs.refusals import Refused
from verbs.views import redirect_303


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("orders")
def place_basket(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it: the payment, or the order where it is paid at the shop."""
    shop = shop_or_404(slug)
    basket = basket_of(request, shop)
    if request.method == "POST":
        key = key_of(request.POST.get("key", ""))
        if basket is None or not basket.lines.exists() or not (basket.key == key or was_given_up(request, shop, key)):
            return ordered_already(request, shop, key)
        return order_basket(request, shop, basket)
    if basket is None or not basket.lines.exists():
        return redirect("orders:basket", slug)
    return place_page(request, shop, basket, form_of(request, shop, basket))


def order_basket(request: HttpRequest, shop: Shop, basket: Basket) -> HttpResponse:
    form = form_of(request, shop, basket, request.POST)
    if not form.is_valid():
        return place_page(request, shop, basket, form, 422)
    try:
        order = made_of(request, shop, basket, form)
    except LineFaults as refusal:
        faults = list(dict.fromkeys(fault.text for fault in refusal.faults))
        return place_page(request, shop, basket, form, 422, faults=faults)
    except Unfit as refusal:
        if refusal.field == "total":
            return price_changed(request, shop, basket, form, str(refusal))
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except TooLateToBoard as refusal:
        form.add_error("flight", str(refusal))
    except OtherBody as refusal:
        return place_page(request, shop, basket, form, 422, problem=str(refusal), made=refusal.order)
    except TooMany as refusal:
        return place_page(request, shop, basket, form, 429, problem=str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return to_payment(order)
    return place_page(request, shop, basket, form, 422)


def made_of(request: HttpRequest, shop: Shop, basket: Basket, form: PlaceForm) -> Order:
    """The order. An earlier one of this basket that waits for its money gives way where something was changed since."""
    user, asker = request.user if request.user.is_authenticated else None, asker_of(request)

    def make() -> Order:
        return place(shop, basket.lines.all(), key=basket.key, asker=asker, user=user, **form.asked())

    try:
        order = make()
        if not is_given_up(order):
            return order
    except OtherBody as refusal:
        if refusal.order.state == State.UNPAID:
            refusal.order.cancel()
        elif not is_given_up(refusal.order):
            raise
    except KeyUsed:
        pass  # of an earlier session of this browser, which did not pay: what is paid for empties the basket
    basket.rekey()
    return make()


def to_payment(order: Order) -> HttpResponse:
    if order.state != State.UNPAID:
        return redirect_303(order.get_absolute_url())
    with suppress(Refused):  # it can't be made any more, or no provider is set up: its page says so
        order.check_payable()
        return redirect_303(Payment.objects.begin(order).get_absolute_url())
    return redirect_303(order.get_absolute_url())


def is_given_up(order: Order) -> bool:
    """Whether it ended without being placed: not paid in time, or cancelled before that."""
    return order.state == State.CANCELLED and order.placed_at is None


def was_given_up(request: HttpRequest, shop: Shop, key: UUID | None) -> bool:
    """Whether a form was open since before its order was given up: what it has is ordered again."""
    made = made_with(request, shop, key)
    return made is not None and is_given_up(made)


def made_with(request: HttpRequest, shop: Shop, key: UUID | None) -> Order | None:
    """The order that this browser has made with a key."""
    return Order.objects.filter(key=key, shop=shop, asked_by=asker_of(request).browser).first() if key else None


def ordered_already(request: HttpRequest, shop: Shop, key: UUID | None) -> HttpResponse:
    """The form was sent before; or another tab has changed the basket meanwhile."""
    made = made_with(request, shop, key)
    if made:
        return to_payment(made)
    return basket_page(request, shop.slug, _("Your basket was changed in another window. Nothing is ordered yet."), 409)


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# The page


def form_of(request: HttpRequest, shop: Shop, basket: Basket, data: Any = None) -> PlaceForm:
    """``data``: what was sent; else it is filled with what this basket was sent with before."""
    view = outlook_of(shop, read_basket(basket), timezone.now())
    before = typed_before(shop, basket, asker_of(request).browser) if data is None else {}
    return filled_form(view, basket, request.user, before, data)


def price_changed(request: HttpRequest, shop: Shop, basket: Basket, form: PlaceForm, words: str) -> HttpResponse:
    old = Money(form.cleaned_data["accepted"], shop.currency)
    return place_page(request, shop, basket, form, 409, problem=words, old=old)


def place_page(
    request: HttpRequest, shop: Shop, basket: Basket, form: PlaceForm, status: int = 200, **said: Any
) -> HttpResponse:
    """``said``: ``problem``, a sentence; ``faults``, those of lines; ``made``, the order of this key; ``old``, the price that
    was accepted."""
    region = BasketToOrder(slug=shop.slug, browser=request.session[BROWSER], query={"wanted": form.wanted})
    basket.shop, region.basket = shop, basket
    context = {
        "shop": shop,
        "form": form,
        "region": region,
        "not_now": form.not_now,
        "page_airport": shop.airport,
        **said,
    }
    if said.get("old"):
        context["new"] = Money(region.content.bill.total, shop.currency)
    return render(request, "orders/customers/place.html", context, status=status)
