"""The rules of fares as plain values, read once: what is asked of them is in ``quote``."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy

from bookings.seats.fares.shares import WHOLE, half_up
from bookings.seats.fares.steps import Step, Steps
from bookings.seats.fares.taxes import TaxRule
from bookings.seats.fares.terms import SeatChoice, Terms


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


class State(Enum):
    """Why an itinerary can be had or not."""

    OPEN = "open"
    GONE = "gone"  # this fare is not sold any more, although there are seats
    FULL = "full"  # too few seats are free


@dataclass(frozen=True)
class RuleBook:
    """All rules. Equal ones give equal prices."""

    tariffs: tuple[TariffRule, ...]
    taxes: tuple[TaxRule, ...] = ()

    @cached_property
    def by_cabin(self) -> dict[str, TariffRule]:
        return {tariff.cabin: tariff for tariff in self.tariffs}

    @cached_property
    def steps(self) -> dict[tuple[str, str], Steps]:
        families = [family for tariff in self.tariffs for family in tariff.families]
        return {(family.cabin, family.code): Steps(family.steps) for family in families}

    def families(self, cabin: str) -> tuple[FamilyRule, ...]:
        """The fare families of a cabin, the lowest first; none where the cabin is not sold."""
        tariff = self.by_cabin.get(cabin)
        return tariff.families if tariff else ()

    def family(self, cabin: str, code: str) -> FamilyRule | None:
        """One family; None where it is not sold."""
        return next((family for family in self.families(cabin) if family.code == code), None)

    def protect(self, cabin: str, capacity: int) -> list[int]:
        """How many seats of a cabin are protected, by rank."""
        return [half_up(capacity * family.protected, WHOLE) for family in self.families(cabin)]

    def seat_fee(self, cabin: str, terms: Terms, kinds: Collection[str]) -> int | None:
        """What a chosen seat of these kinds costs, the dearest of them; None where the terms let nobody choose."""
        if terms.seat_choice == SeatChoice.NONE:
            return None
        if terms.seat_choice == SeatChoice.FREE or cabin not in self.by_cabin:
            return 0
        return max((fee for kind, fee in self.by_cabin[cabin].seat_fees if kind in kinds), default=0)
