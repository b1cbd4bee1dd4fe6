"""Actors of the demo: customers who order food and kitchens that make it, by the same pages and forms as people."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx
from django.core.management.base import CommandError, CommandParser
from django.db.models import Prefetch
from django.utils import timezone

from clocks import HOUR, MINUTE
from demo.actors import Actor
from demo.browser import Page, browser
from demo.parts import PASSWORD, check_demo_mode
from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE
from tracking.orders.demo.appetite import Wish, customer, dishes_of, wishes
from tracking.orders.models import Order, Part, Shop, State, Way
from tracking.orders.models.states import OPEN

PAUSE = 6  # seconds between two steps, on average
STEPS = {"order": 12, "cancel": 1, "work": 87}  # how often each step is taken, by the method that takes it
MOST_OPEN = 25  # orders at one shop, beyond which customers go away
FIRST_SHOP = 5  # how much more is ordered at the first shop than at each other one
SHARE_TO_GATE = 0.3
# What each stage takes, as shares of the time that an order takes at the shop.
ACCEPTED_AFTER, BEGUN_AFTER, STATION_AFTER, READY_AFTER = 0.06, 0.15, 0.4, 0.7
COLLECTED_AFTER, SENT_AFTER = 3 * MINUTE, MINUTE
CHANCE = random.Random()  # noqa: S311


class Due(NamedTuple):
    """What a kitchen has to do, and since when; ``fields`` of the verb's form."""

    at: datetime
    order: Order
    verb: str
    fields: dict[str, str | int]


