"""Pickup screens: as a page, and on a wall."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages import in_each, known
from live.regions import ListRegion, Region
from tracking.orders import topics
from tracking.orders.models import Order, Shop
from tracking.orders.wall.pickup import Pickup, next_change, orders_for, pickups

Words = tuple[tuple[str, str], ...]  # (language, text)


class ShopPickup(Region):
    """The pickup screen of one shop. Open to everyone, so it names nobody."""

    public, stays = True, True
    slug: str

    @cached_property
    def shop(self) -> Shop:
        return Shop.objects.named(self.slug)

    @cached_property
    def orders(self) -> list[Order]:
        return orders_for(self.shop, timezone.now())

    def pickups(self) -> list[Pickup]:
        return pickups(self.orders, self.shop, timezone.now())

    def topics(self) -> list[str]:
        return [topics.shop_orders(self.shop.pk), topics.shops()]

    def stale_at(self, now: datetime) -> datetime | None:
        return next_change(self.orders, self.shop, now)


class PickupPage(ShopPickup):
    path, template = "pickup/<slug:slug>/", "orders/wall/_pickup.html"

    def context(self) -> dict[str, Any]:
        found = self.pickups()
        ready = [each for each in found if each.is_ready]
        return {"shop": self.shop, "ready": ready, "making": [each for each in found if not each.is_ready]}


class ScreenRow(NamedTuple):
    id: int
    reference: str
    is_ready: bool
    when: Words
    state: Words
    says: Words


class PickupScreen(ShopPickup, ListRegion):
    """All screens of a shop with the same languages share it."""

    path, query = "kiosk/pickup/<slug:slug>/", ("languages",)
    template, row_template = "orders/wall/_screen.html", "orders/wall/_screen_row.html"
    row_prefix = "kiosk-pickup-"

    @property
    def languages(self) -> list[str]:
        return known(self.filters.get("languages", "").split("-"), self.language)

    def context(self) -> dict[str, Any]:
        return {"shop": self.shop, "languages": self.languages}

    def rows(self) -> Iterable[ScreenRow]:
        states = {is_ready: self.in_all(word) for is_ready, word in STATES.items()}
        for each in self.pickups():
            spelled = " ".join(each.reference)
            says = tuple((code, f"{spelled}, {text}") for code, text in states[each.is_ready])
            when = self.in_all(lambda each=each: WHEN[each.is_ready]() % {"time": each.time})  # type: ignore[misc]
            yield ScreenRow(each.id, each.reference, each.is_ready, when, states[each.is_ready], says)

    def in_all(self, words: Callable[[], str]) -> Words:
        return tuple(in_each(self.languages, words))


STATES: dict[bool, Callable[[], str]] = {
    True: lambda: pgettext("an order", "Ready"),
    False: lambda: _("In the kitchen"),
}
WHEN: dict[bool, Callable[[], str]] = {True: lambda: _("since %(time)s"), False: lambda: _("by %(time)s")}
