"""Taxes and charges on top of a fare."""

from datetime import date

import pytest

from bookings.seats.fares.defaults import TAXES
from bookings.seats.fares.taxes import Dated, Hop, Reach, TaxKind, TaxRule, taxes_due

DAY = date(2026, 12, 1)
JFK_ORD = Hop("JFK", "US", "US", DAY)
ORD_LAX = Hop("ORD", "US", "US", DAY)
LAX_JFK = Hop("LAX", "US", "US", date(2026, 12, 8), direction=1)


def price(hops, fares, taxes=TAXES):
    return sum(fares) + sum(due.amount(fares[due.leg]) for due in taxes_due(hops, taxes))


def codes(hops, taxes=TAXES):
    return [(due.leg, due.tax.code) for due in taxes_due(hops, taxes)]


@pytest.mark.parametrize(
    ("hops", "fares", "total"),
    [
        ([JFK_ORD], [20_000], 23_010),
        ([JFK_ORD, ORD_LAX], [10_000, 10_000], 23_960),
        ([JFK_ORD, LAX_JFK], [20_000, 20_000], 46_020),
    ],
)
def test_known_prices_within_the_united_states(hops, fares, total):
    assert price(hops, fares) == total


def test_each_is_counted_by_its_own_measure():
    assert codes([JFK_ORD, ORD_LAX]) == [
        *[(0, "US"), (0, "ZP"), (0, "AY"), (0, "XF")],
        *[(1, "US"), (1, "ZP"), (1, "XF")],
    ]


def test_no_more_than_two_airports_are_charged_in_one_direction():
    hops = [Hop(airport, "US", "US", DAY) for airport in ("JFK", "ORD", "DEN")]
    back = [hop._replace(direction=1) for hop in hops]
    assert [leg for leg, code in codes([*hops, *back]) if code == "XF"] == [0, 1, 3, 4]


def test_a_domestic_tax_is_not_due_on_the_way_abroad():
    assert [code for _leg, code in codes([Hop("JFK", "US", "GB", DAY)])] == ["AY", "XF"]
    assert codes([Hop("LHR", "GB", "US", DAY)]) == []


def test_a_tax_of_departures_abroad_is_not_due_at_home():
    duty = TaxRule("GB", "Air passenger duty", TaxKind.SEGMENT, 8_800, "GB", reach=Reach.INTERNATIONAL)
    assert codes([Hop("LHR", "GB", "US", DAY)], [duty]) == [(0, "GB")]
    assert codes([Hop("LHR", "GB", "GB", DAY)], [duty]) == []


def test_the_day_of_departure_says_which_rate_is_valid():
    old = TaxRule("ZP", "Segment", TaxKind.SEGMENT, 500, "US", valid_to=date(2026, 12, 31))
    new = old._replace(amount=520, valid_from=date(2027, 1, 1), valid_to=None)
    on = [Hop("JFK", "US", "US", day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [price([hop], [0], [old, new]) for hop in on] == [500, 520]


@pytest.mark.parametrize(
    ("dated", "sold", "leaves", "amount"),
    [
        (Dated.SALE, date(2026, 12, 31), date(2027, 1, 1), 500),
        (Dated.SALE, date(2027, 1, 1), date(2027, 1, 2), 520),
        (Dated.TRAVEL, date(2026, 12, 31), date(2027, 1, 1), 520),
        (Dated.TRAVEL, date(2026, 12, 30), date(2026, 12, 31), 500),
    ],
)
def test_a_tax_says_whether_the_sale_or_the_departure_counts(dated, sold, leaves, amount):
    old = TaxRule("XF", "Charge", TaxKind.BOARDING, 500, "US", valid_to=date(2026, 12, 31), dated=dated)
    new = old._replace(amount=520, valid_from=date(2027, 1, 1), valid_to=None)
    assert price([Hop("JFK", "US", "US", leaves, sold=sold)], [0], [old, new]) == amount


def test_those_of_the_united_states_go_by_the_sale_but_for_the_segment_tax():
    assert {tax.code: tax.dated for tax in TAXES} == {"US": "sale", "ZP": "travel", "AY": "sale", "XF": "sale"}


def test_a_tax_of_an_airport_takes_the_place_of_that_of_its_country():
    country = TaxRule("XF", "Facility charge", TaxKind.BOARDING, 450, "US", most=2)
    own = country._replace(airport="JFK", amount=300)
    assert price([JFK_ORD, ORD_LAX], [0, 0], [country, own]) == 750


def test_shares_are_rounded_half_up_on_each_flight():
    assert price([JFK_ORD], [20], [TaxRule("US", "Tax", TaxKind.FARE, 750)]) == 22  # 1.5
    assert price([JFK_ORD], [6], [TaxRule("US", "Tax", TaxKind.FARE, 750)]) == 6  # 0.45
