"""The live parts of a kitchen's screen, and of its runners' page."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from checkout.models import Payment, Refund
from clocks import MINUTE, clock, earliest, short_when, today
from live.regions import ListRegion, Region
from money import Money
from tracking.flights import topics as flight_topics
from tracking.orders import topics
from tracking.orders.kitchen.cards import Card, boarding_of, card_of
from tracking.orders.kitchen.queue import (
    STAGES,
    begins_at,
    counts_of,
    is_for_later,
    next_age,
    not_told,
    orders_of,
    shown_at,
    stage_of,
    states_of,
    to_pay,
    unseen,
)
from tracking.orders.menu.words import next_status, shut_words
from tracking.orders.models import Dish, Option, Order, Part, Shop, State, Station, Way
from tracking.orders.models.orders import OrderQuerySet
from tracking.orders.models.states import KITCHEN
from whole_numbers import key_of

GONE_FOR = 30 * MINUTE  # that what has left is shown, to be recalled
GONE = 4  # how many


class ShopRegion(Region):
    """Of one shop, for those who work there. ``station``: the key of one of its stations."""

    query = ("station",)
    slug: str

    def allows(self, user: Any) -> bool:
        return Shop.objects.of(user).filter(slug=self.slug).exists()

    @cached_property
    def shop(self) -> Shop:
        return Shop.objects.named(self.slug)

    @cached_property
    def station(self) -> Station | None:
        asked = self.filters.get("station", "")
        if not asked:
            return None
        key = key_of(asked)
        found = self.shop.stations.filter(pk=key).first() if key else None
        if found is None:
            raise Http404("No such station")
        return found

    @property
    def station_key(self) -> int | None:
        return self.station.pk if self.station else None

    def topics(self) -> list[str]:
        return [topics.shop_orders(self.shop.pk)]


class KitchenColumn(ShopRegion, ListRegion):
    """The orders of one stage, as cards."""

    path = "kitchen/<slug:slug>/<slug:stage>/"
    stays = True
    template, row_template = "orders/kitchen/_column.html", "orders/kitchen/_card.html"
    stage: str

    @property
    def row_prefix(self) -> str:  # type: ignore[override]
        return f"card-{self.stage}-"

    def topics(self) -> list[str]:
        flights = {order.flight_id for order in self.orders if order.flight_id}
        states = {*states_of(self.stage, self.station_key), State.CANCELLED}
        stages = (topics.stage(self.shop.pk, state) for state in sorted(states))
        return [*stages, *(flight_topics.flight(pk) for pk in sorted(flights))]

    @cached_property
    def orders(self) -> list[Order]:
        """All that may stand here, now or later."""
        if self.stage not in STAGES:
            raise Http404("No such column")
        return orders_of(self.shop, states_of(self.stage, self.station_key), timezone.now(), self.station_key)

    def standing(self, now: datetime) -> Iterable[Order]:
        return (
            order
            for order in self.orders
            if stage_of(order, self.station_key) == self.stage and not is_for_later(order, self.shop, now)
        )

    def rows(self) -> list[Card]:
        now = timezone.now()
        orders = list(self.standing(now))
        missing, owed = not_told(orders), to_pay(orders)
        return [
            card_of(order, self.shop, now, self.station_key, order.pk not in missing, order.pk in owed)
            for order in orders
        ]

    def context(self) -> dict[str, Any]:
        return {"count": sum(1 for _each in self.standing(timezone.now()))}

    def stale_at(self, now: datetime) -> datetime | None:
        """When a card turns old or late, and when the time of one for later has come."""
        moments = []
        for order in self.orders:
            begins = begins_at(order, self.shop)
            moments.append(begins if begins > now else next_age(begins, now))
        return earliest(*moments)


class Gone(NamedTuple):
    """What has left the kitchen, and can be called back."""

    id: int
    reference: str
    name: str
    state: str
    label: str


class KitchenHead(ShopRegion):
    """Above the columns: what is unaccepted and rings, all-day counts, what is sold out, and how busy it is."""

    path, template = "kitchen/<slug:slug>/", "orders/kitchen/_head.html"
    stays = True

    def topics(self) -> list[str]:
        return [*super().topics(), topics.menu(self.shop.pk), topics.shops()]

    @cached_property
    def orders(self) -> OrderQuerySet:
        """What the kitchen, or the station, has to make."""
        found = Order.objects.filter(shop=self.shop, state__in=KITCHEN)
        if self.station is None:
            return found
        return found.filter(pk__in=shown_at(self.station.pk))

    @cached_property
    def waiting(self) -> list[Order]:
        """Those that are accepted and were ordered for a time."""
        return list(self.orders.filter(state=State.ACCEPTED, wanted_at__isnull=False).in_order())

    @cached_property
    def out(self) -> list[Dish]:
        """The dishes that are sold out now."""
        now = timezone.now()
        return [dish for dish in sold_by(self.shop) if dish.is_out(now)]

    def context(self) -> dict[str, Any]:
        now, shop = timezone.now(), self.shop
        later = [order for order in self.waiting if is_for_later(order, shop, now)]
        due = self.orders.exclude(pk__in=[order.pk for order in later])
        return {
            "shop": shop,
            **self.orders.filter(state=State.PLACED).aggregate(unaccepted=Count("pk"), newest=Max("placed_at")),
            "cancelled": Order.objects.filter(unseen(now), shop=shop).aggregate(newest=Max("ended_at"))["newest"],
            "open": due.count(),
            "counts": counts_of(due, self.station_key),
            "later": [(order.reference, short_when(order.due_at, shop.tz, today(shop.tz, now))) for order in later],
            "out": [(dish.pk, dish.name, self.until(dish, now)) for dish in self.out],
            "shut": shut_words(shop, now),
            "busy": shop.busy_now(now),
            "busy_until": clock(shop.busy_until, shop.tz),
            "is_paused": shop.is_paused(now),
            "paused_until": clock(shop.paused_until, shop.tz),
            "gone": self.gone(now),
        }

    def until(self, dish: Dish, now: datetime) -> str:
        return short_when(dish.out_until, self.shop.tz, today(self.shop.tz, now)) if dish.stock != 0 else ""

    def gone(self, now: datetime) -> list[Gone]:
        left = Order.objects.filter(shop=self.shop, state=State.COLLECTED, ended_at__gt=now - GONE_FOR)
        return [
            Gone(order.pk, order.reference, order.name, order.state, order.get_state_display())
            for order in left.order_by("-ended_at")[:GONE]
        ]

    def stale_at(self, now: datetime) -> datetime | None:
        times = [dish.out_until for dish in self.out if dish.out_until and dish.out_until > now]
        begins = [begins_at(order, self.shop) for order in self.waiting]
        oldest = Order.objects.filter(shop=self.shop, state=State.COLLECTED, ended_at__gt=now - GONE_FOR)
        first = oldest.order_by("ended_at").values_list("ended_at", flat=True).first()
        leaves = first + GONE_FOR + timedelta(milliseconds=1) if first else None
        return earliest(*times, next_status(self.shop, now), *(at for at in begins if at > now), leaves)


def sold_by(shop: Shop) -> QuerySet[Dish]:
    """What can run out: the dishes of the menu, and those that come with others only."""
    return shop.dishes.filter(Q(is_listed=True) | Q(pk__in=Option.objects.exclude(dish=None).values("dish")))


class DishRow(NamedTuple):
    id: int
    slug: str
    name: str
    section: str
    is_out: bool
    until: str
    stock: int | None


class KitchenDishes(ShopRegion, ListRegion):
    """Each dish: whether there is any, and until when there is none."""

    path, query = "kitchen-dishes/<slug:slug>/", ()
    template, row_template = "orders/kitchen/_dishes.html", "orders/kitchen/_dish.html"
    row_prefix = "dish-"

    def topics(self) -> list[str]:
        return [topics.menu(self.shop.pk)]

    @cached_property
    def dishes(self) -> list[Dish]:
        return list(sold_by(self.shop).select_related("section").order_by("section__position", "position", "pk"))

    def rows(self) -> list[DishRow]:
        now, tz = timezone.now(), self.shop.tz
        return [
            DishRow(
                dish.pk,
                self.slug,
                dish.name,
                dish.section.name if dish.section else "",
                dish.is_out(now),
                short_when(dish.out_until, tz, today(tz, now)) if dish.out_until and dish.out_until > now else "",
                dish.stock,
            )
            for dish in self.dishes
        ]

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(*[dish.out_until for dish in self.dishes if dish.out_until and dish.out_until > now])


class Run(NamedTuple):
    """An order that goes to a gate. ``boards``: when its flight does; ``by``: when it has to be there."""

    id: int
    slug: str
    reference: str
    name: str
    gate: str
    gate_before: str
    by: str
    flight: str
    boards: str
    is_urgent: bool
    is_out: bool
    reason: str
    what: tuple[str, ...]
    note: str
    phone: str
    to_pay: str


class Runs(ShopRegion, ListRegion):
    """For runners: what is ready and where it goes, first what boards first; and what is on its way."""

    path, query = "runners/<slug:slug>/", ()
    template, row_template = "orders/kitchen/_runs.html", "orders/kitchen/_run.html"
    row_prefix = "run-"

    def topics(self) -> list[str]:
        flights = {order.flight_id for order in self.orders if order.flight_id}
        return [*super().topics(), *(flight_topics.flight(pk) for pk in sorted(flights))]

    @cached_property
    def orders(self) -> list[Order]:
        going = Order.objects.filter(shop=self.shop, way=Way.DELIVERY, state__in=(State.READY, State.OUT))
        parts = Part.objects.filter(line__is_void=False)
        related = going.select_related("flight__airline").prefetch_related(Prefetch("parts", parts))
        return list(related.order_by("latest", "due_at", "pk"))

    def rows(self) -> Sequence[Run]:
        now, tz, owed = timezone.now(), self.shop.tz, to_pay(self.orders)
        return [
            Run(
                order.pk,
                self.slug,
                order.reference,
                order.name,
                order.gate,
                order.gate_before,
                clock(order.latest, tz),
                order.flight.designator if order.flight else "",
                boarding_of(order, tz),
                order.latest <= now,
                order.state == State.OUT,
                order.why_back or order.reason,
                tuple(str(part) for part in order.parts.all()),
                order.note,
                order.phone,
                str(order.price) if order.pk in owed else "",
            )
            for order in self.orders
        ]

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(*[order.latest for order in self.orders if order.latest > now])


class OrderState(ShopRegion):
    """Of one order, in its panel: where it stands, its lines, what was given back."""

    path, query = "kitchen-order/<slug:slug>/<int:pk>/", ()
    template = "orders/kitchen/_state.html"
    pk: int

    def topics(self) -> list[str]:
        return [topics.order(self.pk)]

    def context(self) -> dict[str, Any]:
        orders = Order.objects.select_related("flight__airline", "shop__airport")
        order = orders.filter(pk=self.pk, shop=self.shop).first()
        if order is None:
            raise Http404
        return {
            "order": order,
            "lines": order.lines.all(),
            "to_pay": order.to_pay_at_shop,
            "back": Money(order.given_back, order.currency),
            "refunds": Refund.objects.filter(payment__in=Payment.objects.of(order))
            .select_related("payment")
            .order_by("pk"),
            "tz": self.shop.tz,
            "boards": boarding_of(order, self.shop.tz),
            "promises": order.promises.all(),
        }
