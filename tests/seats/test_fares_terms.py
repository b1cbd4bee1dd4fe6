"""What a fare allows, in words, and what it gives back."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bookings.seats.fares.refunds import keep, refund
from bookings.seats.fares.terms import Terms, strictest

STRICT = Terms("USD", None, 0, 0, "none", 0)
MIDDLE = Terms("USD", 7_500, 10_000, 10_000, "charged", 1)
FREE = Terms("USD", 0, 10_000, 0, "free", 2)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (STRICT, ["No changes.", "No refund.", "A seat is assigned to you.", "No checked bag."]),
        (MIDDLE, ["Changes for $75.00.", "Refund less $100.00.", "Choose your seat for a charge.", "1 checked bag."]),
        (FREE, ["Changes free of charge.", "Full refund.", "Choose your seat free of charge.", "2 checked bags."]),
    ],
)
def test_the_words_are_made_of_the_terms(terms, words):
    with translation.override("en"):
        assert terms.words() == words


def test_a_share_is_written_as_the_language_does():
    assert "12.5 %" in STRICT._replace(refund_rate=1_250).words()[1]
    with translation.override("de"):
        assert "12,5" in STRICT._replace(refund_rate=1_250).words()[1]


def test_an_itinerary_has_the_strictest_of_each_term():
    assert strictest([FREE, MIDDLE]) == MIDDLE._replace(refund_rate=10_000)
    assert strictest([FREE, STRICT, MIDDLE]) == STRICT._replace(refund_fee=10_000)
    assert strictest([FREE]) == FREE


def test_terms_can_be_kept_and_read_again():
    assert Terms.of({**MIDDLE._asdict(), "something": "else"}) == MIDDLE


LINES = st.lists(st.integers(0, 99_999), min_size=1, max_size=30)
ANY_TERMS = st.builds(
    Terms, st.just("USD"), st.none(), st.integers(0, 10_000), st.integers(0, 50_000), st.just("none"), st.just(0)
)


@given(LINES, ANY_TERMS, st.integers(1, 9))
def test_what_is_refunded_and_what_is_kept_are_what_was_paid(charged, terms, travellers):
    given_back = refund(charged, terms, travellers)
    assert sum(given_back.back) + sum(given_back.kept) == sum(charged)
    for line, back, kept in zip(charged, *given_back, strict=True):
        assert back + kept == line and 0 <= back <= line


def test_half_of_an_odd_amount_loses_no_cent():
    assert refund([23_087], STRICT._replace(refund_rate=5_000)) == ([11_544], [11_543])


@given(LINES)
def test_refunding_each_line_alone_gives_back_all_that_was_paid(charged):
    assert sum(sum(refund([line], FREE).back) for line in charged) == sum(charged)
    assert refund(charged, FREE).back == charged


def test_a_fee_is_for_each_traveller_and_never_more_than_was_paid():
    assert sum(refund([30_000, 30_000], MIDDLE, travellers=2).kept) == 20_000
    assert refund([4_000], MIDDLE).kept == [4_000]
    assert keep([4_000, 2_000], -5, "USD").back == [4_000, 2_000]


def test_a_refund_goes_by_what_was_charged_and_not_by_prices_of_today():
    """The rules have no part in it: the terms are those that were frozen, the amounts those that were paid."""
    assert sum(refund([10_001, 2], MIDDLE._replace(refund_fee=0)).back) == 10_003
