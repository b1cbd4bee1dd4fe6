"""What rules of fares must not do, as sentences for the person who edits them."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from bookings.seats.fares.rules import FamilyRule, TariffRule
from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.steps import ANY_DAY, Steps
from bookings.seats.fares.taxes import TaxKind, TaxRule
from bookings.seats.fares.terms import percent


def faults_of_tariff(tariff: TariffRule) -> list[str]:
    """Why these rules can't be saved; none where they can."""
    return [*faults_of_amounts(tariff), *(fault for pair in pairwise(tariff.families) for fault in faults_of(*pair))]


def faults_of_amounts(tariff: TariffRule) -> Iterator[str]:
    if tariff.rounding < 1:
        yield _("Fares are rounded to at least one unit of the currency.")
    if min(tariff.fixed, tariff.per_mile, *(fee for _kind, fee in tariff.seat_fees)) < 0:
        yield _("An amount can’t be less than nothing.")
    if not all(0 <= rate <= WHOLE for rate in (tariff.child_rate, tariff.infant_rate)):
        yield _("Children and infants pay at most the fare of an adult.")
    for family in tariff.families:
        if not 0 <= family.protected <= WHOLE or not 0 <= family.terms.refund_rate <= WHOLE:
            words = {"family": family.name}
            yield _("%(family)s can protect at most all seats, and give back at most the whole price.") % words
        if any(step.rate is not None and step.rate < WHOLE for step in family.steps):
            yield _("A step can only raise the price of %(family)s.") % {"family": family.name}


def faults_of(lower: FamilyRule, higher: FamilyRule) -> Iterator[str]:
    """What is wrong between two neighbouring families."""
    words = {"lower": lower.name, "higher": higher.name}
    if lower.rank and lower.protected < higher.protected:
        yield _("%(lower)s and above must have at least as many protected seats as %(higher)s alone.") % words
    for load, days in corners(lower, higher):
        low, high = rate_at(lower, load, days), rate_at(higher, load, days)
        words |= {"load": percent(load), "days": days}
        if low is not None and high is None:
            yield (
                _("%(higher)s would be closed while %(lower)s is sold: %(load)s %% full, %(days)s days ahead.") % words
            )
            return
        if low is not None and high is not None and low > high:
            yield _("%(higher)s would be cheaper than %(lower)s: %(load)s %% full, %(days)s days ahead.") % words
            return


def corners(*families: FamilyRule) -> Iterator[tuple[int, int]]:
    """Every load and number of days at which a price of these families can change."""
    steps = [step for family in families for step in family.steps]
    for load in sorted({0, *(step.load for step in steps)}):
        for days in sorted({ANY_DAY + 1, *(step.days for step in steps)}, reverse=True):
            yield load, days


def rate_at(family: FamilyRule, load: int, days: int) -> int | None:
    """A family's price as a part of the base fare, in basis points of basis points."""
    rate = Steps(family.steps).rate(load, WHOLE, days)
    return None if rate is None else family.rate * rate


def faults_of_tax(tax: TaxRule) -> list[str]:
    """Why this tax can't be saved."""
    faults = []
    if tax.amount < 0:
        faults.append(_("An amount can’t be less than nothing."))
    if tax.kind == TaxKind.FARE and tax.amount > WHOLE:
        faults.append(_("A tax is at most the whole fare."))
    if tax.valid_from and tax.valid_to and tax.valid_to < tax.valid_from:
        faults.append(_("The last day is before the first one."))
    return faults


def overlapping(tax: TaxRule, others: Iterable[TaxRule]) -> TaxRule | None:
    """Another row of the same tax, for the same flights, on some of the same days: it would be charged twice."""
    for other in others:
        same = (tax.code, tax.kind, tax.country, tax.airport) == (other.code, other.kind, other.country, other.airport)
        apart = (tax.valid_to and other.valid_from and tax.valid_to < other.valid_from) or (
            other.valid_to and tax.valid_from and other.valid_to < tax.valid_from
        )
        reaches = {tax.reach, other.reach}
        if same and not apart and reaches != {"domestic", "international"}:
            return other
    return None
