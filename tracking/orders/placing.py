"""Placing an order: all that was asked for becomes an order, or nothing does and each line says why.

One transaction. Locks: the counted dishes in the order of their keys; then the order is made. Orders whose time to pay is
over give their portions back before that, each in a transaction of its own.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from live.outbox import publish
from once import KeyUsed
from post.text import one_line
from strangers import NOBODY, Asker, bounds, check_bound
from tracking.flights.models.codes import AT_GATE
from tracking.orders import opening, topics
from tracking.orders.estimating import Span
from tracking.orders.flights import check_in_time
from tracking.orders.models import Cause, Dish, Line, Order, Part, Shop, State, Way, stock
from tracking.orders.models.customer_verbs import empty_basket
from tracking.orders.models.handing_verbs import new_pin
from tracking.orders.promising import promise_for
from tracking.orders.shares import check_share
from tracking.orders.totals import LINES, Bill, Chosen, Fault, Item, bill, choose, quantity_of
from verbs.refusals import Refused

bounds("orders")

PAY_WITHIN = timedelta(minutes=10)
GATE = re.compile(r"[A-Z]?[0-9]{1,3}[A-Z]?")
LONGEST_NOTE = 120
TOO_MANY = gettext_lazy("Many orders of your network are open at this shop. Try again in a few minutes.")


class Wanted(NamedTuple):
    """A line that is asked for, as a basket or a till has it: a dish by key, how many, and so many of each Choice by key."""

    dish_id: Any
    quantity: Any = 1
    choices: Mapping[Any, Any] = {}
    note: str = ""


class Customer(NamedTuple):
    name: str
    email: str = ""
    phone: str = ""
    note: str = ""


class LineFault(NamedTuple):
    """What is wrong with one line. ``field``: that of ``totals.Fault``."""

    line: int  # from 0
    field: str
    text: str


class LineFaults(Refused):
    """Some lines are impossible. Nothing was ordered."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__(" ".join(dict.fromkeys(fault.text for fault in faults)))
        self.faults = list(faults)


