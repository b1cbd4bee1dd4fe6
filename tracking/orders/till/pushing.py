"""Orders that a till pushes: the first time it is placed, a later version changes it, the same version again is the same."""

from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE
from tracking.orders.models import Order, TillKey
from tracking.orders.models.till_verbs import OldVersion
from tracking.orders.placing import Asked, Customer, Unfit, Wanted, clean_gate, digest_of, place, price, same
from tracking.orders.till.bodies import WantedOrder
from tracking.orders.till.prices import check_prices, costs_of
from tracking.orders.till.revising import revise

NUMBERS = UUID("6a3f0c1e-6f3e-4d0c-9a55-0f6f2d1c7b11")  # the name space of the keys that numbers of tills make


def push(till: TillKey, body: WantedOrder) -> tuple[Order, bool]:
    """The order that this is, and whether it is new. Raises Refused and Problem, with nothing done."""
    made = Order.objects.filter(shop=till.shop, source=till.name, external=body.number).first()
    if made:
        return change(till, made, body), False
    asked = asked_of(till, body)
    total = check_prices(body, costs_of(price(asked, timezone.now())), till.shop)
    fields = asked._asdict() | {"key": uuid5(NUMBERS, f"{till.shop_id}\n{till.name}\n{body.number}")}
    order = place(
        **fields,
        accepted=total,
        till=till,
        source=till.name,
        external=body.number,
        external_version=body.version or 1,
    )
    return order, True


def change(till: TillKey, made: Order, body: WantedOrder, seen: int | None = None) -> Order:
    """Make an order what this says, if it is a later version. ``seen``: the revision that the till knows."""
    with transaction.atomic():
        made.lock()
        if body.number != made.external:
            raise Unfit(_("The number of an order stays as it is."), "number")
        asked = asked_of(till, body, made)
        digest, now = digest_of(asked), timezone.now()
        is_same = made.body_hash == digest
        if is_same and body.version in (None, made.external_version):
            return made
        version = body.version or made.external_version + 1
        if version == made.external_version:
            same(made, digest)  # raises OtherBody, which names what differs
        if version < made.external_version:
            text = _("%(name)s is at version %(version)s already.")
            raise OldVersion(text % {"name": made, "version": made.external_version})
        made.check_seen(seen)
        made.check_legal("revise")
        revise(made, body, asked, version, seen=seen, till=till, now=now)
    return made


def asked_of(till: TillKey, body: WantedOrder, made: Order | None = None) -> Asked:
    lines = [Wanted(line.dish, line.quantity, line.choices, line.note) for line in body.lines]
    customer = Customer(body.name, body.email, body.phone, body.note)
    flight = flight_of(till, body.flight, made)
    return Asked(till.shop, lines, customer, body.way, flight, clean_gate(body.gate), body.wanted_at)


def flight_of(till: TillKey, designator: str, made: Order | None) -> Flight | None:
    """The next flight from the shop's airport with this number, or one that is sold under it. Raises Unfit."""
    if not designator:
        return None
    airline, number = designator[:2], designator[2:].strip().lstrip("0")
    if made and made.flight and f"{airline} {number}" in made.flight.numbers:
        return made.flight
    numbered = Q(airline=airline, number=number) | Q(codeshares__airline=airline, codeshares__number=number)
    coming = Flight.objects.filter(numbered, origin=till.shop.airport_id, phase__in=AT_GATE).order_by("date", "pk")
    now = timezone.now()
    found = next((flight for flight in coming.distinct()[:10] if flight.best_departure > now), None)
    if found is None:
        raise Unfit(_("No flight %(flight)s leaves soon.") % {"flight": f"{airline} {number}"}, "flight")
    return found
