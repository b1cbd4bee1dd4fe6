"""Mail to customers: which change writes which. Called inside the verb's transaction, so a mail says what is committed with
it; imports no model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override

from clocks import clock, today, when
from links.tokens import absolute
from money import Money
from post.mail import post
from tracking.orders.schema_org import order_of

FOLDER = "orders/mail"
BY_STATE = {
    "placed": "received",
    "ready": "ready",
    "out": "out",
    "refused": "refused",
    "cancelled": "cancelled",
}

OF_VERSIONS = {"lines", "way", "wanted_at", "latest", "gate", "flight"}  # what a customer is told of a till's version


def notify(order: Any, verb: str, was: Mapping[str, str]) -> None:
    """Write the mail that follows from a verb. ``was``: the fields that it changed, as they were before."""
    if order.placed_at is None:
        return  # nobody waits for what was not paid
    if verb == "void_line" and order.state == "ready":
        write(order, "changed", was)  # beside the mail that the others are ready
    name = mail_of(order, verb, was)
    if name:
        write(order, name, was)


def mail_of(order: Any, verb: str, was: Mapping[str, str]) -> str:
    """The mail of a change: of the state first, then of a till’s version, of the gate, of what is left out, and of the link; "" for none."""
    if "state" in was:
        if verb == "not_found":
            return "not_found"
        if verb == "recall":  # of what was handed over by mistake, or not, nobody has to hear
            return "recalled" if was["state"] == "ready" and order.state != "out" else ""
        return BY_STATE.get(order.state, "")
    if verb == "revise":
        return "revised" if OF_VERSIONS & set(was) else ""
    if "gate" in was and order.way == "delivery":
        return "gate"
    if verb == "void_line":
        return "changed"
    if verb == "refund_line":
        return "refunded"
    return "link" if "link_version" in was else ""


def write(order: Any, name: str, was: Mapping[str, str], **more: Any) -> None:
    """Write one mail, if there is an address. ``more``: what only this mail says."""
    if not order.email:
        return
    with override(order.language):
        post(
            f"{FOLDER}/{name}",
            order.email,
            context_of(order, was) | more,
            order.language,
            about=order,
            data=order_of(order),
        )


def write_boarding(order: Any, closes_at: datetime, in_time: bool) -> None:
    """Boarding was called while the order is open. ``in_time``: whether it can be at the gate before that closes."""
    write(
        order,
        "boarding",
        {},
        closes_at=clock(closes_at, order.shop.tz),
        in_time=in_time,
        flight=order.flight.designator,
    )


def context_of(order: Any, was: Mapping[str, str]) -> dict[str, Any]:
    shop = order.shop
    day = today(shop.tz)
    lines = list(order.lines.all())
    return {
        "order": order,
        "shop": shop,
        "lines": lines,
        "void": [line for line in lines if line.is_void],
        "total": order.price,
        "back": Money(sum(line.given_back for line in lines), order.currency),
        "expected_from": when(order.earliest, shop.tz, day),
        "expected_until": when(order.latest, shop.tz, order.earliest.astimezone(shop.tz).date()),
        "gate_before": was.get("gate", ""),
        "is_delivery": order.way == "delivery",
        "link": absolute(order.get_absolute_url()),
    }
