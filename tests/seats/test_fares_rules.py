"""The rules of fares as rows: they change by verbs, with a history, and what can't be is refused."""

from datetime import date

import pytest

from accounts.models import User
from bookings.seats.fares import defaults
from bookings.seats.fares.defaults import RISE
from bookings.seats.fares.steps import ANY_DAY, Step
from bookings.seats.models import Changed, Family, Refused, Rules, Tariff, Tax
from bookings.seats.models.fares import load_defaults


@pytest.fixture
def tariff(fares):
    return Tariff.objects.get(cabin="economy")


def with_family(rule, code, **values):
    """The rule with other values of one family."""
    families = [family._replace(**values) if family.code == code else family for family in rule.families]
    return rule._replace(families=tuple(families))


def test_an_installation_begins_with_rules_for_each_cabin(db, assert_published):
    with assert_published("fares"):
        load_defaults()
    rules = Rules.read()
    assert {tariff.cabin for tariff in rules.tariffs} == {"economy", "premium", "business", "first"}
    assert [family.name for family in rules.families("economy")] == ["Basic", "Standard", "Flex"]
    assert {tax.code for tax in rules.taxes} == {"US", "ZP", "AY", "XF"}
    assert not rules.families("deck")


def test_equal_rows_are_one_book_of_rules_and_a_changed_row_is_another(tariff):
    before = Rules.read()
    assert Rules.read() is before
    Tariff.objects.filter(pk="economy").update(fixed=tariff.fixed + 100)
    assert Rules.read().by_cabin["economy"].fixed == tariff.fixed + 100
    Family.objects.filter(tariff="economy", code="flex").update(bags=7)
    assert Rules.read().family("economy", "flex").terms.bags == 7
    Tax.objects.filter(code="US").update(name="Another name")
    assert Rules.read().tax_name("US") == "Another name"
    assert Rules.read().tariffs == tuple(each.rule() for each in Tariff.objects.order_by("pk"))


def test_what_is_read_is_what_was_written(fares):
    by_cabin = Rules.read().by_cabin
    for tariff in defaults.TARIFFS:
        read = by_cabin[tariff.cabin]
        assert set(read.seat_fees) == set(tariff.seat_fees)
        for family, written in zip(read.families, tariff.families, strict=True):
            assert set(family.steps) == set(written.steps)
            assert family._replace(steps=()) == written._replace(steps=())
    assert set(Rules.read().taxes) == set(defaults.TAXES)


def test_rules_that_are_there_stay_as_they_are(tariff, assert_published):
    tariff.revise(tariff.rule()._replace(fixed=1))
    with assert_published():
        load_defaults()
    tariff.refresh_from_db()
    assert tariff.fixed == 1


def test_all_rules_are_read_in_a_handful_of_queries(fares, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert Rules.read().families("first")


def test_a_revision_is_published_and_kept_in_the_history(tariff, assert_published):
    clerk = User.objects.create_user("clerk@example.org")
    rule = with_family(tariff.rule()._replace(fixed=5_000), "flex", rate=16_000, steps=(Step(0, ANY_DAY, 17_000),))
    with assert_published("fares"):
        tariff.revise(rule, by=clerk, seen=1)
    assert Rules.read().by_cabin["economy"] == rule
    changes = {change.field: change for change in tariff.changes.filter(revision=2)}
    assert set(changes) == {"fixed", "families"} and changes["fixed"].by == clerk
    assert "flex: 160 %" in changes["families"].after and "flex: 145 %" in changes["families"].before


def test_a_revision_that_changes_nothing_is_silent(tariff, assert_published):
    with assert_published():
        tariff.revise(tariff.rule())
    assert tariff.revision == 1


def test_who_looked_before_somebody_else_revised_it_is_told(tariff):
    tariff.revise(tariff.rule()._replace(fixed=5_000), seen=1)
    with pytest.raises(Changed):
        tariff.revise(tariff.rule()._replace(fixed=6_000), seen=1)


CLOSED = (*RISE, Step(8_000, ANY_DAY, None))


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("flex", {"steps": CLOSED}, "Flex would be closed while Standard is sold: 80 % full"),
        (
            "flex",
            {"steps": (*RISE, Step(0, 10, None))},
            "Flex would be closed while Standard is sold: 0 % full, 10 days ahead",
        ),
        ("flex", {"steps": (), "rate": 12_000}, "Flex would be cheaper than Standard: 0 % full, 7 days"),
        ("flex", {"rate": 9_000}, "Flex would be cheaper than Standard"),
        ("flex", {"steps": (Step(0, 3, 9_999),)}, "A step can only raise the price of Flex"),
        ("basic", {"rate": 12_000}, "Standard would be cheaper than Basic"),
        ("flex", {"protected": 4_000}, "Standard and above must have at least as many protected seats as Flex alone"),
        ("flex", {"protected": 10_001}, "Flex can protect at most all seats"),
    ],
)
def test_a_higher_family_is_never_worse_off_than_a_lower_one(tariff, code, values, sentence, assert_published):
    before = Rules.read()
    with assert_published(), pytest.raises(Refused, match=sentence):
        tariff.revise(with_family(tariff.rule(), code, **values))
    assert Rules.read() == before and tariff.revision == 1


@pytest.mark.parametrize("values", [{"rounding": 0}, {"child_rate": 10_001}, {"seat_fees": (("legroom", -1),)}])
def test_impossible_amounts_are_refused(tariff, values):
    with pytest.raises(Refused):
        tariff.revise(tariff.rule()._replace(**values))


def test_closing_a_family_for_all_those_below_it_too_is_possible(tariff):
    rule = tariff.rule()
    families = tuple(family._replace(steps=CLOSED) for family in rule.families if family.code != "flex")
    tariff.revise(rule._replace(families=(*families, rule.families[-1])))
    assert Family.objects.filter(tariff=tariff).count() == 3


def test_a_new_rate_of_a_tax_is_a_new_row(fares, assert_published):
    old = Tax.objects.get(code="ZP")
    old.revise(old.rule()._replace(valid_to=date(2026, 12, 31)))
    with assert_published("fares"):
        Tax.objects.add(old.rule()._replace(amount=530, valid_from=date(2027, 1, 1), valid_to=None), "USD")
    assert [tax.amount for tax in Rules.read().taxes if tax.code == "ZP"] == [500, 530]
    assert [change.field for change in old.changes.filter(revision=2)] == ["valid_to"]


def test_one_tax_is_not_charged_twice_on_a_day(fares):
    old = Tax.objects.get(code="ZP")
    with pytest.raises(Refused, match=r"US flight segment tax \(ZP\) is charged on some of these days already"):
        Tax.objects.add(old.rule()._replace(amount=530, valid_from=date(2027, 1, 1)), "USD")
    Tax.objects.add(old.rule()._replace(amount=530, reach="international"), "USD")


def test_the_last_day_of_a_tax_is_not_before_its_first(fares):
    tax = Tax.objects.get(code="AY")
    with pytest.raises(Refused):
        tax.revise(tax.rule()._replace(valid_to=date(2023, 1, 1)))
