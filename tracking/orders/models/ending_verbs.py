"""How a shop ends an order, or takes a line off it, and gives the money back."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from live.outbox import publish
from tracking.orders import topics
from tracking.orders.models import stock
from tracking.orders.models.kitchen_verbs import KitchenVerbs
from tracking.orders.models.repeating import repeatable
from tracking.orders.models.states import State
from verbs.models import verb
from verbs.refusals import Refused


class EndingVerbs(KitchenVerbs):
    total: int
    reason: str
    shop_id: int
    is_for: Any
    give_back: Any  # of PaidFor

    class Meta:
        abstract = True

    @verb
    @repeatable
    def refuse(self, reason: str) -> None:
        """The shop can't make it. All of the money goes back."""
        self.end(State.REFUSED, reason)

    @verb
    @repeatable
    def call_off(self, reason: str) -> None:
        """The shop cancels what it has accepted. All of the money goes back; what nobody has begun is for sale again."""
        self.end(State.CANCELLED, reason)

    @verb
    def void_line(self, line: int, reason: str) -> None:
        """One line can't be made; its money goes back. Where it was the last one, the order is cancelled."""
        found = self.lines.filter(pk=line).first()
        if found is None:
            raise Refused(_("This is no line of %(name)s.") % {"name": self.display_name})
        if found.is_void:
            return
        check_reason(reason)
        left = self.lines.filter(is_void=False).exclude(pk=line)
        if not left.exists():
            self.end(State.CANCELLED, reason)
            return
        self.give_back([found], reason)
        self.put_back([found])
        self.lines.filter(pk=line).update(is_void=True, void_reason=reason, acknowledged_at=None)
        self.total = sum(left.values_list("amount", flat=True))
        parts = self.parts.filter(line__is_void=False)
        if self.state == State.MAKING and not parts.filter(ready__lt=F("quantity")).exists():
            self.become_ready(dict(parts.values_list("pk", "ready")))

    @verb
    def refund_line(self, line: int, reason: str) -> None:
        """Something was wrong with a dish that was made: what it cost goes back. All else stays as it was."""
        found = self.lines.filter(pk=line, is_void=False).first()
        if found is None:
            raise Refused(_("This is no line of %(name)s.") % {"name": self.display_name})
        check_reason(reason)
        if found.given_back < found.amount and not self.give_back([found], reason):
            raise Refused(
                _("%(name)s was not paid here, so its money can’t be given back here.") % {"name": self.display_name}
            )

    # What the verbs need

    def end(self, state: str, reason: str) -> None:
        """It ends without having reached its customer: the money goes back, and portions that nobody has begun to make."""
        check_reason(reason)
        lines = list(self.lines.filter(is_void=False).prefetch_related("parts"))
        self.give_back(lines, reason)
        self.put_back(lines)
        self.state, self.ended_at, self.reason = state, timezone.now(), reason

    def put_back(self, lines: Iterable[Any]) -> None:
        """The portions of what nobody has begun to make."""
        if self.making_at is None and stock.put_back(stock.unmade(lines), self.is_for):
            publish(topics.menu(self.shop_id))


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the customer reads it."))
