"""What a search, its socket and the forms of fares and taxes do with values that nobody means."""

from itertools import pairwise

import pytest

from bookings.seats.models import Booking, FareGone, Tariff, Tax
from bookings.seats.search.regions import FlightUpdates

PAGE = "/fly/desk/fares/taxes/"
HUGE = "9" * 40
WILD = [
    {"day": "2026-11-31"},
    {"day": "9999-12-31"},
    {"day": "0001-01-01"},
    {"day": "0"},
    {"adults": "-1"},
    {"adults": HUGE},
    {"adults": "٣"},
    {"infants_lap": "9"},
    {"max_price": HUGE},
    {"max_price": "-5"},
    {"cabin": "attic"},
    {"from": "\x00\x00\x00"},
    {"from": "JFK", "to": "JFK"},
    {"airlines": "," * 2000},
    {"airlines": "B6," * 500},
    {"order": "__class__"},
    {"seen": HUGE},
    {"seen": "../../etc"},
    {"seen": "\x00"},
]


@pytest.mark.parametrize("changes", WILD, ids=str)
def test_a_search_with_wild_values_says_what_is_wrong_or_finds_nothing(client, inventory, changes):
    query = {"from": "JFK", "to": "BOS", "adults": "1", **changes}
    assert client.get("/fly/", query).status_code in (200, 400, 422)
    region = FlightUpdates(query=query)
    region.topics(), region.stale_at(region.now)
    assert region.render().html


def tax(**changes):
    fields = {"code": "GB", "name": "Duty", "kind": "segment", "amount": "15.50", "country": "GB", "reach": "any"}
    return {**fields, "dated": "travel", "valid_from": "2026-04-01", "most": "0", **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "-1"},
        {"amount": HUGE},
        {"amount": "21474836.48"},
        {"amount": "1e9"},
        {"amount": "NaN"},
        {"amount": "Infinity"},
        {"amount": "1.005"},
        {"amount": "\x00"},
        {"kind": "fare", "amount": "-1"},
        {"kind": "fare", "amount": "NaN"},
        {"kind": "fare", "amount": "1e400"},
        {"kind": "half"},
        {"dated": "never"},
        {"most": "-1"},
        {"most": HUGE},
        {"valid_from": "99999-01-01"},
        {"country": "G1"},
        {"code": "G\x00"},
        {"name": "x" * 61},
        {"name": "\x00"},
        {"airport": "\x00"},
    ],
    ids=str,
)
def test_an_absurd_tax_is_refused(clerk, changes):
    assert clerk.post(f"{PAGE}add/", tax(**changes)).status_code == 422
    assert not Tax.objects.filter(code__startswith="G").exists()


@pytest.mark.parametrize("changes", [{"since": "9999-12-31"}, {"since": "0001-01-01"}, {"amount": HUGE}], ids=str)
def test_an_absurd_rate_is_no_fault_of_the_server(clerk, changes):
    old = Tax.objects.get(code="ZP")
    old.revise(old.rule()._replace(valid_from=None))
    fields = {"amount": "5.30", "since": "2027-01-01", "seen": old.revision, **changes}
    assert clerk.post(f"{PAGE}{old.pk}/change-rate/", fields).status_code in (303, 422)


def test_a_second_rate_does_not_overlap_the_first(clerk):
    old = Tax.objects.get(code="ZP")
    for since in ("2027-01-01", "2026-12-01"):
        old.refresh_from_db()
        fields = {"amount": "5.30", "since": since, "seen": old.revision}
        clerk.post(f"{PAGE}{old.pk}/change-rate/", fields)
    spans = list(Tax.objects.filter(code="ZP").order_by("valid_from").values_list("valid_from", "valid_to"))
    assert all(first[1] and first[1] < second[0] for first, second in pairwise(spans))


def test_at_absurd_fares_nothing_is_sold_and_nothing_breaks(client, fares, inventory, hold_seats):
    Tariff.objects.update(per_mile=10**8)
    with pytest.raises(FareGone):
        hold_seats(adults=9)
    query = {"from": "JFK", "to": "BOS", "day": inventory.day.isoformat(), "adults": "9"}
    assert client.get("/fly/", query).status_code == 200 and not Booking.objects.exists()
