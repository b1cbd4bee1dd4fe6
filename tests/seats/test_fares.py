"""What an itinerary costs in each fare family."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.seats.fares.defaults import TARIFFS, TAXES
from bookings.seats.fares.quote import Leg, Party, WrongParty
from bookings.seats.fares.rulebook import RuleBook, State
from bookings.seats.fares.rules import FamilyRule, SeatKind, TariffRule
from bookings.seats.fares.steps import ANY_DAY, Step, Steps
from bookings.seats.fares.terms import Terms
from money import Money, total

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TERMS = Terms("USD", None, 0, 0, "none", 0)


def book(*families, taxes=(), **tariff):
    """Rules of economy: 200.00 a flight where nothing else is said, children 75 %, infants 10 %."""
    families = families or (FamilyRule("economy", "basic", 10_000, 0, TERMS),)
    usual = {"fixed": 20_000, "per_mile": 0, "rounding": 1, "child_rate": 7_500, "infant_rate": 1_000}
    rule = TariffRule(cabin="economy", currency="USD", families=families, **{**usual, **tariff})
    return RuleBook((rule,), tuple(taxes))


def leg(sold=(0, 0, 0), capacity=100, days=30, miles=1_000, **options):
    departs = NOW + timedelta(days=days, hours=1)
    fields = {"origin": "JFK", "destination": "ORD", "origin_country": "US", "destination_country": "US"}
    given = {"inventory": 1, **fields, "day": departs.date(), "departs": departs, "miles": miles}
    return Leg(**{**given, "capacity": capacity, "sold_by_rank": tuple(sold), **options})


def quote(rules, party=None, legs=None, code="basic", now=NOW):
    family = rules.family("economy", code)
    size = len(rules.families("economy"))
    legs = legs or [leg(sold=(0,) * size)]
    return rules.quote(legs, family, party or Party(), now)


@pytest.mark.parametrize(
    ("legs", "cents"),
    [
        ([leg(sold=(0,))], 23_010),
        ([leg(sold=(0,), miles=0), leg(sold=(0,), origin="ORD")], 2 * 20_000 + 3_000 + 1_000 + 560 + 900),
        ([leg(sold=(0,)), leg(sold=(0,), origin="ORD", direction=1)], 46_020),
    ],
)
def test_the_price_has_all_taxes(legs, cents):
    assert quote(book(taxes=TAXES), legs=legs).total == Money(cents, "USD")


def test_a_child_has_a_seat_and_an_infant_on_a_lap_has_a_price_of_its_own():
    priced = quote(book(taxes=TAXES), Party(adults=1, children=1, infants_lap=1))
    fares = [(line.traveller, line.amount) for line in priced.lines if line.code == "fare"]
    assert fares == [(0, 20_000), (1, 15_000), (2, 2_000)]
    assert Party(adults=1, children=1, infants_lap=1).seats == 2
    assert {line.code for line in priced.lines if line.traveller == 2} == {"fare"}  # no tax of the United States
    assert priced.by_traveller == [Money(23_010, "USD"), Money(15_000 + 1_125 + 1_510, "USD"), Money(2_000, "USD")]


def test_an_infant_with_a_seat_takes_one():
    rules = book()
    one_left = [leg(sold=(99,))]
    assert quote(rules, Party(adults=1, infants_lap=1), one_left)
    assert quote(rules, Party(adults=1, infants_seated=1), one_left) is None
    assert quote(rules, Party(adults=1, infants_seated=1)).lines[1].amount == 15_000


@pytest.mark.parametrize(
    ("party", "field"),
    [
        (Party(adults=1, infants_lap=3), "infants_lap"),
        (Party(adults=5, children=5), "adults"),
        (Party(adults=0, children=1), "adults"),
        (Party(adults=0), "adults"),
        (Party(adults=2, children=-1), "children"),
    ],
)
def test_a_party_that_can_not_travel_is_told_at_its_field(party, field):
    with pytest.raises(WrongParty) as refused:
        party.check()
    assert refused.value.field == field and str(refused.value)


@pytest.mark.parametrize("party", [Party(), Party(9), Party(2, 3, 2, 2)])
def test_a_party_that_can_travel(party):
    party.check()
    assert party.travellers == sum(party)


@given(
    st.builds(Party, st.integers(1, 9), st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), st.integers(1, 99_999)
)
def test_the_total_is_the_sum_of_what_is_printed(party, fixed):
    priced = quote(book(taxes=TAXES, fixed=fixed), party, [leg(sold=(0,)), leg(sold=(0,), origin="ORD")])
    assert priced.total.amount == sum(line.amount for line in priced.lines)
    assert priced.total == total(priced.by_traveller, "USD")
    assert len(priced.by_traveller) == party.travellers


def test_each_passenger_is_rounded_alone():
    # 75 % of 0.06 is 0.045: half up, for each of two children.
    assert quote(book(fixed=6), Party(adults=1, children=2)).total.amount == 6 + 5 + 5


def test_fares_are_rounded_half_up_to_a_step():
    assert quote(book(fixed=12_349)).total.amount == 12_349
    assert [quote(book(fixed=fixed, rounding=500)).total.amount for fixed in (12_249, 12_250)] == [12_000, 12_500]
    assert quote(book(fixed=4_500, per_mile=12)).total.amount == 16_500


THREE = (
    FamilyRule("economy", "basic", 8_000, 0, TERMS, (Step(0, 0, None), Step(9_000, ANY_DAY, None))),
    FamilyRule("economy", "standard", 10_000, 3_000, TERMS, (Step(5_000, ANY_DAY, 12_000), Step(0, 7, 13_000))),
    FamilyRule("economy", "flex", 15_000, 1_000, TERMS),
)


def test_seats_left_are_those_of_the_flight_with_the_fewest():
    legs = [leg(sold=(10, 0, 0)), leg(sold=(60, 0, 0))]
    left = {family.code: RULES.quote(legs, family, Party(), NOW).seats_left for family in RULES.families("economy")}
    assert left == {"basic": 10, "standard": 30, "flex": 40}


RULES = book(*THREE)


def test_one_flight_without_a_bucket_has_no_price():
    assert quote(RULES, legs=[leg(), leg(sold=(70, 0, 0))]) is None
    assert quote(RULES, legs=[leg(), leg(sold=(70, 0, 0))], code="standard")


def test_a_party_fits_into_one_bucket_or_has_no_price():
    assert quote(RULES, Party(adults=3), [leg(sold=(68, 0, 0))]) is None
    assert quote(RULES, Party(adults=2), [leg(sold=(68, 0, 0))]).seats_left == 2


@pytest.mark.parametrize(
    ("sold", "days", "price"),
    [
        ((0, 0, 0), 30, 20_000),
        ((49, 0, 0), 30, 20_000),
        ((50, 0, 0), 30, 24_000),
        ((0, 0, 0), 8, 20_000),
        ((0, 0, 0), 7, 26_000),
        ((50, 0, 0), 7, 26_000),  # of two steps the dearest
        ((0, 0, 0), -1, None),  # it has left
    ],
)
def test_the_price_follows_the_load_and_the_days(sold, days, price):
    priced = quote(RULES, legs=[leg(sold=sold, days=days)], code="standard")
    assert (priced and priced.total.amount) == price


def test_a_fare_that_has_gone_is_no_full_flight():
    basic, party = RULES.family("economy", "basic"), Party(adults=2)
    assert RULES.state([leg()], basic, party, NOW) == State.OPEN
    assert RULES.state([leg(sold=(70, 0, 0))], basic, party, NOW) == State.GONE
    assert RULES.state([leg(days=0)], basic, party, NOW) == State.GONE
    assert RULES.state([leg(sold=(69, 10, 20))], basic, party, NOW) == State.FULL


STEP = st.builds(Step, st.integers(0, 10_000), st.integers(0, 60), st.none() | st.integers(10_000, 30_000))


@given(st.lists(STEP, max_size=8), st.integers(0, 99), st.integers(0, 60))
def test_a_price_never_falls_and_never_opens_again_as_seats_go_and_days_pass(steps, sold, days):
    table = Steps(steps)
    rates = [table.rate(sold + 1, 100, days), table.rate(sold, 100, days), table.rate(sold, 100, days + 1)]
    assert rates == sorted(rates, key=lambda rate: (rate is None, rate or 0), reverse=True)


def test_fees_for_seats_follow_the_terms():
    rules = book(seat_fees=((SeatKind.LEGROOM, 3_900), (SeatKind.PREFERRED, 1_200)))
    for choice, fee in (("none", None), ("charged", 3_900), ("free", 0)):
        terms = TERMS._replace(seat_choice=choice)
        assert rules.seat_fee("economy", terms, {"legroom", "preferred"}) == fee
    assert rules.seat_fee("economy", TERMS._replace(seat_choice="charged"), ()) == 0


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_any_currency_is_whole_minor_units(currency):
    rule = book(fixed=1_234).tariffs[0]._replace(currency=currency)
    priced = quote(RuleBook((rule,)))
    assert priced.total == Money(1_234, currency)


def test_equal_rules_are_equal():
    assert RuleBook(TARIFFS, TAXES) == RuleBook(TARIFFS, TAXES)
    assert len({RuleBook(TARIFFS, TAXES), RuleBook(TARIFFS, TAXES), RULES}) == 2
