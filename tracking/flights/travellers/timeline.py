"""The history of a flight in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tracking.flights.travellers.milestones import airport_of, moment
from verbs.timeline import Difference, Timeline


class FlightTimeline(Timeline):
    """For everyone: it names sources and never people. Each time is the local one of its airport."""

    def changes(self) -> Iterable[Any]:
        return self.instance.changes.select_related("source")

    def by(self, change: Any) -> str:
        return change.source.name if change.source else _("The flight desk")

    def difference(self, change: Any) -> Difference:
        difference = super().difference(change)._replace(is_expected=not change.observed)
        if change.field == "off_block_estimated" and not change.after:
            return difference._replace(label=_("Delay withdrawn"), after="")
        return difference

    def clock(self, at: datetime, change: Any = None) -> str:
        airport = airport_of(self.instance, change.field if change else "")
        return str(moment(self.instance, at, airport.zone))
