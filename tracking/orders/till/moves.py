"""The stage moves that a till may make, each by a verb of the order. The same move again changes nothing."""

from collections.abc import Callable
from typing import Any

from tracking.orders.models import Order
from tracking.orders.till.bodies import Move

MOVES: dict[str, Callable[[Order, Move, dict[str, Any]], Any]] = {
    "accept": lambda order, body, who: order.accept(body.minutes, **who),
    "refuse": lambda order, body, who: order.refuse(body.reason, **who),
    "start": lambda order, body, who: order.start(**who),
    "ready": lambda order, body, who: order.bump(**who),
    "collect": lambda order, body, who: order.collect(**who),
    "send-out": lambda order, body, who: order.send_out(**who),
    "deliver": lambda order, body, who: order.deliver(body.pin, **who),
    "cancel": lambda order, body, who: order.call_off(body.reason, **who),
}
