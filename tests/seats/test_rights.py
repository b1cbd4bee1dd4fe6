"""The rights that follow from a delay or a cancellation: known answers of the regulation's own numbers."""

from datetime import timedelta

import pytest

from bookings.seats.rights import (
    Event,
    Journey,
    american,
    care_from,
    compensation,
    compensation_after,
    european,
    halved_within,
    hints,
    km_of,
    refund_from,
)


def hours(number):
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("km", "within", "euros"),
    [
        (1, True, 250),
        (1500, False, 250),
        (1501, False, 400),
        (3500, False, 400),
        (3501, False, 600),
        (3501, True, 400),  # within the Union it stays 400, to the Canary Islands and beyond
        (9000, True, 400),
        (5836, False, 600),  # Paris to New York
    ],
)
def test_the_amount_goes_by_the_distance(km, within, euros):
    assert compensation(km, within) == euros


@pytest.mark.parametrize(
    ("km", "late", "euros"),
    [
        (1000, 2, 125),
        (1000, 2.1, 250),
        (3000, 3, 200),
        (3000, 3.1, 400),
        (6000, 4, 300),
        (6000, 4.1, 600),
    ],
)
def test_another_flight_soon_after_halves_it(km, late, euros):
    assert compensation_after(km, False, hours(late)) == euros


def test_care_begins_after_two_three_and_four_hours():
    assert [care_from(km, False) for km in (1500, 3500, 3501)] == [hours(2), hours(3), hours(4)]
    assert halved_within(9000, True) == hours(3)


def test_miles_are_statute_ones():
    assert km_of(3635) == 5850 and km_of(187) == 301


PARIS_BERLIN = Journey("FR", "DE", 880)
PARIS_NEW_YORK = Journey("FR", "US", 5836)
NEW_YORK_PARIS = Journey("US", "FR", 5836)
NEW_YORK_BOSTON = Journey("US", "US", 301)
NEW_YORK_LONDON = Journey("US", "GB", 5540)


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (1.9, []),
        (2, ["meals"]),
        (3, ["meals", "€250"]),
        (5, ["meals", "€250", "5 hours or more"]),
    ],
)
def test_a_delay_within_europe(late, words):
    found = european(PARIS_BERLIN, Event(departs_later=hours(late), arrives_later=hours(late)))
    assert len(found) == len(words) and all(word in text for word, text in zip(words, found, strict=True))


def test_a_long_flight_that_is_less_than_four_hours_late_has_half():
    assert "€300" in " ".join(european(PARIS_NEW_YORK, Event(arrives_later=hours(3.5))))
    assert "€600" in " ".join(european(PARIS_NEW_YORK, Event(arrives_later=hours(4))))


def test_a_cancellation_two_weeks_ahead_gives_no_compensation():
    soon = " ".join(european(PARIS_BERLIN, Event(is_off=True, notice=timedelta(days=13))))
    ahead = " ".join(european(PARIS_BERLIN, Event(is_off=True, notice=timedelta(days=14))))
    assert "€250" in soon and "€125" in soon and "extraordinary" in soon
    assert "€" not in ahead and "money back" in ahead


def test_a_missed_connection_counts_by_the_delay_at_the_last_airport():
    text = " ".join(european(PARIS_NEW_YORK, Event(is_off=True, is_missed=True, notice=hours(1))))
    assert "arrive 3 hours late or more" in text and "€600" in text and "€300" not in text
    assert "another flight and your money back" in text


def test_from_abroad_it_counts_only_for_airlines_of_the_union():
    late = Event(arrives_later=hours(5), departs_later=hours(5))
    assert any("airline that flies" in text for text in european(NEW_YORK_PARIS, late))
    assert not any("airline that flies" in text for text in european(PARIS_NEW_YORK, late))


def test_a_significant_change_in_the_united_states_is_three_hours_and_six_abroad():
    assert not american(NEW_YORK_BOSTON, Event(departs_later=hours(2.9)))
    assert "3 hours" in american(NEW_YORK_BOSTON, Event(departs_later=hours(3)))[0]
    assert not american(NEW_YORK_LONDON, Event(arrives_later=hours(5.9)))
    assert "6 hours" in american(NEW_YORK_LONDON, Event(arrives_later=hours(6)))[0]
    assert american(NEW_YORK_LONDON, Event(is_off=True))


def test_each_hint_names_its_rule_and_both_can_apply():
    sources = {hint.source for hint in hints(PARIS_NEW_YORK, Event(is_off=True))}
    assert sources == {"EU 261/2004", "US DOT, 14 CFR 260"}
    assert not hints(Journey("GB", "JP", 9000), Event(is_off=True))
    assert not hints(PARIS_BERLIN, Event())


def test_when_everything_comes_back():
    found = [refund_from(each) for each in (NEW_YORK_BOSTON, NEW_YORK_LONDON, PARIS_BERLIN, PARIS_NEW_YORK)]
    assert found == [hours(3), hours(6), hours(5), hours(5)]
    assert refund_from(Journey("GB", "JP", 9000)) == hours(3)
