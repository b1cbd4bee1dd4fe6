"""That something is ordered once: the same key with the same content is the same order."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from once import KeyUsed
from tracking.orders.models import Order
from tracking.orders.placing.asked import Asked

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


class OtherBody(KeyUsed):
    """The key was sent before with something else. ``order`` is what it made; ``differing`` are the parts that differ."""

    def __init__(self, order: Order, differing: Sequence[str]) -> None:
        names = ", ".join(str(PARTS[part]) for part in differing)
        super().__init__(_("You have sent this order already, and this time it differs: %(names)s.") % {"names": names})
        self.order, self.differing = order, list(differing)


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
