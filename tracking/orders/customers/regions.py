"""A customer's order: behind its link, by its number for its owner and the shop's staff, and all orders of an account."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from links.regions import LinkRegion
from live.regions import Region
from tracking.orders import topics
from tracking.orders.customers import links, shown
from tracking.orders.models import Order, Shop

TEMPLATE = "orders/customers/_order.html"


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
