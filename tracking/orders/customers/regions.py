"""A basket beside the form that orders it; a customer's order: behind its link, by its number for its owner and the shop's
staff; and all orders of an account."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from links.regions import LinkRegion
from live.regions import Region
from tracking.orders import topics
from tracking.orders.baskets import ReadBasket, read_basket
from tracking.orders.customers import links, shown
from tracking.orders.customers.forms import SOON
from tracking.orders.menu.regions import OwnBasket
from tracking.orders.models import Order, Shop
from tracking.orders.opening import kitchen_until

TEMPLATE = "orders/customers/_order.html"


class BasketToOrder(OwnBasket):
    """A basket beside the form that orders it, with its key. Its button names the price, and is there while all of it can be
    ordered. It stands inside the form.

    ``wanted``: for when it was asked for (``PlaceForm.wanted``), as some dishes are served at some times only.
    """

    path, query = "basket/<slug:slug>/<str:browser>/order/", ("wanted",)
    template, row_template = "orders/customers/_basket.html", "orders/customers/_basket_row.html"
    row_prefix = "order-line-"

    @cached_property
    def content(self) -> ReadBasket:
        return read_basket(self.basket, self.wanted_at)

    @property
    def wanted_at(self) -> datetime | None:
        wanted = self.filters.get("wanted", "")
        if wanted == SOON:
            return timezone.now()
        with suppress(ValueError):
            moment = datetime.fromisoformat(wanted)
            return moment if moment.tzinfo else None
        return None

    def context(self) -> dict[str, Any]:
        shop, now = self.basket.shop, timezone.now()
        until = kitchen_until(shop, now)
        return {
            **super().context(),
            "key": self.basket.key,
            "accepted": self.content.bill.total,
            "is_paused": shop.is_paused(now),
            "is_closed": until is None or until <= now,
        }


class OrderByNumber(Region):
    """For its owner's account and the shop's staff. It has neither buttons nor the number for the runner: staff see it too.

    ``ws/order-tracking/<number>/`` is a promise to other software, as is the address behind a link below. An order that
    does not exist and an order of somebody else get the same refusal. So does one that was not paid, for staff: it is no
    order for their shop yet.
    """

    path, template = "order-tracking/<int:pk>/", TEMPLATE
    pk: int

    def found(self) -> Any:
        return links.orders().filter(pk=self.pk)

    def allows(self, user: Any) -> bool:
        if not getattr(user, "is_authenticated", False):
            return False
        mine = self.found().filter(user=user)
        theirs = self.found().filter(shop__in=Shop.objects.of(user), placed_at__isnull=False)
        return bool(mine.exists() or theirs.exists())

    def topics(self) -> list[str]:
        return [topics.order(self.pk)]

    def context(self) -> dict[str, Any]:
        return shown.context_of(shown.get(self.found()), timezone.now(), is_holder=False)

    def stale_at(self, now: datetime) -> datetime | None:
        return shown.stale_at(shown.get(self.found()), now)


class OrderByLink(LinkRegion):
    """For who has the link."""

    path, template = "order-tracking/<str:token>/", TEMPLATE

    def things(self) -> Any:
        return links.orders()

    def topics(self) -> list[str]:
        order: Any = self.thing
        return [topics.order(order.pk)]

    def context(self) -> dict[str, Any]:
        return shown.context_of(self.thing, timezone.now(), is_holder=True)

    def stale_at(self, now: datetime) -> datetime | None:
        return shown.stale_at(self.thing, now)


class MyOrders(Region):
    """All orders of somebody with an account: the open ones, then the others."""

    path, template = "my-orders/<int:user>/", "orders/customers/_mine.html"
    SHOWN = 100
    user: int

    def allows(self, user: Any) -> bool:
        return user.is_authenticated and user.pk == self.user

    def topics(self) -> list[str]:
        return [topics.customer(self.user)]

    def orders(self) -> Any:
        return Order.objects.filter(user=self.user).exclude(placed_at=None)

    def context(self) -> dict[str, Any]:
        found = self.orders().select_related("shop__airport").prefetch_related("lines")[: self.SHOWN]
        rows = [shown.row_of(order) for order in found]
        return {
            "open": [row for row in rows if row.order.is_open],
            "past": [row for row in rows if not row.order.is_open],
        }
