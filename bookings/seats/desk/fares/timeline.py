"""The history of a tariff and of a tax, in words."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.seats.fares.rules import SeatKind
from bookings.seats.fares.taxes import TaxKind
from bookings.seats.fares.terms import percent
from money import Money
from verbs.timeline import Difference, Timeline

RATES = {"child_rate", "infant_rate"}
VERBS = {"add": _("Added"), "revise": _("Changed"), "end": _("Ended")}
SHOWN = 10  # verbs, the latest


class LatestTimeline(Timeline):
    """The latest verbs only."""

    def changes(self) -> Any:
        return super().changes().filter(revision__gt=self.instance.revision - SHOWN)

    def label(self, change: Any) -> str:
        return str(VERBS.get(change.verb, ""))


class TariffTimeline(LatestTimeline):
    def difference(self, change: Any) -> Difference | None:
        if change.field == "seat_fees":
            return Difference(str(change.label), self.fees(change.before), self.fees(change.after))
        if change.field == "families":
            before, after = what_differs(change.before, change.after)
            return Difference(str(change.label), self.amounts(before), self.amounts(after))
        return super().difference(change)

    def fees(self, text: str) -> str:
        """Kinds of seats and their fees: "legroom 3900, preferred 1200"."""
        pairs = (fee.split() for fee in text.split(", ") if fee)
        return ", ".join(f"{SeatKind(kind).label} {Money(int(fee), self.instance.currency)}" for kind, fee in pairs)

    def amounts(self, text: str) -> str:
        """The fees in the words of families as money: "change 7500, refund 100 % − 9000" are minor units."""
        currency = self.instance.currency
        return re.sub(r"(change|−) (\d+)", lambda found: f"{found[1]} {Money(int(found[2]), currency)}", text)

    def value(self, change: Any, value: Any) -> str:
        text = str(value or "")
        if not text.isdecimal():
            return text
        if change.field in RATES:
            return f"{percent(int(text))} %"
        return Money(int(text), self.instance.currency).format()


def what_differs(before: str, after: str) -> tuple[str, str]:
    """What one text says of a family and the other does not, each way: "flex: 145 %" and "flex: 160 %"."""
    old, new = (dict(line.split(": ", 1) for line in text.splitlines()) for text in (before, after))
    told: tuple[list[str], list[str]] = ([], [])
    for code in [*old, *(code for code in new if code not in old)]:
        parts = [re.split("[,;] ", each.get(code, "")) for each in (old, new)]
        for side, (mine, others) in enumerate((parts, parts[::-1])):
            if only := [part for part in mine if part and part not in others]:
                told[side].append(f"{code}: {', '.join(only)}")
    return "; ".join(told[0]), "; ".join(told[1])


class TaxTimeline(LatestTimeline):
    def value(self, change: Any, value: Any) -> str:
        if change.field == "for_lap_infants":
            return str(_("yes") if str(value) == "True" else _("no"))
        if change.field != "amount" or not value:
            return super().value(change, value)
        return rate_words(self.instance.kind, int(value), self.instance.currency)


def rate_words(kind: str, amount: int, currency: str) -> str:
    """A tax's amount: $5.00, or 7.5 %."""
    return f"{percent(amount)} %" if kind == TaxKind.FARE else Money(amount, currency).format()
