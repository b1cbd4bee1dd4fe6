"""What the form of a dish asks for. The form sends ``group-<key>`` with the key of a Choice, once for each that is chosen, or
``many-<key of a Choice>`` with how many; ``quantity``, and a ``note`` for the kitchen."""

from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from tracking.orders.models import BasketLine
from tracking.orders.totals import Fault, quantity_of

MOST_NAMES = 200  # that a form may send
LONGEST_NOTE = BasketLine._meta.get_field("note").max_length or 0


class Asked(NamedTuple):
    """As it was sent: nothing of it has been checked."""

    quantity: str
    choices: dict[str, Any]
    note: str

    def checked(self) -> tuple[int, str]:
        """The quantity and the note. Raises Fault."""
        if len(self.note) > LONGEST_NOTE:
            raise Fault(_("Write %(most)s letters at most.") % {"most": LONGEST_NOTE}, "note")
        return quantity_of(self.quantity), self.note


def asked_for(data: QueryDict) -> Asked:
    ticked: dict[str, int] = {}
    numbered: dict[str, str] = {}
    for name in list(data)[:MOST_NAMES]:
        kind, _dash, key = name.partition("-")
        if kind == "group":
            for value in filter(None, data.getlist(name)[:MOST_NAMES]):
                ticked[value] = ticked.get(value, 0) + 1
        elif kind == "many" and data[name].strip() not in ("", "0"):
            numbered[key] = data[name].strip()
    note = data.get("note", "").replace("\x00", "").strip()  # which no database takes
    return Asked(data.get("quantity", "1").strip(), ticked | numbered, note)
