"""What speaks against an order besides its lines: the way it is handed over, its time, its flight."""

import re
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.flights.models.codes import AT_GATE
from tracking.orders import opening
from tracking.orders.estimating import Span
from tracking.orders.flights import check_in_time
from tracking.orders.models import Order, Way
from tracking.orders.placing.asked import Asked, LineFault, LineFaults, Unfit

GATE = re.compile(r"[A-Z]?[0-9]{1,3}[A-Z]?")


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
    opening.check_time(shop, order.wanted_at, now, shop.minutes, order.walk)  # not how busy it is: its promise stands
    if order.flight:
        later = timedelta() if order.wanted_at else now - order.made_at
        check_in_time(Span(order.earliest + later, order.latest + later), order.flight, order.way, shop, now)
