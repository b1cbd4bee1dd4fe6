"""The busy lever of a shop: everything takes longer for a while, or it takes no orders for a while. Both end by themselves,
as their end is asked in the query; no job has to run."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clocks import HOUR, MINUTE
from live.outbox import publish
from tracking.orders import topics
from tracking.orders.models.promises import Cause
from tracking.orders.models.states import State
from verbs.refusals import Refused

BUSY_FOR = HOUR
STEPS = (10, 20)  # minutes
PAUSE = 15  # minutes


class Lever(models.Model):
    """The verbs of a shop that is busy. They publish its menu, its kitchen and the orders that they move."""

    pk: Any
    orders: Any
    busy_minutes: Any
    busy_until: Any
    paused_until: Any

    class Meta:
        abstract = True

    def be_busy(self, minutes: int, by: Any = None, now: datetime | None = None) -> None:
        """New orders are promised so many minutes later, for an hour; so are those that nobody has begun."""
        now = now or timezone.now()
        if minutes not in STEPS:
            raise Refused(_("Choose 10 or 20 minutes."))
        with transaction.atomic():
            self.lock_lever()
            more = minutes - self.busy_now(now)
            self.set_lever(busy_minutes=minutes, busy_until=now + BUSY_FOR)
            if more > 0:
                for order in self.orders.filter(state__in=(State.PLACED, State.ACCEPTED), wanted_at=None).order_by(
                    "pk"
                ):
                    with suppress(Refused):  # it was begun, or cancelled, at this moment
                        order.put_off(more, Cause.BUSY, by=by)

    def pause(self, minutes: int = PAUSE, now: datetime | None = None) -> None:
        """Take no orders for so many minutes, from now."""
        with transaction.atomic():
            self.lock_lever()
            self.set_lever(paused_until=(now or timezone.now()) + minutes * MINUTE)

    def resume(self) -> None:
        """End both at once. Promises that were made meanwhile stand."""
        with transaction.atomic():
            self.lock_lever()
            self.set_lever(busy_minutes=0, busy_until=None, paused_until=None)

    def busy_now(self, now: datetime) -> int:
        """The minutes by which it is busy now."""
        return int(self.busy_minutes) if self.busy_until and self.busy_until > now else 0

    def is_paused(self, now: datetime) -> bool:
        return bool(self.paused_until and self.paused_until > now)

    def lever_ends(self, now: datetime) -> list[datetime]:
        """When the lever changes by itself: for the ``stale_at`` of what shows it."""
        return [moment for moment in (self.busy_until, self.paused_until) if moment and moment > now]

    def lock_lever(self) -> None:
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(no_key=True))

    def set_lever(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        publish(topics.menu(self.pk), topics.shops(), topics.shop_orders(self.pk))
