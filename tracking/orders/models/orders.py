"""An order, its lines, and the parts that the kitchen makes."""

from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages import current_language
from links.models import Linked, LinkedQuerySet
from live.outbox import publish
from money import Money
from once import Once, OnceQuerySet
from references import Referenced
from strangers import Asked
from tracking.flights.models import Flight
from tracking.orders import mail, topics
from tracking.orders.models import hooks
from tracking.orders.models.customer_verbs import CustomerVerbs
from tracking.orders.models.ending_verbs import EndingVerbs
from tracking.orders.models.flight_verbs import FlightVerbs
from tracking.orders.models.handing_verbs import HandingVerbs
from tracking.orders.models.menus import Dish
from tracking.orders.models.paid import PaidFor
from tracking.orders.models.shops import Shop, Station
from tracking.orders.models.states import ENDED, LEGAL, OPEN, State, Way
from tracking.orders.models.till_verbs import TillVerbs
from tracking.orders.models.tills import TillKey
from verbs.history import Change
from verbs.models import Tracked
from verbs.refusals import Refused


class OrderQuerySet(LinkedQuerySet["Order"], OnceQuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(state__in=OPEN)

    def open_or_unpaid(self) -> "OrderQuerySet":
        return self.filter(state__in=[State.UNPAID, *OPEN])

    def in_order(self) -> "OrderQuerySet":
        """As kitchens see them: by the time for which they were placed, then as they came. No move changes it."""
        return self.order_by("due_at", "placed_at", "pk")

    def late_to_pay(self, now: datetime) -> "OrderQuerySet":
        """Those whose time to pay is over. Their portions are free, whether or not a job has been there."""
        return self.filter(state=State.UNPAID, expires_at__lte=now)

    def lapse(self, now: datetime) -> int:
        """Give back the portions of those whose time to pay is over, each in a transaction of its own. Returns how many.

        Not inside another transaction: an order is locked before the dishes.
        """
        count = 0
        for order in self.late_to_pay(now):
            with suppress(Refused):  # it was paid, or somebody else lapsed it, at this moment
                order.lapse()
                count += 1
        return count


class Order(
    EndingVerbs, HandingVerbs, TillVerbs, CustomerVerbs, FlightVerbs, PaidFor, Referenced, Once, Asked, Linked, Tracked
):
    """From the basket to the hand. Amounts are minor units of ``currency``, and contain the tax.

    ``due_at``: for when it was placed. No move changes it, so that cards in the kitchen never jump; only a till that sends
    another time does. ``earliest`` and
    ``latest``: the promise as it stands now; ``promises`` has each one with its cause. ``expires_at``: until then an unpaid
    order keeps its portions. ``gate``: where it goes, for a delivery.
    """

    LEGAL: ClassVar = LEGAL
    TRACKED: ClassVar = (
        "state",
        "total",
        "given_back",
        "way",
        "wanted_at",
        "gate",
        "flight",
        "email",
        "phone",
        "link_version",
        "reason",
        "latest",
        "acknowledged_at",
    )
    UNSHOWN: ClassVar = ("flight_seen", "external_version", "body_hash")
    RECORDED: ClassVar = ("by", "till")  # a person, or a shop's own till
    link_view = "orders:order"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=_("shop"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLACED)
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.COLLECTION)
    currency = models.CharField(max_length=3)
    total = models.PositiveIntegerField(_("total"), default=0)
    discount = models.PositiveIntegerField(_("discount"), default=0)
    given_back = models.PositiveIntegerField(_("given back"), default=0, editable=False)  # the sum of its lines

    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders")
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this customer

    flight = models.ForeignKey(Flight, models.SET_NULL, null=True, blank=True, related_name="orders")
    flight_seen = models.PositiveIntegerField(default=0)  # the revision of the flight that the promise knows
    gate = models.CharField(_("gate"), max_length=6, blank=True)
    pin = models.CharField(max_length=4, blank=True)  # said to the runner by the customer
    pin_tries = models.PositiveSmallIntegerField(default=0)

    wanted_at = models.DateTimeField(_("wanted at"), null=True, blank=True)  # None: as soon as possible
    due_at = models.DateTimeField(_("due"))
    earliest = models.DateTimeField(_("expected from"))
    latest = models.DateTimeField(_("expected until"))
    expires_at = models.DateTimeField(null=True)

    made_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    making_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    not_found_at = models.DateTimeField(null=True)  # nobody was at the gate: it is back at the shop since then
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    acknowledged_at = models.DateTimeField(_("seen by the kitchen"), null=True)  # that it or a line of it is cancelled

    source = models.CharField(max_length=60, blank=True)  # the name of the till that has pushed it
    external = models.CharField(_("number at the till"), max_length=60, blank=True)
    external_version = models.PositiveIntegerField(default=0)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)  # of what the key was sent with

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["shop", "state", "due_at"]),
            models.Index(fields=["flight", "state"]),
            models.Index(fields=["user", "state"]),
            models.Index(fields=["expires_at"], condition=Q(state=State.UNPAID), name="orders_unpaid"),
            models.Index(fields=["shop", "ready_at"]),  # how long its last ones took
            models.Index(fields=["latest"], condition=Q(ended_at=None), name="open_orders_by_promise"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "external"], condition=~Q(external=""), name="one_order_per_till_number"
            )
        ]
        verbose_name = pgettext_lazy("food and drink", "order")
        verbose_name_plural = pgettext_lazy("food and drink", "orders")

    def __str__(self) -> str:
        return self.reference

    @property
    def price(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def is_for(self) -> datetime:
        """The time for which it was ordered."""
        return self.wanted_at or self.made_at

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def link_ends(self) -> datetime | None:
        """Two weeks after it has ended, its link opens nothing any more."""
        return self.ended_at + settings.ORDER_LINKS_KEPT if self.ended_at else None

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        was = {change.field: change.before for change in changes}
        mail.notify(self, verb, was)
        hooks.tell(self, verb, was)

    def message_changed(self, message: Any) -> None:
        """Show the shop which mail about it was not delivered."""
        publish(*self.topics())

    def snapshot(self) -> dict[str, str]:
        lines = ", ".join(str(line) for line in self.lines.filter(is_void=False))
        parts = ", ".join(
            f"{part.ready}/{part.quantity} {part.name}" for part in self.parts.filter(line__is_void=False)
        )
        return {**super().snapshot(), "lines": lines, "parts": parts}

    def topics(self) -> list[str]:
        found = [
            topics.order(self.pk),
            topics.shop_orders(self.shop_id),
            topics.stage(self.shop_id, self.state),
        ]
        return [*found, topics.customer(self.user_id)] if self.user_id else found


class OrderChange(Change):
    order = models.ForeignKey(Order, models.CASCADE, related_name="changes")
    till = models.ForeignKey(TillKey, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["order", "revision"])]


