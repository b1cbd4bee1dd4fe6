"""What is asked for, and what can be wrong with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tracking.orders.models import Shop
from verbs.refusals import Refused


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


class Asked(NamedTuple):
    """What a request asks for."""

    shop: Shop
    lines: Sequence[Any]
    customer: Customer
    way: str
    flight: Any
    gate: str
    wanted_at: datetime | None


def clean_gate(text: str) -> str:
    return re.sub(r"\s+", "", str(text)).upper()


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
