"""The menus: all shops, the menu of one, and a dish with what one may choose."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from limits import limited, posts_per_address
from structured import structured
from tracking.orders.baskets import check_there
from tracking.orders.menu.addresses import BROWSER, basket_of, begun_basket, dish_or_404, shop_or_404
from tracking.orders.menu.asking import Asked, asked_for
from tracking.orders.menu.choosing import fields_of, group_fields, price_of
from tracking.orders.menu.regions import DishState, OwnBasket, ShopMenu, ShopPace, Shops
from tracking.orders.menu.schema import menu_data
from tracking.orders.menu.words import ALLERGENS, DIETS
from tracking.orders.models import Basket, Dish, Shop
from tracking.orders.totals import Fault, choose
from verbs.refusals import Refused
from verbs.views import redirect_303


def clicks_per_address() -> int:
    """A basket takes many posts, and a whole airport may share one address."""
    return 20 * posts_per_address()


@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/menu/shops.html", {"region": Shops()})


@never_cache
@require_safe
def menu(request: HttpRequest, slug: str) -> HttpResponse:
    shop = shop_or_404(slug)
    region = ShopMenu(slug=slug)
    pace = ShopPace(slug=slug)
    region.shop = pace.shop = shop
    context = {
        "region": region,
        "pace": pace,
        "data": structured(menu_data(shop, region.dishes)),
        "allergens": ALLERGENS,
        "diets": DIETS,
    }
    return render(request, "orders/menu/menu.html", context | around(request, shop))


def around(request: HttpRequest, shop: Shop) -> dict[str, Any]:
    """What every page of a shop shows beside its own: the shop, and the basket of this browser."""
    basket = basket_of(request, shop)
    return {
        "shop": shop,
        "page_airport": shop.airport,
        "basket": basket_region(request, shop) if basket else None,
        "works_here": Shop.objects.of(request.user).filter(pk=shop.pk).exists(),
    }


def basket_region(request: HttpRequest, shop: Shop) -> OwnBasket:
    return OwnBasket(slug=shop.slug, browser=request.session[BROWSER])


@never_cache
@require_safe
def dish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A dish and its form. With a query, what that asks for is chosen already, and priced; htmx asks for the price alone."""
    found = dish_or_404(shop_or_404(slug), pk)
    asked = asked_for(request.GET)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/menu/_price.html", {"price": price_of(found, asked), "dish": found})
    return dish_page(request, found, asked)


def dish_page(
    request: HttpRequest, dish: Dish, asked: Asked, fault: Fault | None = None, status: int = 200
) -> HttpResponse:
    price = price_of(dish, asked)
    shown = fault or price.fault
    region = DishState(slug=dish.shop.slug, pk=dish.pk)
    region.dish = dish
    groups = group_fields(dish, asked, shown, timezone.now(), is_refused=fault is not None)
    context = {
        "dish": dish,
        "region": region,
        "asked": asked,
        "price": price,
        "groups": groups,
        "fault": shown,
        "is_refused": fault is not None,
        "is_said": shown is not None and shown.field in fields_of(groups),
    }
    return render(request, "orders/menu/dish.html", context | around(request, dish.shop), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("baskets", clicks_per_address)
def add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put a dish into the basket. htmx gets a sentence, and the basket itself where the page had none yet.

    A refused form is answered at this address: who opens it again comes to the dish.
    """
    shop = shop_or_404(slug)
    if request.method != "POST":
        return redirect("orders:dish", slug, dish_or_404(shop, pk).pk)
    found, asked = dish_or_404(shop, pk), asked_for(request.POST)
    is_first = basket_of(request, shop) is None
    try:
        put(request, found, asked)
    except Refused as refusal:
        return not_added(request, found, asked, refusal)
    words = _("%(dish)s is in your basket.") % {"dish": found}
    if request.htmx:  # type: ignore[attr-defined]
        context = {"words": words, "region": basket_region(request, shop) if is_first else None}
        return render(request, "orders/menu/_added.html", context)
    messages.success(request, words)
    return redirect_303(shop.get_absolute_url())


def put(request: HttpRequest, dish: Dish, asked: Asked) -> Basket:
    """Raises Refused, a Fault where it is one of the choices."""
    quantity, note = asked.checked()
    chosen = choose(dish, asked.choices)
    check_there(chosen, quantity, Counter(), None)
    basket = begun_basket(request, dish.shop)
    basket.add(dish, {int(key): int(number) for key, number in asked.choices.items()}, quantity, note)
    return basket


def not_added(request: HttpRequest, dish: Dish, asked: Asked, refusal: Refused) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/menu/_added.html", {"words": str(refusal), "is_bad": True}, status=422)
    fault = refusal if isinstance(refusal, Fault) else Fault(str(refusal), "dish")
    return dish_page(request, dish, asked, fault, 422)
