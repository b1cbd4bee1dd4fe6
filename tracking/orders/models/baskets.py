"""A basket: what somebody is about to order. It is kept on the server, so that a reload, the back button and another tab see
the same. ``key`` is born with it and becomes the key of the order: a basket can be ordered once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from live.outbox import publish
from post.text import one_line
from tracking.orders import topics
from tracking.orders.models.menus import Dish
from tracking.orders.models.shops import Shop
from verbs.refusals import Refused

MOST_LINES = 50
KEPT = timedelta(days=1)


class BasketQuerySet(models.QuerySet["Basket"]):
    def at(self, shop: Shop, browser: str) -> "Basket | None":
        return self.filter(shop=shop, browser=browser).first() if browser else None

    def begin(self, shop: Shop, browser: str, user: Any = None) -> "Basket":
        """The basket of a browser at a shop, made if there is none. Two tabs at once get the same."""
        return self.get_or_create(shop=shop, browser=browser, defaults={"user": user})[0]

    def forgotten(self, now: datetime) -> "BasketQuerySet":
        return self.filter(touched_at__lt=now - KEPT)


class Basket(models.Model):
    """Found by a secret in the session (``browser``). Gone a day after it was touched last."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="baskets")
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    browser = models.CharField(max_length=40, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = BasketQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "browser"], name="one_basket_per_shop")]

    def __str__(self) -> str:
        return f"Basket {self.pk}"

    def add(self, dish: Dish, choices: Mapping[int, int], quantity: int = 1, note: str = "") -> None:
        """Put so many of a dish into it, beside what is there already; of the same with the same choices there is one line."""
        wanted = {str(key): number for key, number in choices.items()}

        def put() -> None:
            lines = list(self.lines.all())
            same = next((line for line in lines if line.is_same(dish.pk, wanted, note)), None)
            if same:
                same.hold(same.quantity + quantity)
            elif len(lines) >= MOST_LINES:
                raise Refused(_("A basket has room for %(most)s lines.") % {"most": MOST_LINES})
            else:
                self.lines.create(dish=dish, quantity=quantity, choices=wanted, note=note)

        self.change(put)

    def set_quantity(self, line: int, quantity: int) -> None:
        """So many of a line, by its key; 0 takes it out. A line that is gone already stays gone."""

        def put() -> None:
            if found := self.lines.filter(pk=line).first():
                found.hold(quantity)

        self.change(put)

    def clear(self) -> None:
        self.change(lambda: self.lines.all().delete())

    def take_out(self, ordered: Iterable[Any]) -> None:
        """It was ordered: without these lines of an order, and with a new key for the next one. What was added since stays."""

        def put() -> None:
            left = list(self.lines.all())
            for line in ordered:
                same = next((one for one in left if one.is_same(line.dish_id, line.asked, line.note)), None)
                if same:
                    same.hold(max(0, same.quantity - line.quantity))
            self.key = uuid4()

        self.change(put)

    def rekey(self) -> None:
        """As it is, under a new key: the order of the old one is given up."""

        def put() -> None:
            self.key = uuid4()

        self.change(put)

    def change(self, put: Callable[[], Any]) -> None:
        with transaction.atomic():
            Basket.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            put()
            self.touched_at = timezone.now()
            self.save(update_fields=["touched_at", "key"])
            publish(topics.basket(self.pk))


class BasketLine(models.Model):
    """``choices``: for each chosen option, how many: ``{"<pk of Choice>": 1}``."""

    MOST = 50

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    dish = models.ForeignKey(Dish, models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    choices = models.JSONField(default=dict)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.dish_id}"

    def is_same(self, dish: int, choices: Mapping[str, int], note: str) -> bool:
        return self.dish_id == dish and self.choices == choices and one_line(self.note) == one_line(note)

    def hold(self, quantity: int) -> None:
        """Keep so many; none: take it out. Raises Refused for more than 50."""
        if quantity > self.MOST:
            raise Refused(_("%(most)s of one dish are the most.") % {"most": self.MOST})
        if quantity < 1:
            self.delete()
        else:
            self.quantity = quantity
            self.save(update_fields=["quantity"])
