"""What a fare allows. Its words are made of the terms, so that they can't say anything else."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.seats.fares.shares import WHOLE
from money import Money


class SeatChoice(TextChoices):
    """Whether a passenger may choose a seat. Everybody has one: without a choice, one that is assigned."""

    FREE = "free", gettext_lazy("free of charge")
    CHARGED = "charged", gettext_lazy("for a charge")
    NONE = "none", gettext_lazy("not possible")


STRICTEST = (SeatChoice.NONE, SeatChoice.CHARGED, SeatChoice.FREE)


class Terms(NamedTuple):
    """The terms of one fare. Amounts are minor units of ``currency``, for each traveller.

    ``change_fee``: None where no change is possible. A refund is ``refund_rate`` (basis points) of what was paid, less
    ``refund_fee``. ``bags``: in the hold. It can be kept as JSON: ``terms._asdict()``, and ``Terms.of()`` of it.
    """

    currency: str
    change_fee: int | None
    refund_rate: int
    refund_fee: int
    seat_choice: str
    bags: int

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Terms":
        return cls(**{name: kept[name] for name in cls._fields})

    @property
    def is_changeable(self) -> bool:
        return self.change_fee is not None

    def words(self) -> list[str]:
        """A sentence for each of: changes, refund, seat, bags."""
        return [self.changes_in_words(), self.refund_in_words(), self.seat_in_words(), self.bags_in_words()]

    def changes_in_words(self) -> str:
        if self.change_fee is None:
            return _("No changes.")
        if not self.change_fee:
            return _("Changes free of charge.")
        return _("Changes for %(fee)s.") % {"fee": Money(self.change_fee, self.currency)}

    def refund_in_words(self) -> str:
        if not self.refund_rate:
            return _("No refund.")
        words = {"percent": percent(self.refund_rate), "fee": Money(self.refund_fee, self.currency)}
        if self.refund_rate == WHOLE:
            return _("Refund less %(fee)s.") % words if self.refund_fee else _("Full refund.")
        if self.refund_fee:
            return _("Refund of %(percent)s %% less %(fee)s.") % words
        return _("Refund of %(percent)s %%.") % words

    def seat_in_words(self) -> str:
        if self.seat_choice == SeatChoice.FREE:
            return _("Choose your seat free of charge.")
        if self.seat_choice == SeatChoice.CHARGED:
            return _("Choose your seat for a charge.")
        return _("A seat is assigned to you.")

    def bags_in_words(self) -> str:
        if not self.bags:
            return _("No checked bag.")
        return ngettext("%(count)s checked bag.", "%(count)s checked bags.", self.bags) % {"count": self.bags}


def strictest(terms: Iterable[Terms]) -> Terms:
    """The terms of an itinerary: of each term the strictest one of its flights."""
    all_terms = list(terms)
    fees = [each.change_fee for each in all_terms if each.change_fee is not None]
    return Terms(
        currency=all_terms[0].currency,
        change_fee=max(fees) if len(fees) == len(all_terms) else None,
        refund_rate=min(each.refund_rate for each in all_terms),
        refund_fee=max(each.refund_fee for each in all_terms),
        seat_choice=min(
            (each.seat_choice for each in all_terms), key=lambda choice: STRICTEST.index(SeatChoice(choice))
        ),
        bags=min(each.bags for each in all_terms),
    )


def percent(rate: int) -> str:
    """Basis points as per cent, as the language of the page writes it: 750 is 7.5."""
    return str(number_format(Decimal(rate).scaleb(-2).normalize()))
