"""The history of an order in words, for those who work at the shop."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from clocks import recent
from money import Money
from tracking.orders.models import State
from verbs.forms import Words
from verbs.timeline import Difference, Step, Timeline

LABELS: Mapping[str, Words] = {
    "place": pgettext_lazy("an order", "Placed"),
    "pay": gettext_lazy("Paid"),
    "accept": gettext_lazy("Accepted"),
    "refuse": pgettext_lazy("an order", "Refused"),
    "start": gettext_lazy("Begun"),
    "finish_part": gettext_lazy("Part ready"),
    "bump": pgettext_lazy("an order", "Ready"),
    "recall": gettext_lazy("Recalled"),
    "collect": pgettext_lazy("an order", "Collected"),
    "send_out": gettext_lazy("Sent out"),
    "hand_over": gettext_lazy("Handed over"),
    "not_found": gettext_lazy("Nobody at the gate"),
    "void_line": gettext_lazy("A dish was taken off"),
    "revise": gettext_lazy("Changed at the till"),
    "call_off": gettext_lazy("Cancelled by the shop"),
    "cancel": gettext_lazy("Cancelled by the customer"),
    "acknowledge": gettext_lazy("Seen by the kitchen"),
    "expect": gettext_lazy("Another time"),
    "put_off": gettext_lazy("Later"),
    "be_late": gettext_lazy("Late"),
    "follow_flight": gettext_lazy("News of the flight"),
    "refund_line": gettext_lazy("Money given back"),
    "revoke": gettext_lazy("Link revoked"),
}


class KitchenTimeline(Timeline):
    HIDDEN: ClassVar = ("state", "link_version", "email", "phone", "acknowledged_at", "flight")
    OF_VERSIONS: ClassVar = ("lines", "total", "way", "wanted_at")  # told where these are what a verb changes

    def changes(self) -> Any:
        return self.instance.changes.select_related("by", "till")

    def step(self, changes: list[Any]) -> Step:
        """What one station has made is a part of the order, and makes it ready only with the last one."""
        found = super().step(changes)
        if changes[0].verb not in ("bump", "finish_part"):
            return found
        if any(change.field == "state" and change.after == State.READY for change in changes):
            return found._replace(
                label=str(LABELS["bump"]), differences=[each for each in found.differences if each.label]
            )
        return found._replace(label=str(LABELS["finish_part"]))

    def by(self, change: Any) -> str:
        return str(change.by or change.till or "")

    def label(self, change: Any) -> str:
        return str(LABELS.get(change.verb, change.verb.replace("_", " ").capitalize()))

    def difference(self, change: Any) -> Difference | None:
        if change.field in self.HIDDEN or (
            change.field in self.OF_VERSIONS and change.verb not in ("void_line", "revise")
        ):
            return None
        if change.field == "given_back":
            is_told = change.verb == "refund_line"
            return super().difference(change) if is_told else None
        if change.field == "parts":
            is_told = change.verb in ("bump", "finish_part")
            return Difference("", "", made_between(change.before, change.after)) if is_told else None
        if change.field == "way":
            return Difference(gettext("Handed over"), str(change.was), str(change.now))
        found = super().difference(change)
        if found and found.before == found.after:
            return None  # by some seconds, which nobody is told
        if found and change.field == "lines":
            return found._replace(label=gettext("dishes"))
        return found

    def value(self, change: Any, value: Any) -> str:
        if change.field in ("total", "given_back") and value:
            return str(Money(int(value), self.instance.currency))
        return super().value(change, value)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.instance.shop.tz)


BETWEEN_PARTS = re.compile(r", (?=\d+/\d+ )")  # names of dishes have commas too


def made_between(before: str, after: str) -> str:
    """The parts of which another number is made than before, as ``Order.snapshot`` writes them: "1/2 Burger, 0/1 Cola"."""
    changed = Counter(BETWEEN_PARTS.split(after)) - Counter(BETWEEN_PARTS.split(before))
    return ", ".join(made(text) for text in changed.elements())


def made(part: str) -> str:
    count, _space, name = part.partition(" ")
    ready, _slash, quantity = count.partition("/")
    if ready == quantity:
        return f"{quantity} {name}"
    return gettext("%(ready)s of %(quantity)s %(name)s") % {"ready": ready, "quantity": quantity, "name": name}
