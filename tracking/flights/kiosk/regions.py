"""The board of a screen that nobody touches."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from clocks import earliest
from languages import in_each, known
from tracking.flights.kiosk.rows import screen_rows
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.travellers.boards import board_rows
from tracking.flights.travellers.feed_status import FeedStatus, feed_status
from tracking.flights.travellers.regions import Board

SIDES = {"departures": "departure", "arrivals": "arrival"}


class KioskBoard(Board):
    """All screens that show the same flights in the same languages share it.

    Flights are in the order of their best known times: one that is hours late does not stay on top.
    """

    path = "kiosk/flights/<slug:iata>/<slug:leg>/"
    query = ("terminal", "airline", "gates", "hours", "languages")
    template, row_template = "flights/kiosk/_board.html", "flights/kiosk/_board_row.html"
    row_prefix = "kiosk-"
    leg: str

    @property
    def side(self) -> str:  # type: ignore[override]
        if self.leg not in SIDES:
            raise Http404(f"No board {self.leg}")
        return SIDES[self.leg]

    @property
    def languages(self) -> list[str]:
        """The languages of its words, in the order in which they take turns. Never empty."""
        return known(self.filters.get("languages", "").split("-"), self.language)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters.keys() - {"hours", "languages"})

    def context(self) -> dict[str, Any]:
        feed = feed_status(self.airport)
        about = [self.filters.get("airline", "").replace(",", ", "), self.filters.get("gates", "")]
        return {
            "airport": self.airport,
            "leaves": self.side == "departure",
            "terminal": self.filters.get("terminal", ""),
            "about": ", ".join(filter(None, about)),
            "feed": feed,
            "words": {name: in_each(self.languages, partial(words, self, feed)) for name, words in WORDS.items()},
        }

    def rows(self) -> Sequence[Hashable]:
        return screen_rows(board_rows(self.chosen(self.listed()), self.side, self.airport), self.languages)

    def chosen(self, flights: FlightQuerySet) -> FlightQuerySet:
        return flights.in_order_of_events(self.side, timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(super().stale_at(now), self.listed().next_overdue_at(self.side, now))


def empty_words(board: KioskBoard, feed: FeedStatus | None) -> str:
    if board.is_filtered:
        return _("No flights here in the next %(hours)s hours") % {"hours": board.hours}
    words = (
        _("No departures in the next %(hours)s hours")
        if board.side == "departure"
        else _("No arrivals in the next %(hours)s hours")
    )
    return words % {"hours": board.hours}


def silent_words(board: KioskBoard, feed: FeedStatus | None) -> str:
    return _("No news from the airlines since %(time)s. This board shows the state of that time.") % {
        "time": feed.heard if feed else ""
    }


WORDS = {
    "name": lambda board, feed: _("Departures") if board.side == "departure" else _("Arrivals"),
    "time": lambda board, feed: _("Time"),
    "there": lambda board, feed: _("To") if board.side == "departure" else _("From"),
    "flight": lambda board, feed: _("Flight"),
    "status": lambda board, feed: _("Status"),
    "gate": lambda board, feed: _("Gate") if board.side == "departure" else _("Belt"),
    "desks": lambda board, feed: _("Desks"),
    "terminal": lambda board, feed: _("Terminal"),
    "empty": empty_words,
    "new": lambda board, feed: _("New ones appear here at once."),
    "silent": silent_words,
}
