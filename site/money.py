"""Money as a whole number of minor units and a currency, so that no sum loses or gains a cent.

How many digits a currency has is ISO 4217's word. Babel gives only the form: symbol, separators and order. (By its own
digits 13 currencies would be wrong, and it rounds half to even.) A model keeps ``price`` and ``currency``::

    fare = Money(12_950, "USD")                      # 129.50 dollars
    fare.format()                                    # $129.50; 129,50 $ where German is read
    Money.parse("129,50", "USD", language="de")      # what somebody typed; ValueError with a sentence
    tax = fare.percent("8.875")                      # rounded half up to a whole cent
    fare.allocate([2, 1])                            # two shares to one; together exactly the fare
"""

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Self

from babel import Locale, numbers
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

# The digits after the point, by ISO 4217, list one. Metals, funds for settlement and codes for tests have none there.
DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
        CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
        HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
        MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE
        SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR
        ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS = {code: digits for digits, codes in DIGITS.items() for code in codes.split()}


def exponent(currency: str) -> int:
    """How many digits after the point a currency has. Raises ValueError for a code that is no currency."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is no currency of ISO 4217") from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents of a dollar, whole yen). Only amounts of one currency are added or compared."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        if type(self.amount) is not int:
            raise TypeError(f"{self.amount!r} is no whole number of minor units")

    @classmethod
    def of(cls, number: Decimal | int | str, currency: str) -> Self:
        """So many units, such as ``Money.of("129.50", "USD")``. Raises ValueError for more digits than the currency has."""
        with localcontext() as context:
            context.prec = 40
            minor = Decimal(number).scaleb(exponent(currency))
            if minor != minor.to_integral_value():
                raise ValueError(f"{number} has more digits than {currency}")
            return cls(int(minor), currency)

    @classmethod
    def parse(cls, text: str, currency: str, language: str | None = None) -> Self:
        """What a person typed, as their language writes numbers. Raises ValueError with a sentence for them."""
        locale = locale_of(language)
        point, group = numbers.get_decimal_symbol(locale), numbers.get_group_symbol(locale)
        typed = re.sub(r"\s", "", text)
        between = "" if group.isspace() else re.escape(group)
        if not re.fullmatch(rf"-?([0-9]+|[0-9]{{1,3}}({between}[0-9]{{3}})+)({re.escape(point)}[0-9]+)?", typed):
            example = cls.of(Decimal(1250).scaleb(-exponent(currency)), currency).number(language)
            raise ValueError(_("Write an amount such as %(example)s.") % {"example": example})
        if between:
            typed = typed.replace(group, "")
        try:
            return cls.of(typed.replace(point, "."), currency)
        except ValueError:
            words = {"currency": currency, "digits": exponent(currency)}
            raise ValueError(_("%(currency)s has only %(digits)s digits after the point.") % words) from None

    @property
    def units(self) -> Decimal:
        """The amount in whole units: 129.50."""
        return Decimal((self.amount < 0, tuple(map(int, str(abs(self.amount)))), -exponent(self.currency)))

    def format(self, language: str | None = None) -> str:
        """With its symbol, as a language writes it: $129.50. Without one, in the language of the page."""
        locale = locale_of(language)
        pattern = self.pattern(locale)
        if pattern.prefix[0] == "¤" and numbers.get_currency_symbol(self.currency, locale)[-1].isalpha():
            positive, negative = pattern.prefix
            pattern.prefix = (positive.replace("¤", "¤\xa0"), negative.replace("¤", "¤\xa0"))
        return str(pattern.apply(self.units, locale, currency=self.currency, currency_digits=False))

    def number(self, language: str | None = None) -> str:
        """Without its symbol, as a language writes it: for a field."""
        locale = locale_of(language)
        pattern = self.pattern(locale)
        pattern.prefix, pattern.suffix = ("", ""), ("", "")
        sign = numbers.get_minus_sign_symbol(locale) if self.amount < 0 else ""
        return sign + str(pattern.apply(abs(self.units), locale, currency_digits=False, group_separator=False))

    def pattern(self, locale: Locale) -> numbers.NumberPattern:
        """The locale's pattern of amounts, with as many digits as this currency has."""
        pattern: numbers.NumberPattern = copy(locale.currency_formats["standard"])
        pattern.frac_prec = (exponent(self.currency),) * 2
        return pattern

    def percent(self, percent: Decimal | int | str) -> "Money":
        """So many per cent of it, rounded half up (away from zero) to a whole minor unit."""
        with localcontext() as context:
            context.prec = 60
            share = Decimal(self.amount) * Decimal(percent) / 100
            return Money(int(share.quantize(Decimal(1), ROUND_HALF_UP)), self.currency)

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Shares in proportion to these weights, which together are exactly this amount.

        Each share is rounded down; the units that are left over go one each to the largest remainders, the first of
        equal ones before the others. Raises ValueError for negative weights, or if all are zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative, and one of them is more than zero")
        shares = [divmod(abs(self.amount) * weight, total) for weight in weights]
        left = abs(self.amount) - sum(share for share, _remainder in shares)
        by_remainder = sorted(range(len(shares)), key=lambda place: -shares[place][1])
        amounts = [share for share, _remainder in shares]
        for place in by_remainder[:left]:
            amounts[place] += 1
        return [Money(-amount if self.amount < 0 else amount, self.currency) for amount in amounts]

    def split(self, parts: int) -> list["Money"]:
        """So many equal parts; the first ones are a minor unit larger where it can't be divided evenly."""
        return self.allocate([1] * parts)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self.same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self.same(other).amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self.same(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self.same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return self.format()

    def same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are two currencies")
        return other


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Their sum; nothing in this currency where there are none."""
    return sum(amounts, start=Money(0, currency))


def locale_of(language: str | None) -> Locale:
    """Babel's name for one of Django's languages; without one, that of the page."""
    return Locale.parse(to_locale(language or get_language() or settings.LANGUAGE_CODE))
