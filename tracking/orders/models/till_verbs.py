"""What a shop's own till does with an order that it has pushed, beside the verbs of the kitchen."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from live.outbox import publish
from tracking.orders import topics
from tracking.orders.estimating import Span
from tracking.orders.models import stock
from tracking.orders.models.kitchen_verbs import KitchenVerbs
from tracking.orders.models.promises import Cause
from tracking.orders.models.states import State
from verbs.models import verb
from verbs.refusals import Refused


class OldVersion(Refused):
    """The order is at this version of its till already, or at a later one."""


class TillVerbs(KitchenVerbs):
    shop_id: int
    total: int
    external_version: int

    class Meta:
        abstract = True

    @verb
    def revise(
        self,
        version: int,
        gone: Collection[int],
        add: Callable[[Mapping[int, int]], None],
        span: Span | None = None,
        **fields: Any,
    ) -> None:
        """Take over a later version. The lines ``gone`` are void: the kitchen sees them struck through. All others stay as
        they are, with what is made of them, so that no station gets work that it has already.

        ``add`` saves the new lines. It gets the portions that are free again, by dish. ``span``: the promise, where it is
        another one. ``fields``: name, note, how it is handed over and the like.
        """
        if version <= self.external_version:
            text = _("%(name)s is at version %(version)s already.")
            raise OldVersion(text % {"name": self.display_name, "version": self.external_version})
        leaving = self.lines.filter(pk__in=gone, is_void=False)
        back = {} if self.making_at else stock.unmade(leaving.prefetch_related("parts"))
        leaving.update(is_void=True, void_reason="", acknowledged_at=None)  # pages say that the till has changed it
        add(back)
        if stock.counted(back):
            publish(topics.menu(self.shop_id))
        self.total = sum(self.lines.filter(is_void=False).values_list("amount", flat=True))
        self.external_version = version
        for name, value in fields.items():
            setattr(self, name, value)
        if span:
            self.promise(span, Cause.CHANGED)
        parts = self.parts.filter(line__is_void=False)
        if self.state == State.MAKING and not parts.filter(ready__lt=F("quantity")).exists():
            self.become_ready(dict(parts.values_list("pk", "ready")))
