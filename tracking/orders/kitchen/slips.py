"""The slip of an order for a printer. The server counts how often it was printed; from the second time on it says REPRINT."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.http import Http404

from tracking.orders.kitchen.cards import first_of_lines
from tracking.orders.models import Order, State, Station


class Slip(NamedTuple):
    """``times``: how often it was printed, this time included; 0 where it was only looked at."""

    order: Order
    station: Station | None
    parts: list[Any]
    times: int

    @classmethod
    def of(cls, order: Order, station: int | None = None) -> "Slip":
        """What one station makes, or all of it: what was not printed yet, and again all of it where everything was. Raises
        Http404 where there is nothing."""
        at = order.shop.stations.filter(pk=station).first() if station is not None else None
        parts = (
            order.parts.filter(line__is_void=False).select_related("line", "station").order_by("line__position", "pk")
        )
        if station is not None:
            parts = parts.filter(station=station)
        if not parts:
            raise Http404("Nothing to print")
        new = [part for part in parts if not part.printed]
        return cls(order, at, new or list(parts), 0)

    @property
    def rows(self) -> list[tuple[Any, str]]:
        """Each part, and what the customer has written to its line, once a line."""
        firsts = first_of_lines(self.parts)
        return [(part, part.line.note if is_first else "") for part, is_first in zip(self.parts, firsts, strict=True)]

    @property
    def by(self) -> datetime:
        """When it has to be made, as the kitchen's screen says it: a runner takes it to a gate after that."""
        made: datetime = self.order.latest - self.order.walk
        return made

    @property
    def is_cancelled(self) -> bool:
        return self.order.state in (State.CANCELLED, State.REFUSED)

    @property
    def printed(self) -> int:
        """How often it was printed before it was read."""
        return min(part.printed for part in self.parts)

    @property
    def is_again(self) -> bool:
        return self.times > 1 if self.times else self.printed > 0


def print_slip(slip: Slip) -> Slip:
    """Count it, under the lock of the order: of two who print at the same moment, one prints it again."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=slip.order.pk)
        fresh = Slip.of(slip.order, slip.station.pk if slip.station else None)
        times = fresh.printed + 1
        slip.order.parts.filter(pk__in=[part.pk for part in fresh.parts]).update(printed=F("printed") + 1)
        return fresh._replace(times=times)
