"""The rules of fares as plain values: what is asked of them is in ``rulebook``."""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from bookings.seats.fares.steps import Step
from bookings.seats.fares.terms import Terms


class FamilyCode(TextChoices):
    BASIC = "basic", pgettext_lazy("a fare family", "Basic")
    STANDARD = "standard", pgettext_lazy("a fare family", "Standard")
    FLEX = "flex", pgettext_lazy("a fare family", "Flex")


RANKS = tuple(FamilyCode)  # the lowest first


class SeatKind(TextChoices):
    """Seats that cost a fee where the fare lets one choose for a charge. All others cost nothing."""

    LEGROOM = "legroom", pgettext_lazy("a kind of seat", "Extra legroom")
    PREFERRED = "preferred", pgettext_lazy("a kind of seat", "Window or aisle")


class FamilyRule(NamedTuple):
    """A fare family of one cabin. ``rate`` is of the base fare; ``protected`` of the seats, for it and those above it."""

    cabin: str
    code: str
    rate: int
    protected: int
    terms: Terms
    steps: tuple[Step, ...] = ()

    @property
    def rank(self) -> int:
        """0 for the lowest."""
        return RANKS.index(FamilyCode(self.code))

    @property
    def name(self) -> str:
        return str(FamilyCode(self.code).label)


class TariffRule(NamedTuple):
    """What a cabin costs. ``fixed``, ``per_mile`` and ``rounding`` are minor units; rates are basis points of an adult's fare."""

    cabin: str
    currency: str
    fixed: int
    per_mile: int
    rounding: int
    child_rate: int
    infant_rate: int
    families: tuple[FamilyRule, ...]  # the lowest first
    seat_fees: tuple[tuple[str, int], ...] = ()  # (SeatKind, minor units) for a flight
