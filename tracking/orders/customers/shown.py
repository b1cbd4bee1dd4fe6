"""An order as values to show: its stages, its lines, what happened, and when it was expected."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clocks import clock, day_words, earliest, next_minute, short_when, today
from money import Money
from tracking.orders.customers.receipt import expectations_of
from tracking.orders.menu.regions import choice_words
from tracking.orders.models import State, Way
from tracking.orders.models.states import DONE
from tracking.orders.totals import taxes

TONES = {
    State.UNPAID: "warn",
    State.PLACED: "",
    State.ACCEPTED: "",
    State.MAKING: "",
    State.READY: "go",
    State.OUT: "go",
    State.COLLECTED: "good",
    State.DELIVERED: "good",
    State.REFUSED: "bad",
    State.CANCELLED: "bad",
}
OVER = (State.REFUSED, State.CANCELLED)


class Stage(NamedTuple):
    """One stage of the bar. ``place``: done, now or next; ``at`` in words, "" where nobody knows it."""

    name: str
    place: str
    at: str
    is_observed: bool


class LineRow(NamedTuple):
    quantity: int
    name: str
    choices: str
    note: str
    amount: Money
    is_void: bool
    void_reason: str
    back: Money
    made: str  # "1 of 2 are made", while it matters


class TaxRow(NamedTuple):
    rate: str
    amount: Money


class Row(NamedTuple):
    """An order in the list of an account. ``url``: "" once its link has ended."""

    order: Any
    url: str
    when: str
    tone: str
    dishes: str


class Happened(NamedTuple):
    at: str
    what: str


def get(orders: "QuerySet[Any]") -> Any:
    """The one order; Http404 where there is none."""
    order = orders.first()
    if order is None:
        raise Http404
    return order


def context_of(order: Any, now: datetime, is_holder: bool) -> dict[str, Any]:
    """All that the page shows. ``is_holder``: who has the link has the buttons too, and the number for the runner."""
    tz, expected = order.shop.tz, order.expected(now)
    lines = list(order.lines.prefetch_related("parts"))
    receipt = expectations_of(order)
    is_over = order.state in OVER or order.is_late_to_pay(now)
    return {
        "order": order,
        "shop": order.shop,
        "is_holder": is_holder,
        "is_delivery": order.way == Way.DELIVERY,
        "is_late_to_pay": order.is_late_to_pay(now),
        "is_over": is_over,
        "may_cancel": is_holder and order.is_legal("cancel") and not is_over,
        "pay_until": clock(order.expires_at, tz) if order.state == State.UNPAID else "",
        "tone": "bad" if is_over else TONES[order.state],
        "stages": [] if is_over else stages_of(order, range_words(expected.earliest, expected.latest, tz)),
        "expected": "" if is_over or not order.is_awaited else range_words(expected.earliest, expected.latest, tz, now),
        "is_late": expected.is_late,
        "warning": "" if is_over else order.flight_warning,
        "is_estimated": bool(receipt) and receipt[0].is_estimated,
        "city": order.shop.airport.city,
        "lines": [line_row(line, order) for line in lines],
        "total": order.price,
        "to_pay": order.to_pay_at_shop,
        "discount": Money(order.discount, order.currency),
        "taxes": tax_rows(lines, order.currency),
        "back": Money(sum(line.given_back for line in lines), order.currency),
        "receipt": receipt,
        "happened": happened_to(order),
    }


def stale_at(order: Any, now: datetime) -> datetime | None:
    """When it has to be paid, and when it is late; then each minute, as the range that is said then never ends in the past.
    When its link ends, an open page ends with it."""
    if order.state == State.UNPAID:
        return order.expires_at if order.expires_at and order.expires_at > now else None
    if not order.is_awaited:
        return order.link_ends
    return order.latest if order.latest > now else earliest(next_minute(now))


# The bar

NAMES = {
    State.PLACED: gettext_lazy("Placed"),
    State.ACCEPTED: gettext_lazy("Accepted"),
    State.MAKING: gettext_lazy("Being made"),
    State.READY: pgettext_lazy("an order", "Ready"),
    State.OUT: gettext_lazy("On its way"),
    State.DELIVERED: gettext_lazy("At your gate"),
    State.COLLECTED: gettext_lazy("Collected"),
}
COLLECTED = (State.PLACED, State.ACCEPTED, State.MAKING, State.READY, State.COLLECTED)
DELIVERED = (State.PLACED, State.ACCEPTED, State.MAKING, State.READY, State.OUT, State.DELIVERED)


def stages_of(order: Any, expected: str) -> list[Stage]:
    """Those behind it with the time at which somebody did it; of those to come, the one that is promised has an estimate."""
    # a delivery is collected where nobody was at the gate
    is_brought = order.way == Way.DELIVERY and order.state != State.COLLECTED
    stages = DELIVERED if is_brought else COLLECTED
    promised = State.DELIVERED if order.way == Way.DELIVERY else State.READY
    reached = stages.index(order.state) if order.state in stages else -1
    observed = {
        State.PLACED: order.placed_at,
        State.ACCEPTED: order.accepted_at,
        State.MAKING: order.making_at,
        State.READY: order.ready_at,
        State.OUT: order.out_at,
        State.COLLECTED: order.ended_at,
        State.DELIVERED: order.ended_at,
    }
    found = []
    for number, stage in enumerate(stages):
        if number > reached:
            found.append(Stage(str(NAMES[stage]), "next", expected if stage == promised else "", False))
        else:
            is_last = number == reached and order.state not in DONE
            at = clock(observed[stage], order.shop.tz)
            found.append(Stage(str(NAMES[stage]), "now" if is_last else "done", at, True))
    return found


def range_words(begins: datetime, ends: datetime, tz: Any, now: datetime | None = None) -> str:
    """14:05–14:12; with its day where that is not the day of ``now``."""
    first, last = clock(begins, tz), clock(ends, tz)
    words = first if first == last else f"{first}–{last}"
    day = today(tz, begins)
    return f"{day_words(day)}, {words}" if now and day != today(tz, now) else words


# Its lines


def line_row(line: Any, order: Any) -> LineRow:
    return LineRow(
        line.quantity,
        line.name,
        ", ".join(choice_words(choice, order.shop) for choice in line.choices),
        line.note,
        Money(line.amount, order.currency),
        line.is_void,
        line.void_reason or (_("Changed at the till") if line.is_void and order.source else ""),
        Money(line.given_back, order.currency),
        made_words(line) if order.state == State.MAKING and not line.is_void else "",
    )


def made_words(line: Any) -> str:
    parts = line.parts.all()
    ready, of = sum(part.ready for part in parts), sum(part.quantity for part in parts)
    if not ready:
        return ""
    return pgettext("a dish", "made") if ready == of else _("%(ready)s of %(of)s made") % {"ready": ready, "of": of}


def tax_rows(lines: list[Any], currency: str) -> list[TaxRow]:
    found = taxes((line.amount, line.tax_rate) for line in lines if not line.is_void)
    return [TaxRow(f"{tax.rate.normalize():f}", Money(tax.tax, currency)) for tax in found if tax.tax]


def row_of(order: Any) -> Row:
    dishes = ", ".join(str(line) for line in order.lines.all() if not line.is_void)
    tz = order.shop.tz
    has_link = order.link_ends is None or order.link_ends > timezone.now()
    url = order.get_absolute_url() if has_link else ""
    return Row(order, url, short_when(order.placed_at, tz, today(tz)), TONES[order.state], dishes)


# What happened

STEPS = {
    "pay": gettext_lazy("Paid and placed"),
    "accept": gettext_lazy("The shop has accepted it"),
    "start": gettext_lazy("The kitchen has begun"),
    "recall": gettext_lazy("Not ready after all"),
    "collect": gettext_lazy("Collected"),
    "send_out": gettext_lazy("A runner is on the way"),
    "hand_over": gettext_lazy("Handed over at the gate"),
    "not_found": gettext_lazy("Nobody was found at the gate"),
    "cancel": gettext_lazy("You have cancelled it"),
    "lapse": gettext_lazy("Not paid in time"),
    "call_off": gettext_lazy("The shop has cancelled it"),
    "refuse": gettext_lazy("The shop has refused it"),
    "revise": gettext_lazy("The shop has changed it"),
    "void_line": gettext_lazy("The shop has left something out"),
    "refund_line": gettext_lazy("The shop has given money back"),
    "revoke": gettext_lazy("A new link was made"),
}
UNDONE = {  # by a recall, from these states
    State.OUT: gettext_lazy("No runner has left yet"),
    State.COLLECTED: gettext_lazy("Not collected yet"),
}
STATES = {State.READY: gettext_lazy("It is ready"), State.MAKING: gettext_lazy("The kitchen has begun")}


# the fields whose changes are steps
TOLD = ("state", "total", "way", "wanted_at", "gate", "link_version", "given_back")


def happened_to(order: Any) -> list[Happened]:
    """The latest first. It names nobody who works there."""
    found: dict[int, Happened] = {}
    for change in order.changes.filter(field__in=TOLD).order_by("pk"):
        what = words_of(change)
        if what:
            found[change.revision] = Happened(short_when(change.at, order.shop.tz, today(order.shop.tz)), what)
    return list(found.values())[::-1]


def words_of(change: Any) -> str:
    """One change in words; "" for what says nothing to a customer."""
    if change.verb == "place":
        if change.field != "state":
            return ""
        return _("Ordered, to be paid") if change.after == State.UNPAID else _("Placed")
    if change.field == "gate":
        return _("Gate %(gate)s") % {"gate": change.after or "–"}
    if change.verb == "recall" and change.before in UNDONE:
        return str(UNDONE[change.before])
    if change.verb in STEPS:
        return str(STEPS[change.verb])
    return str(STATES.get(change.after, "")) if change.field == "state" else ""
