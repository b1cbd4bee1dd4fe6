"""Money in whole minor units, by the digits that ISO 4217 gives each currency."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from money import EXPONENTS, Money, exponent, total

AMOUNTS = st.integers(-(10**12), 10**12)


# Digits


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("ISK", 0), ("RSD", 2)]
)
def test_a_currency_has_the_digits_of_iso_4217(currency, digits):
    assert exponent(currency) == digits


def test_they_differ_from_babels_in_13_currencies():
    """Babel has what is used in shops, ISO what banks and payment providers count in."""
    differ = {code for code, digits in EXPONENTS.items() if digits != get_currency_precision(code)}
    assert differ == {*["AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"]}


@pytest.mark.parametrize("code", ["XAU", "XXX", "usd", "", "EURO"])
def test_what_is_no_currency_is_refused(code):
    with pytest.raises(ValueError, match="is no currency"):
        Money(100, code)


@pytest.mark.parametrize("amount", [1.5, Decimal(1), "1", True])
def test_an_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError):
        Money(amount, "USD")


# Written and read


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(123450, "USD"), "en", "$1,234.50"),
        (Money(123450, "USD"), "de", "1.234,50\xa0$"),
        (Money(123450, "USD"), "es", "1.234,50\xa0US$"),
        (Money(123450, "EUR"), "fr", "1\u202f234,50\xa0€"),
        (Money(-123450, "USD"), "en", "-$1,234.50"),
        (Money(123450, "JPY"), "en", "¥123,450"),
        (Money(123450, "KWD"), "de", "123,450\xa0KWD"),
        (Money(123450, "CHF"), "en", "CHF\xa01,234.50"),
        (Money(1999, "RSD"), "en", "RSD\xa019.99"),
        (Money(5, "USD"), "en", "$0.05"),
        (Money(0, "USD"), "en", "$0.00"),
    ],
)
def test_a_language_writes_it_in_its_form(money, language, text):
    assert money.format(language) == text


def test_a_page_writes_it_in_its_language():
    with override("de"):
        assert str(Money(1250, "EUR")) == "12,50\xa0€"


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("12.50", "en", 1250),
        ("12,50", "de", 1250),
        ("12,5", "de", 1250),
        ("12", "de", 1200),
        ("1.250", "de", 125000),
        ("1.250,00", "de", 125000),
        ("1,250.00", "en", 125000),
        ("1 250,00", "fr", 125000),
        (" -3 ", "en", -300),
        ("0.07", "en", 7),
    ],
)
def test_what_is_typed_is_read_as_its_language_writes_it(text, language, amount):
    assert Money.parse(text, "USD", language) == Money(amount, "USD")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *[("12.50", "de"), ("1.25,00", "de"), ("12,50", "en"), ("1e5", "en"), ("NaN", "en"), ("", "en"), ("-", "en")],
        *[("1.", "en"), (".5", "en"), ("١٢", "en"), ("$12", "en"), ("12.5.0", "en")],
    ],
)
def test_what_could_be_another_amount_is_asked_for_again(text, language):
    with override("en"), pytest.raises(ValueError, match=r"Write an amount such as 12[.,]50\."):
        Money.parse(text, "USD", language)


def test_more_digits_than_the_currency_has_are_refused():
    with pytest.raises(ValueError, match="JPY has only 0 digits"):
        Money.parse("12.5", "JPY", "en")
    with pytest.raises(ValueError, match="more digits than USD"):
        Money.of("0.005", "USD")


@given(AMOUNTS, st.sampled_from(sorted(EXPONENTS)), st.sampled_from(["en", "de", "es", "fr"]))
def test_what_a_field_shows_is_read_as_the_same(amount, currency, language):
    money = Money(amount, currency)
    assert Money.parse(money.number(language), currency, language) == money
    assert Money.of(money.units, currency) == money


# Sums and shares


def test_amounts_of_one_currency_are_added_and_compared():
    five, two = Money(500, "USD"), Money(200, "USD")
    assert five + two == Money(700, "USD")
    assert five - two == Money(300, "USD")
    assert five * 3 == Money(1500, "USD")
    assert -five == Money(-500, "USD")
    assert two < five <= five
    assert five and not Money(0, "USD")
    assert total([five, two, two], "USD") == Money(900, "USD")
    assert total([], "USD") == Money(0, "USD")


def test_amounts_of_two_currencies_are_not():
    for together in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(ValueError, match="two currencies"):
            together(Money(1, "USD"), Money(1, "EUR"))
    assert Money(1, "USD") != Money(1, "EUR")


@pytest.mark.parametrize(
    ("amount", "percent", "share"),
    [(1000, 10, 100), (250, 1, 3), (150, 1, 2), (149, 1, 1), (-250, 1, -3), (12950, "8.875", 1149), (100, "0.5", 1)],
)
def test_a_percentage_is_rounded_half_up(amount, percent, share):
    """Babel and Python's round() go to the even neighbour: 2.5 cents would be 2."""
    assert Money(amount, "USD").percent(percent) == Money(share, "USD")


def test_what_cannot_be_divided_goes_to_the_largest_remainders():
    assert [share.amount for share in Money(100, "USD").split(3)] == [34, 33, 33]
    assert [share.amount for share in Money(-100, "USD").split(3)] == [-34, -33, -33]
    assert [share.amount for share in Money(101, "USD").allocate([1, 2])] == [34, 67]
    assert [share.amount for share in Money(5, "JPY").allocate([0, 1, 1])] == [0, 3, 2]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        Money(100, "USD").allocate(weights)


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_shares_are_together_what_was_shared(amount, weights):
    money = Money(amount, "EUR")
    shares = money.allocate(weights)
    assert total(shares, "EUR") == money
    for share, weight in zip(shares, weights, strict=True):
        exact = Decimal(amount) * weight / sum(weights)
        assert abs(share.amount - exact) < 1