class Unfit(Refused):
    """Something about the order is impossible. ``field``: lines, way, flight, gate, wanted_at or total."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class OtherBody(KeyUsed):
    """The key was sent before with something else. ``order`` is what it made; ``differing`` are the parts that differ."""

    def __init__(self, order: Order, differing: Sequence[str]) -> None:
        names = ", ".join(str(PARTS[part]) for part in differing)
        super().__init__(_("You have sent this order already, and this time it differs: %(names)s.") % {"names": names})
        self.order, self.differing = order, list(differing)


class Asked(NamedTuple):
    """What a request asks for."""

    shop: Shop
    lines: Sequence[Any]
    customer: Customer
    way: str
    flight: Any
    gate: str
    wanted_at: datetime | None


class Priced(NamedTuple):
    """What it comes to: each line chosen, and the bill."""

    chosen: list[Chosen]
    quantities: list[int]
    bill: Bill

    @property
    def portions(self) -> dict[int, int]:
        """How many of each dish go for all of it, by key."""
        found: Counter[int] = Counter()
        for one, quantity in zip(self.chosen, self.quantities, strict=True):
            found.update({key: per * quantity for key, per in one.portions.items()})
        return dict(found)

    @property
    def size(self) -> int:
        return sum(self.quantities)

    @property
    def longest(self) -> int:
        """The minutes of its slowest dish."""
        dishes = [dish for one in self.chosen for dish in (one.dish, *(part.dish for part in one.parts))]
        return max(dish.minutes or 0 for dish in dishes)


def place(
    shop: Shop,
    lines: Iterable[Any],
    customer: Customer,
    way: str = Way.COLLECTION,
    flight: Any = None,
    gate: str = "",
    wanted_at: datetime | None = None,
    key: UUID | None = None,
    asker: Asker = NOBODY,
    user: Any = None,
    by: Any = None,
    till: Any = None,
    accepted: int | None = None,
    **fields: Any,
) -> Order:
    """Order these lines (``Wanted``, or those of a basket). The same key with the same content gives the same order.

    ``wanted_at`` None: as soon as possible. ``accepted``: the total that the customer saw, in minor units; None takes that of
    now. ``fields``: further ones of the order, as a till sets them: ``source``, ``external``, ``external_version``; what has
    a source is paid at the till.
    Raises LineFaults, Unfit, OtherBody, KeyUsed, TooMany, or another Refused where the shop takes no orders; nothing is
    ordered then. Not inside another transaction: it gives back the portions of unpaid orders first.
    """
    now = timezone.now()
    asked = Asked(shop, list(lines), customer, way, flight, clean_gate(gate), wanted_at)
    scope = {"shop_id": shop.pk, "asked_by": asker.browser, "source": fields.get("source", "")}
    digest = digest_of(asked)
    if made := Order.objects.made_with(key, **scope):
        return same(made, digest)
    Order.objects.filter(shop=shop).lapse(now)
    try:
        order, priced, span = made_of(asked, now, accepted)  # reads only, so that the locks are taken late
        for name, value in {"key": key, "body_hash": digest, "user": user, **fields}.items():
            setattr(order, name, value)
        order.set_asker(asker)
        with transaction.atomic():
            take_portions(priced, shop)
            return save(order, asked, priced, span, by=by, till=till)
    except (IntegrityError, Refused):
        if made := Order.objects.made_with(key, **scope):  # at the same moment, so that its portions seem to be gone
            return same(made, digest)
        raise


def made_of(asked: Asked, now: datetime, accepted: int | None) -> tuple[Order, Priced, Span]:
    """The unsaved order with its price and promise, once nothing but its portions speaks against it."""
    shop = asked.shop
    priced = price(asked, now)
    if accepted is not None and accepted != priced.bill.total:
        raise Unfit(_("The price has changed. Look at it, then send the order again."), "total")
    check_way(asked, now)
    span = promise_for(shop, priced.size, now, asked.wanted_at, asked.way, priced.longest)
    if asked.flight:
        span = check_in_time(span, asked.flight, asked.way, shop, now)
    order = Order(
        shop=shop,
        way=asked.way,
        currency=shop.currency,
        total=priced.bill.total,
        discount=priced.bill.discount,
        flight=asked.flight,
        flight_seen=asked.flight.revision if asked.flight else 0,
        gate=(asked.flight.gate if asked.flight else "") or asked.gate,
        pin=new_pin() if asked.way == Way.DELIVERY else "",
        wanted_at=asked.wanted_at,
        due_at=span.latest,
        earliest=span.earliest,
        latest=span.latest,
        made_at=now,
        **{name: one_line(text) for name, text in asked.customer._asdict().items()},
    )
    order.due_at -= order.walk
    return order, priced, span


def save(order: Order, asked: Asked, priced: Priced, span: Span, **who: Any) -> Order:
    """Save it with its lines, parts and promise, and its first history. An unpaid one keeps its portions for PAY_WITHIN."""
    shop = asked.shop
    if order.asked_from:
        theirs = Order.objects.open_or_unpaid().filter(shop=shop, asked_from=order.asked_from).order_by()
        check_bound("orders", theirs.count(), settings.ORDERS_PER_ADDRESS, TOO_MANY)
    if shop.pays_online and order.total and not order.source:
        order.state, order.expires_at = State.UNPAID, order.made_at + PAY_WITHIN
        check_share(order, priced.portions)
    else:
        order.state, order.placed_at = State.PLACED, order.made_at
        empty_basket(order.key)
    order.save()
    save_lines(order, asked.lines, priced)
    order.promise(span, Cause.PLACED)
    order.begin("place", **who)
    return order


def save_lines(order: Order, wanted_lines: Sequence[Any], priced: Priced, first: int = 0) -> None:
    """Save lines with their parts. ``first``: the position of the first one."""
    rows = zip(wanted_lines, priced.chosen, priced.quantities, priced.bill.lines, strict=True)
    lines = Line.objects.bulk_create(
        Line(
            order=order,
            dish=chosen.dish,
            position=position,
            name=chosen.dish.name,
            quantity=quantity,
            unit_price=chosen.unit_price,
            choices=chosen.choices,
            discount=billed.discount,
            amount=billed.amount,
            tax_rate=billed.tax_rate,
            note=one_line(str(wanted.note)),
        )
        for position, (wanted, chosen, quantity, billed) in enumerate(rows, first)
    )
    Part.objects.bulk_create(
        Part(
            order=order,
            line=line,
            dish=part.dish,
            station=part.station,
            name=part.name,
            extras=part.extras,
            quantity=part.per * line.quantity,
        )
        for line, chosen in zip(lines, priced.chosen, strict=True)
        for part in chosen.parts
    )


# What speaks against it


def price(asked: Asked, now: datetime) -> Priced:
    """Choose and price its lines. Raises LineFaults with all that is wrong, and Unfit for no lines or too many."""
    if not asked.lines:
        raise Unfit(_("Your basket is empty."), "lines")
    if len(asked.lines) > LINES:
        raise Unfit(_("An order has %(most)s lines at most.") % {"most": LINES}, "lines")
    dishes = dishes_of(asked)
    chosen, quantities, faults = [], [], []
    for place, line in enumerate(asked.lines):
        try:
            quantities.append(quantity_of(line.quantity))
            chosen.append(chosen_of(line, dishes, asked.wanted_at or now))
        except Fault as fault:
            faults.append(LineFault(place, fault.field, str(fault)))
    if faults:
        raise LineFaults(faults)
    shop = asked.shop
    items = [Item(one.unit_price, n, one.dish.rate) for one, n in zip(chosen, quantities, strict=True)]
    return Priced(chosen, quantities, bill(items, currency=shop.currency))


def dishes_of(asked: Asked) -> dict[str, Dish]:
    """The shop's dishes that are asked for, by their key as a text. Keys that no dish can have are none."""
    keys = {str(line.dish_id) for line in asked.lines}
    keys = {key for key in keys if key.isascii() and key.isdecimal() and len(key) < 19}
    found = Dish.objects.filter(shop=asked.shop, pk__in=keys).select_related("shop", "section", "station")
    return {str(dish.pk): dish for dish in found}