class Line(models.Model):
    """A dish of an order, as it was when it was ordered. ``amount`` is what it costs in the end, for all of it.

    ``choices``: ``[{"group": "Sides", "name": "Chips", "quantity": 1, "price": 300, "free": false}, …]``; ``unit_price``
    contains them. ``discount`` is its share of discounts. ``given_back`` is what was refunded of it.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    dish = models.ForeignKey(Dish, models.SET_NULL, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    quantity = models.PositiveSmallIntegerField()
    unit_price = models.PositiveIntegerField()
    choices = models.JSONField(default=list)
    asked = models.JSONField(default=dict)  # how many of each Choice, by its key, as a basket has them
    discount = models.PositiveIntegerField(default=0)
    amount = models.PositiveIntegerField()
    tax_rate = models.DecimalField(max_digits=5, decimal_places=3)
    note = models.CharField(max_length=120, blank=True)
    is_void = models.BooleanField(default=False)
    void_reason = models.CharField(max_length=120, blank=True)
    acknowledged_at = models.DateTimeField(null=True)  # the kitchen has seen that it is void
    given_back = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_of_something"),
            models.CheckConstraint(condition=Q(given_back__lte=models.F("amount")), name="no_more_than_it_cost"),
        ]
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class Part(models.Model):
    """What one station makes of a line: the dish itself, or an option that is a dish. ``ready`` of ``quantity`` are made.

    ``ready_before``: how many were made before the move that made the order ready, which a recall undoes. ``printed``: how
    often its slip was printed; the second time it says REPRINT.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="parts")
    line = models.ForeignKey(Line, models.CASCADE, related_name="parts")
    dish = models.ForeignKey(Dish, models.SET_NULL, null=True, related_name="+")
    station = models.ForeignKey(Station, models.SET_NULL, null=True, related_name="parts")
    name = models.CharField(max_length=80)
    extras = models.JSONField(default=list)  # the names of options, such as "no onions"
    quantity = models.PositiveSmallIntegerField()
    ready = models.PositiveSmallIntegerField(default=0)
    ready_before = models.PositiveSmallIntegerField(default=0)
    printed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(ready__lte=models.F("quantity")), name="ready_at_most")]
        indexes = [models.Index(fields=["station", "order"])]
        verbose_name = _("part of an order")
        verbose_name_plural = _("what is made")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def is_ready(self) -> bool:
        return self.ready >= self.quantity
