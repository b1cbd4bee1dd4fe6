"""Why a verb was refused. The text of each refusal is a sentence for the person who asked."""

from strangers import TooMany
from verbs.refusals import Changed, IllegalMove, Refused

__all__ = [
    "Changed",
    "ExitRow",
    "FareGone",
    "Full",
    "Gone",
    "IllegalMove",
    "NotForSale",
    "NotTogether",
    "PriceChanged",
    "Refused",
    "SeatTaken",
    "TooEarly",
    "TooLate",
    "TooMany",
    "Unfit",
]


class SeatTaken(Refused):
    """Somebody else has the seat. ``nearest``: seats like it that are free."""

    def __init__(self, text: str, seat: str, nearest: list[str]) -> None:
        super().__init__(text)
        self.seat, self.nearest = seat, nearest


class Full(Refused):
    """The cabin has too few free seats."""


class FareGone(Refused):
    """The fare family is not sold any more on one of the flights, although the cabin may have seats."""


class Gone(Refused):
    """The booking is on other flights by now."""


class NotForSale(Refused):
    """The flight is cancelled, has departed, or its sale has ended."""


class PriceChanged(Refused):
    """The price is another one than the one that was accepted. Nothing is booked. Amounts are minor units."""

    def __init__(self, text: str, old: int, new: int, currency: str) -> None:
        super().__init__(text)
        self.old, self.new, self.currency = old, new, currency


class NotTogether(Refused):
    """A child would not sit beside an adult."""


class Unfit(Refused):
    """The request is impossible, such as a party of nobody or a seat that the aircraft does not have."""


class TooLate(Refused):
    """Check-in has closed, or the terms allow it no more."""


class TooEarly(Refused):
    """Check-in has not opened yet."""


class ExitRow(Refused):
    """Nobody has agreed to the conditions of a seat in an exit row, or its traveller can't fulfil them."""
