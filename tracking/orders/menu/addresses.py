"""What the menu's addresses name: a shop by its slug, a dish of it, and the basket of a browser."""

from secrets import token_urlsafe

from django.db.models import Prefetch
from django.http import Http404, HttpRequest

from tracking.orders.baskets import GROUPS
from tracking.orders.models import Basket, Dish, Shop

BROWSER = "orders.browser"  # in the session: the secret by which its baskets are found


def shop_or_404(slug: str) -> Shop:
    """With all that says when it is open."""
    return Shop.objects.prefetch_related("hours", "closings").named(slug)


def dish_or_404(shop: Shop, pk: int) -> Dish:
    found = Dish.objects.filter(shop=shop, is_listed=True, pk=pk).select_related("section__shop__airport", "station")
    dish = found.prefetch_related(Prefetch("groups", GROUPS)).first()
    if dish is None:
        raise Http404(f"No dish {pk}")
    dish.shop = shop
    return dish


def basket_of(request: HttpRequest, shop: Shop) -> Basket | None:
    """The basket of this browser at a shop, if it has begun one."""
    return Basket.objects.at(shop, request.session.get(BROWSER, ""))


def begun_basket(request: HttpRequest, shop: Shop) -> Basket:
    """The basket of this browser at a shop, from now on."""
    browser = request.session.setdefault(BROWSER, token_urlsafe(24))
    return Basket.objects.begin(shop, browser, request.user if request.user.is_authenticated else None)