def chosen_of(line: Any, dishes: Mapping[str, Dish], at: datetime) -> Chosen:
    """One line, chosen. Raises Fault."""
    dish = dishes.get(str(line.dish_id))
    if dish is None:
        raise Fault(_("This shop does not sell that."), "dish")
    if words := dish.refusal(at):
        raise Fault(words, "dish")
    if not isinstance(line.choices, Mapping):
        raise Fault(_("Choose what is offered with it."), "choices")
    if len(str(line.note)) > LONGEST_NOTE:
        raise Fault(_("Write %(most)s characters at most.") % {"most": LONGEST_NOTE}, "note")
    chosen = choose(dish, line.choices)
    for part in chosen.parts:
        if part.dish.pk != dish.pk and part.dish.is_out(timezone.now()):
            raise Fault(_("%(dish)s is sold out.") % {"dish": part.name}, "choices")
    return chosen


def take_portions(priced: Priced, shop: Shop, back: Mapping[int, int] = {}) -> None:
    """Raises LineFaults at each line that has too few. ``back``: portions that go back at the same time."""
    needed = {key: priced.portions.get(key, 0) - back.get(key, 0) for key in {*priced.portions, *back}}
    lacking = stock.take(needed)
    if not lacking:
        if stock.counted(needed):
            publish(topics.menu(shop.pk))
        return
    names = {part.dish.pk: part.dish.name for one in priced.chosen for part in one.parts}
    names |= {one.dish.pk: one.dish.name for one in priced.chosen}
    raise LineFaults(
        [
            LineFault(place, "dish" if key == one.dish.pk else "choices", left_words(names[key], left))
            for place, one in enumerate(priced.chosen)
            for key, left in lacking.items()
            if key in one.portions
        ]
    )


def left_words(dish: str, left: int) -> str:
    if not left:
        return _("%(dish)s is sold out.") % {"dish": dish}
    words = ngettext("Only %(left)s %(dish)s is left.", "Only %(left)s %(dish)s are left.", left)
    return words % {"dish": dish, "left": left}


