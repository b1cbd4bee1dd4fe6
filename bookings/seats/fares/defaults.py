"""The rules that an installation begins with: made up, but for the taxes, which are those of the United States in 2024."""

from datetime import date

from bookings.seats.fares.rules import RANKS, FamilyCode, FamilyRule, SeatKind, TariffRule
from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.steps import ANY_DAY, Step
from bookings.seats.fares.taxes import Dated, Reach, TaxKind, TaxRule
from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.layouts.cabins import Cabin
from money import Money

CURRENCY = "USD"

# What a fare family costs of the base fare, and how much of the cabin is protected for it and those above it.
RATES = {FamilyCode.BASIC: (8_000, 0), FamilyCode.STANDARD: (WHOLE, 3_000), FamilyCode.FLEX: (14_500, 1_000)}

# From this load and from so many days before the departure: this part of the family's price. Then it only rises.
RISE = (
    Step(0, 21, 11_000),
    Step(0, 7, 13_000),
    Step(0, 3, 15_000),
    Step(5_000, ANY_DAY, 11_500),
    Step(7_000, ANY_DAY, 13_500),
    Step(8_500, ANY_DAY, 16_500),
)
NO_BASIC = (Step(9_000, ANY_DAY, None),)  # not in a cabin that is nearly full


def minor(units: str) -> int:
    return Money.of(units, CURRENCY).amount


TERMS = {
    FamilyCode.BASIC: Terms(CURRENCY, None, 0, 0, SeatChoice.NONE, 0),
    FamilyCode.STANDARD: Terms(CURRENCY, minor("75"), WHOLE, minor("90"), SeatChoice.CHARGED, 1),
    FamilyCode.FLEX: Terms(CURRENCY, 0, WHOLE, 0, SeatChoice.FREE, 2),
}


def tariff(cabin: str, fixed: str, per_mile: str, legroom: str, preferred: str) -> TariffRule:
    """The rules of a cabin. Amounts are units of the currency."""
    families = [
        FamilyRule(cabin, code, *RATES[code], TERMS[code], RISE + (NO_BASIC if code == FamilyCode.BASIC else ()))
        for code in RANKS
    ]
    return TariffRule(
        cabin=cabin,
        currency=CURRENCY,
        fixed=minor(fixed),
        per_mile=minor(per_mile),
        rounding=minor("1"),
        child_rate=7_500,
        infant_rate=1_000,
        families=tuple(families),
        seat_fees=((SeatKind.LEGROOM, minor(legroom)), (SeatKind.PREFERRED, minor(preferred))),
    )


TARIFFS = (
    tariff(Cabin.ECONOMY, "45", "0.12", legroom="39", preferred="12"),
    tariff(Cabin.PREMIUM, "80", "0.20", legroom="39", preferred="15"),
    tariff(Cabin.BUSINESS, "180", "0.45", legroom="0", preferred="0"),
    tariff(Cabin.FIRST, "350", "0.80", legroom="0", preferred="0"),
)

SINCE = date(2024, 1, 1)

# 26 USC 4261: a share of the amount when it is paid, and an amount for each segment by the year in which it begins.
# 49 CFR 1510.9: the fee when the transportation is sold. 14 CFR 158.45: the charge when the ticket is issued.
TAXES = (
    TaxRule(
        "US", "US transportation tax", TaxKind.FARE, 750, "US", reach=Reach.DOMESTIC, valid_from=SINCE, dated=Dated.SALE
    ),
    TaxRule(
        "ZP", "US flight segment tax", TaxKind.SEGMENT, minor("5.00"), "US", reach=Reach.DOMESTIC, valid_from=SINCE
    ),
    TaxRule(
        "AY", "September 11 security fee", TaxKind.ONE_WAY, minor("5.60"), "US", valid_from=SINCE, dated=Dated.SALE
    ),
    TaxRule(
        "XF",
        "Passenger facility charge",
        TaxKind.BOARDING,
        minor("4.50"),
        "US",
        valid_from=SINCE,
        most=2,
        dated=Dated.SALE,
    ),
)