class Rush(Actor):
    """Customers who order at some shops, most at the first, and kitchens and runners who work at all of them."""

    speed_help = "how many times as fast"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("shops", nargs="+", metavar="shop", help="its address, such as runway-grill")
        super().add_arguments(parser)

    def act(self, *, shops: list[str], **options: Any) -> None:
        check_demo_mode()
        self.start(shops)
        self.act_for_ever(STEPS, PAUSE, CHANCE)

    def start(self, slugs: list[str]) -> None:
        """Begin at these shops. Raises CommandError for one that is not there."""
        found = Shop.objects.select_related("airport").in_bulk(slugs, field_name="slug")
        for slug in slugs:
            if slug not in found:
                raise CommandError(f"There is no shop “{slug}”.")
        self.shops = [found[slug] for slug in slugs]
        self.placed: list[str] = []  # the addresses of customers' own pages
        self.cook: httpx.Client | None = None

    def skipped(self) -> None:
        self.cook = None

    # Customers

    def order(self) -> None:
        """Somebody fills a basket, orders it, and pays where that is done online."""
        shop = CHANCE.choices(self.shops, [FIRST_SHOP, *[1] * (len(self.shops) - 1)])[0]
        dishes = dishes_of(shop, timezone.now())
        if not dishes or Order.objects.open().filter(shop=shop).count() >= MOST_OPEN:
            return
        with browser(self.url) as guest:
            for wish in wishes(dishes, CHANCE):
                put_into_basket(guest, shop, wish)
            page = Page.get(guest, f"/orders/{shop.slug}/order/")
            key = next(fields["key"] for _address, fields in page.forms if "key" in fields)
            page = page.send("/order/", **self.wanted(shop), accepted=page.buttons("accepted")[0])
            if shop.pays_online:
                # The provider's answer leads to the site's public address, where this browser may not find it.
                guest.post(page.address, data=page.forms[0][1], follow_redirects=False)
        self.placed.append(Order.objects.get(key=key).get_absolute_url())

    def wanted(self, shop: Shop) -> dict[str, str | int]:
        """What somebody types into the form of an order. Some want it at the gate of their flight."""
        email = f"customer{CHANCE.randrange(1000)}@guests.example"
        fields: dict[str, str | int] = {"name": customer(CHANCE), "email": email}
        if shop.delivers and CHANCE.random() < SHARE_TO_GATE and (flight := flight_of(shop)):
            fields |= {"way": Way.DELIVERY.value, "flight": flight.designator}
        return fields

    def cancel(self) -> None:
        """Somebody cancels what was just ordered."""
        if self.placed:
            with browser(self.url) as guest:
                Page.get(guest, self.placed.pop()).send("cancel/")
        del self.placed[:-10]

    # Kitchens

    def work(self) -> None:
        """A kitchen or a runner does what is due for longest, one verb."""
        now = timezone.now()
        due = min((due for shop in self.shops for due in self.due_at(shop)), key=lambda due: due.at, default=None)
        if due is None or due.at > now:
            return
        page = Page.get(self.signed_in(), f"/orders/{due.order.shop.slug}/kitchen/{due.order.pk}/")
        page.send(f"/{due.verb}/", **due.fields)

    def due_at(self, shop: Shop) -> Iterator[Due]:
        """What is to be done at a shop, and when."""
        parts = Part.objects.filter(line__is_void=False)
        orders = Order.objects.filter(shop=shop, state__in=(*OPEN, State.CANCELLED))
        for order in orders.exclude(state=State.CANCELLED, acknowledged_at__isnull=False).prefetch_related(
            Prefetch("parts", parts)
        ):
            order.shop = shop
            yield from self.due_of(order)

    def due_of(self, order: Order) -> Iterator[Due]:
        """The next move of one order. Some take longer than others, and always the same ones."""
        minutes = order.shop.minutes * random.Random(order.pk).uniform(0.7, 1.3)  # noqa: S311
        takes = timedelta(minutes=minutes) / self.speed
        match order.state:
            case State.CANCELLED if order.is_unseen:
                yield Due(order.ended_at, order, "acknowledge", {})
            case State.PLACED:
                yield Due(order.placed_at + takes * ACCEPTED_AFTER, order, "accept", {})
            case State.ACCEPTED:
                begins = order.accepted_at + takes * BEGUN_AFTER
                yield Due(max(begins, order.due_at - takes) if order.wanted_at else begins, order, "start", {})
            case State.MAKING:
                yield self.bump_of(order, takes)
            case State.READY if order.way == Way.DELIVERY:
                yield Due(order.ready_at + SENT_AFTER / self.speed, order, "send-out", {})
            case State.READY:
                yield Due(order.ready_at + COLLECTED_AFTER / self.speed, order, "collect", {})
            case State.OUT:
                yield Due(order.out_at + order.walk / self.speed, order, "deliver", {"pin": order.pin})

    def bump_of(self, order: Order, takes: timedelta) -> Due:
        """One station after another is done; the last one makes it ready."""
        stations = sorted({part.station_id for part in order.parts.all() if part.station_id and not part.is_ready})
        if len(stations) > 1:
            return Due(order.making_at + takes * STATION_AFTER, order, "bump", {"station": stations[0]})
        return Due(order.making_at + takes * READY_AFTER, order, "bump", {})

    def signed_in(self) -> httpx.Client:
        """The browser of the kitchens, signed in."""
        if self.cook is None:
            self.cook = browser(self.url)
            email = self.shops[0].staff.filter(email__endswith="@airside.example").values_list("email", flat=True)[0]
            Page.get(self.cook, "/accounts/login/").send("login/", login=email, password=PASSWORD)
        return self.cook


def put_into_basket(guest: httpx.Client, shop: Shop, wish: Wish) -> None:
    """Open the page of a dish, choose, and add it."""
    chosen = {
        f"group-{offered.pk}": [str(choice.pk) for choice in offered.choices.all() if choice.pk in wish.choices]
        for offered in wish.dish.groups.all()
    }
    page = Page.get(guest, f"/orders/{shop.slug}/{wish.dish.pk}/")
    page.send("/add/", quantity=wish.quantity, **{name: keys for name, keys in chosen.items() if keys})


def flight_of(shop: Shop) -> Flight | None:
    """A flight that leaves the shop's airport in one to three hours, from a gate that is known."""
    now = timezone.now()
    leaving = Flight.objects.filter(origin=shop.airport, phase__in=AT_GATE).exclude(gate="").select_related("airline")
    soon = list(leaving.filter(best_departure__range=(now + HOUR, now + 3 * HOUR))[:40])
    return CHANCE.choice(soon) if soon else None
