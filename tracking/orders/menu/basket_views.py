"""The basket: its page, and its buttons. Every tab of the browser sees each change."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from limits import limited
from tracking.orders.menu.addresses import basket_of, shop_or_404
from tracking.orders.menu.views import around, clicks_per_address
from tracking.orders.models import Basket
from tracking.orders.totals import quantity_of
from verbs.refusals import Refused
from verbs.views import redirect_303


@never_cache
@require_safe
def basket(request: HttpRequest, slug: str) -> HttpResponse:
    return basket_page(request, slug)


def basket_page(request: HttpRequest, slug: str, problem: str = "", status: int = 200) -> HttpResponse:
    context = around(request, shop_or_404(slug)) | {"problem": problem}
    return render(request, "orders/menu/basket.html", context, status=status)


@require_POST
@limited("baskets", clicks_per_address)
def quantity(request: HttpRequest, slug: str, line: int) -> HttpResponse:
    """So many of a line; 0 takes it out."""
    asked = request.POST.get("quantity", "")
    return changed(request, slug, lambda found: found.set_quantity(line, 0 if asked == "0" else quantity_of(asked)))


@require_POST
@limited("baskets", clicks_per_address)
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    return changed(request, slug, lambda found: found.clear())


def changed(request: HttpRequest, slug: str, change: Callable[[Basket], Any]) -> HttpResponse:
    """A basket that is gone has nothing to change, and its page says so."""
    found = basket_of(request, shop_or_404(slug))
    try:
        if found:
            change(found)
    except Refused as refusal:
        return refused(request, slug, refusal)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return redirect_303(reverse("orders:basket", args=[slug]))


def refused(request: HttpRequest, slug: str, refusal: Refused) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/menu/_added.html", {"words": str(refusal), "is_bad": True}, status=422)
    return basket_page(request, slug, str(refusal), 422)
