"""The live parts of the menu: all shops, the menu of one, one dish, and a basket."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clocks import MINUTE, earliest
from live.regions import ListRegion, Region
from tracking.orders import opening, topics
from tracking.orders.baskets import ReadBasket, ReadLine, read_basket
from tracking.orders.menu.addresses import dish_or_404, shop_or_404
from tracking.orders.menu.rows import MenuRow, dish_row, listed_dishes, menu_rows, next_change, served_words
from tracking.orders.menu.words import Status, money, next_status, pace_words, status_of
from tracking.orders.models import Basket, Dish, Section, Shop


def next_serving(sections: list[Section], shop: Shop, now: datetime) -> datetime | None:
    """When the next section of a menu begins or ends to be served."""
    local = now.astimezone(shop.tz)
    clocks = [clock for section in sections for clock in (section.served_from, section.served_until) if clock]
    later = [datetime.combine(local.date(), clock, shop.tz) for clock in clocks]
    return min((moment for moment in later if moment > now), default=None)


class ShopRow(NamedTuple):
    id: str
    slug: str
    name: str
    where: str
    about: str
    city: str
    sections: str
    status: Status


class Shops(ListRegion):
    """All shops, and whether they are open."""

    path, public, row_prefix = "shops/", True, "shop-"
    template, row_template = "orders/menu/_shops.html", "orders/menu/_shop_row.html"

    @cached_property
    def shops(self) -> list[Shop]:
        return list(Shop.objects.select_related("airport").prefetch_related("hours", "closings", "sections"))

    def topics(self) -> list[str]:
        return [topics.shops()]

    def rows(self) -> Iterator[ShopRow]:
        now = timezone.now()
        for shop in self.shops:
            sections = ", ".join(section.name for section in shop.sections.all())
            yield ShopRow(
                shop.slug,
                shop.slug,
                shop.name,
                shop.where,
                shop.about,
                shop.airport.city,
                sections,
                status_of(shop, now),
            )

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(*(next_status(shop, now) for shop in self.shops))


class ShopMenu(ListRegion):
    """What a shop sells now, and until when. It is the same for everybody."""

    path, public, row_prefix = "menu/<slug:slug>/", True, "dish-"
    template, row_template = "orders/menu/_menu.html", "orders/menu/_menu_row.html"
    slug: str

    @cached_property
    def shop(self) -> Shop:
        return shop_or_404(self.slug)

    @cached_property
    def dishes(self) -> list[Dish]:
        return listed_dishes(self.shop)

    def topics(self) -> list[str]:
        return [topics.menu(self.shop.pk)]

    def context(self) -> dict[str, Any]:
        return {"shop": self.shop, "status": status_of(self.shop, timezone.now())}

    def rows(self) -> Iterator[MenuRow]:
        return menu_rows(self.shop, self.dishes, timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        sections = list({dish.section.pk: dish.section for dish in self.dishes if dish.section}.values())
        return earliest(
            next_status(self.shop, now), next_change(self.dishes, now), next_serving(sections, self.shop, now)
        )


class ShopPace(Region):
    """How long an order takes that is placed now. Each order changes that a little, so it is read once a minute."""

    path, public, template = "menu/<slug:slug>/pace/", True, "orders/menu/_pace.html"
    slug: str

    @cached_property
    def shop(self) -> Shop:
        return shop_or_404(self.slug)

    def topics(self) -> list[str]:
        return [topics.menu(self.shop.pk)]

    def context(self) -> dict[str, Any]:
        return {"pace": pace_words(self.shop, timezone.now())}

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(next_status(self.shop, now), now + MINUTE if opening.is_open(self.shop, now) else None)


class DishState(Region):
    """One dish: what is in it, and whether it is sold out. The form to choose is beside it and never changes by itself."""

    path, public, template = "menu/<slug:slug>/<int:pk>/", True, "orders/menu/_dish.html"
    slug: str
    pk: int

    @cached_property
    def dish(self) -> Dish:
        return dish_or_404(shop_or_404(self.slug), self.pk)

    def topics(self) -> list[str]:
        return [topics.menu(self.dish.shop_id)]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        return {"row": dish_row(self.dish, self.dish.shop, now), "status": status_of(self.dish.shop, now)}

    def stale_at(self, now: datetime) -> datetime | None:
        sections = [self.dish.section] if self.dish.section else []
        return earliest(
            next_status(self.dish.shop, now),
            next_change([self.dish], now),
            next_serving(sections, self.dish.shop, now),
        )


class BasketRow(NamedTuple):
    id: int
    slug: str
    name: str
    quantity: int
    choices: tuple[str, ...]
    note: str
    amount: str
    fault: str
    served: str


class OwnBasket(ListRegion):
    """A basket, for every tab of its browser. Its address has the secret of the browser, so nobody else can know it; it shows
    what was chosen and names nobody."""

    path, public, row_prefix = "basket/<slug:slug>/<str:browser>/", True, "basket-line-"
    template, row_template = "orders/menu/_basket.html", "orders/menu/_basket_row.html"
    slug: str
    browser: str

    @cached_property
    def basket(self) -> Basket:
        found = Basket.objects.at(shop_or_404(self.slug), self.browser)
        if found is None:
            raise Http404("No such basket")
        found.shop = shop_or_404(self.slug)
        return found

    @cached_property
    def content(self) -> ReadBasket:
        return read_basket(self.basket)

    def topics(self) -> list[str]:
        return [topics.basket(self.basket.pk), topics.menu(self.basket.shop_id)]

    def context(self) -> dict[str, Any]:
        shop, bill = self.basket.shop, self.content.bill
        taxes = [(tax.rate.normalize(), money(tax.tax, shop)) for tax in bill.taxes if tax.rate]
        return {
            "shop": shop,
            "count": self.content.count,
            "total": money(bill.total, shop),
            "taxes": taxes,
            "has_faults": self.content.has_faults,
            "status": status_of(shop, timezone.now()),
        }

    def rows(self) -> Iterator[BasketRow]:
        for read in self.content.lines:
            yield basket_row(read, self.basket.shop)

    def stale_at(self, now: datetime) -> datetime | None:
        dishes, shop = [read.line.dish for read in self.content.lines], self.basket.shop
        sections = [dish.section for dish in dishes if dish.section]
        return earliest(next_status(shop, now), next_change(dishes, now), next_serving(sections, shop, now))

    def __repr__(self) -> str:
        """For logs, which must not have the secret."""
        return f"<{type(self).__name__}>"


def basket_row(read: ReadLine, shop: Shop) -> BasketRow:
    line, entries = read.line, read.chosen.choices if read.chosen else []
    return BasketRow(
        line.pk,
        shop.slug,
        line.dish.name,
        line.quantity,
        tuple(choice_words(entry, shop) for entry in entries),
        line.note,
        money(read.amount, shop) if read.chosen else "",
        read.fault,
        "" if is_served(line.dish) else served_words(line.dish.section),
    )


def is_served(dish: Dish) -> bool:
    return dish.section is None or dish.section.is_served(timezone.now())


def choice_words(entry: dict[str, Any], shop: Shop) -> str:
    """2 × Cheese + $1.50, as the total contains it."""
    name = entry["name"] if entry["quantity"] == 1 else f"{entry['quantity']} × {entry['name']}"
    if entry["free"]:
        return _("%(option)s (included)") % {"option": name}
    return f"{name} +{money(entry['price'] * entry['quantity'], shop)}" if entry["price"] else name
