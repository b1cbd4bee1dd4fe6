"""What the webhooks of a shop are told of an order: one message for each endpoint, in the transaction of the verb.

A message has no lines, no names and no addresses of people: who gets it asks the API for the order, with a key.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from links.tokens import absolute
from tracking.orders.models.states import State
from tracking.orders.models.tills import Delivery, Endpoint, new_message

MOST_BYTES = 20_000  # of a body, by Standard Webhooks


def tell(order: Any, verb: str, was: Mapping[str, str]) -> None:
    """Write the messages that follow from a verb. ``was``: the fields that it changed, as they were before."""
    event = event_of(order, verb, was)
    if not event:
        return
    endpoints = list(Endpoint.objects.filter(shop=order.shop_id, stopped_at=None))
    if endpoints:
        message, body = new_message(), json.dumps(body_of(order, event), separators=(",", ":"))
        Delivery.objects.bulk_create(
            Delivery(endpoint=endpoint, message=message, order=order, event=event, body=body) for endpoint in endpoints
        )


def event_of(order: Any, verb: str, was: Mapping[str, str]) -> str:
    """order.<state>, order.changed, order.expected for another time; "" for what is nobody's business yet."""
    if order.state == State.UNPAID or order.placed_at is None:
        return ""
    if verb == "recall":
        return "order.recalled"
    if "state" in was:
        return f"order.{order.state}"
    if {"lines", "way", "gate", "flight"} & set(was):
        return "order.changed"
    return "order.expected" if "latest" in was else ""


def body_of(order: Any, event: str) -> dict[str, Any]:
    return {"type": event, "timestamp": timezone.now().isoformat(), "data": data_of(order)}


def data_of(order: Any) -> dict[str, Any]:
    """What both the webhooks and the API say of an order: it names nobody."""
    return {
        "reference": order.reference,
        "url": absolute(reverse("api:till_order", args=[order.reference])),
        "source": order.source,
        "number": order.external,
        "version": order.external_version,
        "revision": order.revision,
        "state": order.state,
        "way": order.way,
        "gate": order.gate,
        "currency": order.currency,
        "total": order.total,
        "earliest": order.earliest.isoformat(),
        "latest": order.latest.isoformat(),
        "reason": order.reason,
    }
