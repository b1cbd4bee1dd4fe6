"""What customers do with an order. Staff do some of it for them: ``by`` is then the member of staff, else None."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from live.outbox import publish
from tracking.orders import topics
from tracking.orders.models import stock
from tracking.orders.models.baskets import Basket
from tracking.orders.models.states import State
from verbs.models import Tracked, verb
from verbs.refusals import Refused

NOT_PAID = "not paid"  # the reason of an order that was never placed

# Why a customer can't cancel in each state.
TOO_LATE = {
    State.MAKING: gettext_lazy(
        "The kitchen has begun with %(name)s, so it can’t be cancelled here any more. Ask the shop."
    ),
    State.READY: gettext_lazy("%(name)s is ready, so it can’t be cancelled any more."),
    State.OUT: gettext_lazy("%(name)s is on its way, so it can’t be cancelled any more."),
    State.COLLECTED: gettext_lazy("%(name)s was collected already."),
    State.DELIVERED: gettext_lazy("%(name)s was delivered already."),
    State.REFUSED: gettext_lazy("The shop has refused %(name)s already."),
    State.CANCELLED: gettext_lazy("%(name)s is cancelled already."),
}


class CustomerVerbs(Tracked):
    """The verbs of an order that customers have."""

    shop_id: int
    wanted_at: datetime | None
    made_at: datetime
    placed_at: datetime | None
    lines: Any
    promises: Any
    is_for: Any
    give_back: Any  # of PaidFor

    class Meta:
        abstract = True

    @verb
    def pay(self) -> None:
        """It is paid, and so it is placed: the kitchen sees it from now on. ``checkout`` calls it (PaidFor.paid)."""
        now = timezone.now()
        self.state, self.placed_at, self.expires_at = State.PLACED, now, None
        if self.wanted_at is None:
            self.begin_later(now - self.made_at)
        take_ordered(self.key, self.lines.all())

    @verb
    def lapse(self) -> None:
        """It was not paid in time: its portions go back. Raises Refused before that time."""
        now = timezone.now()
        if self.expires_at is None or self.expires_at > now:
            raise Refused(_("The time to pay is not over."))
        self.end_unmade(NOT_PAID, now)

    @verb
    def cancel(self) -> None:
        """By its customer, while nothing is being made. All that was paid goes back."""
        now = timezone.now()
        self.give_back([line for line in self.lines.all() if not line.is_void], _("Cancelled"))
        self.end_unmade(NOT_PAID if self.state == State.UNPAID else "", now)

    @verb
    def revoke(self) -> None:
        """Make its links worthless. The owner gets the new one by mail."""
        self.revoke_links()

    # What they build on

    def begin_later(self, by: timedelta) -> None:
        """The kitchen hears of it when it is paid: what was promised for when it was made counts from then on."""
        self.earliest, self.latest, self.due_at = self.earliest + by, self.latest + by, self.due_at + by
        self.promises.update(at=self.placed_at, earliest=F("earliest") + by, latest=F("latest") + by)

    def end_unmade(self, reason: str, now: datetime) -> None:
        """It is cancelled. What nobody has made can be sold again; a kitchen that never saw it has nothing to acknowledge."""
        if self.state == State.UNPAID:
            self.acknowledged_at = now
            rekey_basket(self.key)
        self.state, self.ended_at, self.expires_at, self.reason = State.CANCELLED, now, None, reason
        if stock.put_back(stock.unmade(self.lines.filter(is_void=False).prefetch_related("parts")), self.is_for):
            publish(topics.menu(self.shop_id))

    def refusal(self, verb: str, state: str) -> str:
        if verb == "cancel" and state in TOO_LATE:
            return str(TOO_LATE[State(state)]) % {"name": self.display_name}
        return super().refusal(verb, state)


def rekey_basket(key: Any) -> None:
    """The basket of an order that was never placed is kept, and can be ordered again."""
    for basket in Basket.objects.filter(key=key) if key else ():
        basket.rekey()


def take_ordered(key: Any, lines: Iterable[Any]) -> None:
    """What was ordered is in the basket no more, in every tab. What was added since stays, for another order."""
    for basket in Basket.objects.filter(key=key) if key else ():
        basket.take_out(lines)
