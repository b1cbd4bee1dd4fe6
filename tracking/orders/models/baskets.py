"""A basket: what somebody is about to order. It is kept on the server, so that a reload, the back button and another tab see
the same. ``key`` is born with it and becomes the key of the order: a basket can be ordered once."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracking.orders.models.menus import Dish
from tracking.orders.models.shops import Shop


class Basket(models.Model):
    """Found by a secret in the session (``browser``). Gone a day after it was touched last."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="baskets")
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    browser = models.CharField(max_length=40, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "browser"], name="one_basket_per_shop")]

    def __str__(self) -> str:
        return f"Basket {self.pk}"


class BasketLine(models.Model):
    """``choices``: for each chosen option, how many: ``{"<pk of Choice>": 1}``."""

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    dish = models.ForeignKey(Dish, models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    choices = models.JSONField(default=dict)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.dish_id}"
