"""From the basket to the order. Sent twice, in two tabs or after the back button, it makes one order."""

from datetime import UTC
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
from tracking.orders import opening
from tracking.orders.baskets import ReadBasket, read_basket
from tracking.orders.customers.forms import SOON, PlaceForm
from tracking.orders.customers.shown import range_words
from tracking.orders.flights import TooLateToBoard
from tracking.orders.menu.addresses import basket_of, shop_or_404
from tracking.orders.menu.basket_views import basket_page
from tracking.orders.menu.regions import basket_row
from tracking.orders.models import Basket, Order, Shop, State, Way
from tracking.orders.placing import LineFaults, OtherBody, Unfit, place
from tracking.orders.promising import Outlook, outlook
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
        if basket is None or basket.key != key or not basket.lines.exists():
            return ordered_already(request, shop, key)
        return order_basket(request, shop, basket)
    if basket is None or not basket.lines.exists():
        return redirect("orders:basket", slug)
    read = read_basket(basket)
    return place_page(request, shop, read, form_of(request, shop, basket, read))


def order_basket(request: HttpRequest, shop: Shop, basket: Basket) -> HttpResponse:
    read = read_basket(basket)
    form = form_of(request, shop, basket, read, request.POST)
    if not form.is_valid():
        return place_page(request, shop, read, form, 422)
    try:
        order = made_of(request, shop, basket, form)
    except LineFaults as refusal:
        faults = {fault.line: fault.text for fault in refusal.faults}
        return place_page(request, shop, read_basket(basket), form, 422, faults=faults)
    except Unfit as refusal:
        if refusal.field == "total":
            return price_changed(request, shop, basket, form, str(refusal))
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except TooLateToBoard as refusal:
        form.add_error("flight", str(refusal))
    except OtherBody as refusal:
        return place_page(request, shop, read, form, 422, problem=str(refusal), made=refusal.order)
    except TooMany as refusal:
        return place_page(request, shop, read, form, 429, problem=str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return to_payment(order)
    return place_page(request, shop, read, form, 422)


def made_of(request: HttpRequest, shop: Shop, basket: Basket, form: PlaceForm) -> Order:
    """The order. An earlier one of this basket that waits for its money gives way where something was changed since."""
    user, asker = request.user if request.user.is_authenticated else None, asker_of(request)

    def make() -> Order:
        return place(shop, basket.lines.all(), key=basket.key, asker=asker, user=user, **form.asked())

    try:
        return make()
    except OtherBody as refusal:
        if refusal.order.state != State.UNPAID:
            raise
        refusal.order.cancel()
    except KeyUsed:
        pass  # of an earlier session of this browser, which did not pay: what is paid for empties the basket
    basket.rekey()
    return make()


def to_payment(order: Order) -> HttpResponse:
    if order.state != State.UNPAID:
        return redirect_303(order.get_absolute_url())
    try:
        return redirect_303(Payment.objects.begin(order).get_absolute_url())
    except Refused:  # no provider is set up: its page says so
        return redirect_303(order.get_absolute_url())


def ordered_already(request: HttpRequest, shop: Shop, key: UUID | None) -> HttpResponse:
    """The form was sent before; or another tab has changed the basket meanwhile."""
    made = Order.objects.filter(key=key, shop=shop, asked_by=asker_of(request).browser).first() if key else None
    if made:
        return to_payment(made)
    return basket_page(request, shop.slug, _("Your basket was changed in another window. Nothing is ordered yet."), 409)


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# The page


def form_of(request: HttpRequest, shop: Shop, basket: Basket, read: ReadBasket, data: Any = None) -> PlaceForm:
    now, user = timezone.now(), request.user
    initial = {"key": basket.key, "way": Way.COLLECTION}
    if user.is_authenticated:
        initial |= {"name": user.get_full_name(), "email": user.email}
    initial |= typed_before(basket)
    view = outlook(shop, read.count, now, longest_of(read))
    form = PlaceForm(shop, times_of(view), ways_of(view), data, initial)
    form.not_now = why_not_now(view)
    return form


def typed_before(basket: Basket) -> dict[str, Any]:
    """What this basket was sent with already, where somebody comes back from the payment."""
    order = Order.objects.select_related("flight").filter(key=basket.key, state=State.UNPAID).first()
    if order is None:
        return {}
    when = order.wanted_at.astimezone(UTC).isoformat() if order.wanted_at else SOON
    typed = {name: getattr(order, name) for name in ("name", "email", "phone", "note", "way")}
    flight = order.flight.designator if order.flight else ""
    return {**typed, "when": when, "flight": flight, "gate": "" if flight else order.gate}


def longest_of(read: ReadBasket) -> int:
    """The minutes of its slowest dish."""
    return max((dish.minutes or 0 for each in read.lines if each.chosen for dish in each.chosen.dishes), default=0)


def times_of(view: Outlook) -> list[tuple[str, str]]:
    """As soon as possible, where that is today, and the times for which it can be ordered; another day is said in words.

    Nothing is chosen for anybody who can't have it now.
    """
    is_now = opening.is_orderable(view.shop, view.now, view.minutes)
    first = [(SOON, _("As soon as possible"))] if is_now else [("", _("Choose a time"))]
    times = opening.times(view.shop, view.now, view.minutes)
    return [*first, *((time.at.astimezone(UTC).isoformat(), time.words) for time in times)]


def why_not_now(view: Outlook) -> str:
    """Why it can't be had as soon as possible, in a sentence; "" where it can."""
    try:
        opening.check_time(view.shop, None, view.now, view.minutes)
    except Refused as refusal:
        return str(refusal)
    return ""


def ways_of(view: Outlook) -> list[tuple[str, str]]:
    """Each way with when it would be ready, if it was ordered now."""
    ways = [Way.COLLECTION, *([Way.DELIVERY] if view.shop.delivers else [])]
    return [(way.value, f"{way.label} ({words})" if (words := soon(view, way)) else str(way.label)) for way in ways]


def soon(view: Outlook, way: Way) -> str:
    try:
        span = view.promise(way=way)
    except Refused:
        return ""
    return range_words(span.earliest, span.latest, view.shop.tz)


def price_changed(request: HttpRequest, shop: Shop, basket: Basket, form: PlaceForm, words: str) -> HttpResponse:
    old = Money(form.cleaned_data["accepted"], shop.currency)
    return place_page(request, shop, read_basket(basket), form, 409, problem=words, old=old)


def place_page(
    request: HttpRequest, shop: Shop, read: ReadBasket, form: PlaceForm, status: int = 200, **said: Any
) -> HttpResponse:
    """``said``: ``problem``, a sentence; ``faults`` by the number of the line; ``made``, the order of this key; ``old``, the
    price that was accepted."""
    now, faults = timezone.now(), said.pop("faults", {})
    rows = [basket_row(each, shop) for each in read.lines]
    context = {
        "shop": shop,
        "form": form,
        "rows": [(row, faults.get(number, row.fault)) for number, row in enumerate(rows)],
        "has_faults": bool(faults) or read.has_faults,
        "total": Money(read.bill.total, shop.currency),
        "accepted": read.bill.total,
        "not_now": form.not_now,
        "is_paused": shop.is_paused(now),
        "page_airport": shop.airport,
        **said,
    }
    return render(request, "orders/customers/place.html", context, status=status)
