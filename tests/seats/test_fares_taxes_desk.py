"""Taxes at the desk of fares: a new one, a new rate from a day on, and what would be charged twice."""

from datetime import date

import pytest

from bookings.seats.models import Rules, Tax
from tests.html import one_line

PAGE = "/fly/desk/fares/taxes/"


def new_tax(**changes):
    fields = {"code": "GB", "name": "Air passenger duty", "kind": "segment", "amount": "15.50", "country": "GB"}
    return {**fields, "reach": "international", "dated": "travel", "valid_from": "2026-04-01", "most": "0", **changes}


def test_all_taxes_are_listed_with_their_days(clerk):
    html = one_line(clerk.get(PAGE).text)
    assert "US transportation tax" in html and "7.5 %" in html and "$5.60" in html


def test_a_tax_is_added(clerk, assert_published):
    with assert_published("fares"):
        assert clerk.post(f"{PAGE}add/", new_tax()).status_code == 303
    tax = Tax.objects.get(code="GB")
    assert (tax.amount, tax.currency, tax.valid_from) == (1_550, "USD", date(2026, 4, 1))


def test_a_share_of_the_fare_is_written_in_per_cent(clerk):
    clerk.post(f"{PAGE}add/", new_tax(kind="fare", amount="2.5"))
    assert Tax.objects.get(code="GB").amount == 250


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "a lot"}, "Write an amount such as"),
        ({"kind": "fare", "amount": "101"}, "less than or equal to 100"),
        ({"airport": "ZZZ"}, "There is no such airport"),
        ({"valid_to": "2026-03-01"}, "The last day is before the first one"),
        ({"code": "ZP", "country": "US", "reach": "any"}, "is charged on some of these days already"),
    ],
)
def test_what_can_not_be_is_refused(clerk, changes, sentence, assert_published):
    with assert_published():
        answer = clerk.post(f"{PAGE}add/", new_tax(**changes))
    assert answer.status_code == 422 and sentence in answer.text
    assert Tax.objects.count() == 4


def test_a_new_rate_ends_the_former_one_the_day_before(clerk, assert_published):
    old = Tax.objects.get(code="ZP")
    fields = {"amount": "5.30", "since": "2027-01-01", "seen": old.revision}
    with assert_published("fares"):
        assert clerk.post(f"{PAGE}{old.pk}/change-rate/", fields).status_code == 303
    old.refresh_from_db()
    rates = [(tax.amount, tax.valid_from, tax.valid_to) for tax in Rules.read().taxes if tax.code == "ZP"]
    assert rates == [(500, date(2024, 1, 1), date(2026, 12, 31)), (530, date(2027, 1, 1), None)]
    assert "clerk@example.org" in clerk.get(f"{PAGE}{old.pk}/").text


def test_a_new_rate_can_not_begin_before_the_former(clerk, assert_published):
    old = Tax.objects.get(code="ZP")
    fields = {"amount": "5.30", "since": "2023-01-01", "seen": old.revision}
    with assert_published():
        assert clerk.post(f"{PAGE}{old.pk}/change-rate/", fields).status_code == 422
    assert Tax.objects.filter(code="ZP").count() == 1


def test_a_tax_is_corrected(clerk):
    tax = Tax.objects.get(code="AY")
    fields = new_tax(code="AY", country="US", reach="any", name="Security fee", amount="6", seen=tax.revision)
    assert clerk.post(f"{PAGE}{tax.pk}/revise/", fields).status_code == 303
    tax.refresh_from_db()
    assert (tax.name, tax.amount) == ("Security fee", 600)


def test_taxes_that_are_over_stand_apart(clerk):
    tax = Tax.objects.get(code="AY")
    tax.revise(tax.rule()._replace(valid_to=date(2025, 12, 31)))
    html = one_line(clerk.get(PAGE).text)
    assert html.index("Taxes of before") < html.index("September 11 security fee")