def check_way(asked: Asked, now: datetime) -> None:
    """Raise Unfit where it can't be brought there, or where its flight is none of this airport's that are still to leave."""
    if asked.way not in Way.values:
        raise Unfit(_("Choose how you get it."), "way")
    flight = asked.flight
    if flight and flight.origin_id != asked.shop.airport_id:
        words = {"flight": flight.designator, "airport": asked.shop.airport}
        raise Unfit(_("%(flight)s does not leave from %(airport)s.") % words, "flight")
    if flight and (flight.phase not in AT_GATE or flight.best_departure <= now):
        raise Unfit(_("%(flight)s is cancelled or has left.") % {"flight": flight.designator}, "flight")
    if asked.way == Way.COLLECTION:
        return
    if not asked.shop.delivers:
        raise Unfit(_("%(shop)s does not bring orders to gates. Collect it.") % {"shop": asked.shop}, "way")
    if not flight and not asked.gate:
        raise Unfit(_("Write your flight or your gate, so that we find you."), "flight")
    if asked.gate and not GATE.fullmatch(asked.gate):
        raise Unfit(_("Write a gate such as B22."), "gate")


def clean_gate(text: str) -> str:
    return re.sub(r"\s+", "", str(text)).upper()


def check_payable(order: Order) -> None:
    """Raise Refused where money for an unpaid order would have to go back, as it can't be made in time any more: before
    anybody pays. Raises LineFaults for what was sold out by hand meanwhile; its own portions are kept for it."""
    now, shop = timezone.now(), order.shop
    faults = [
        LineFault(line.position, "dish", _("%(dish)s is sold out.") % {"dish": part.name})
        for line in order.lines.prefetch_related("parts__dish")
        for part in line.parts.all()
        if part.dish and part.dish.out_until and part.dish.out_until > now
    ]
    if faults:
        raise LineFaults(faults)
    opening.check_time(shop, order.wanted_at, now, shop.minutes)  # not how busy it is: its promise stands
    if order.flight:
        later = timedelta() if order.wanted_at else now - order.made_at
        check_in_time(Span(order.earliest + later, order.latest + later), order.flight, order.way, shop, now)


# Its key

PARTS = {
    "lines": gettext_lazy("what is ordered"),
    "way": gettext_lazy("how you get it"),
    "flight": gettext_lazy("the flight"),
    "gate": gettext_lazy("the gate"),
    "wanted_at": gettext_lazy("the time"),
    "name": gettext_lazy("the name"),
    "contact": gettext_lazy("the e-mail address or telephone number"),
    "note": gettext_lazy("the note"),
}
DIGITS = 8  # of each part's hash; all of them together are Order.body_hash


def digest_of(asked: Asked) -> str:
    """A hash of each part of what is asked for, in the order of PARTS: so it can be said what differs."""
    customer = asked.customer
    content: dict[str, Any] = {
        "lines": [[str(line.dish_id), str(line.quantity), choices_of(line), str(line.note)] for line in asked.lines],
        "way": asked.way,
        "flight": asked.flight.pk if asked.flight else None,
        "gate": asked.gate,
        "wanted_at": asked.wanted_at.timestamp() if asked.wanted_at else None,
        "name": customer.name,
        "contact": [customer.email, customer.phone],
        "note": customer.note,
    }
    return "".join(sha256(json.dumps(content[part]).encode()).hexdigest()[:DIGITS] for part in PARTS)


def choices_of(line: Any) -> Any:
    """Its choices, whatever they are, so that their order makes no difference."""
    if not isinstance(line.choices, Mapping):
        return str(line.choices)
    return sorted((str(key), str(quantity)) for key, quantity in line.choices.items())


def same(made: Order, digest: str) -> Order:
    """What the key has made before, if it was sent with the same. Raises OtherBody."""
    if made.body_hash == digest:
        return made
    places = range(0, len(digest), DIGITS)
    differing = [
        part
        for part, at in zip(PARTS, places, strict=True)
        if made.body_hash[at : at + DIGITS] != digest[at : at + DIGITS]
    ]
    raise OtherBody(made, differing)
