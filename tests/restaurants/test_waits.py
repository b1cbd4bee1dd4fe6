"""The forecast: how long a party waits for a table now."""

from datetime import datetime, timedelta

import pytest

from bookings.restaurants.models import QueueEntry, Reservation, Unfit, forecast

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(slot, time_machine, bistro):
    """It is 19:00 of tomorrow at the bistro; ``evening(20)`` makes it 19:20."""

    def at(clock):
        time_machine.move_to(
            datetime.fromtimestamp(slot("19:00") * 900, bistro.tz) + timedelta(minutes=clock), tick=False
        )

    at(0)
    return at


@pytest.fixture
def seat(bistro, tables):
    """``seat("T3", 4)``: a walk-in is seated there now."""
    return lambda name, party: Reservation.objects.walk_in(bistro, party, tables(name))


@pytest.fixture
def join(bistro):
    return lambda party, name="Ada": QueueEntry.objects.join(bistro, party, name, forecast.quote(bistro, party))


def test_there_is_no_wait_while_a_table_is_free(bistro, evening):
    assert forecast.quotes(bistro, [1, 2, 4, 8]) == {1: 0, 2: 0, 4: 0, 8: 0}


def test_the_wait_ends_when_the_first_fitting_table_comes_back(bistro, evening, seat):
    seat("T3", 4)
    evening(20)
    seat("T4", 4)
    assert forecast.quote(bistro, 4) == 100
    assert forecast.quote(bistro, 8) == 120, "a join needs both"
    assert forecast.quote(bistro, 2) == 0


def test_a_quote_follows_the_courses(bistro, evening, seat):
    at_table = seat("T3", 4)
    seat("T4", 4)
    assert forecast.quote(bistro, 4) == 120
    evening(30)
    at_table.progress("dessert")
    assert forecast.quote(bistro, 4) == 30
    at_table.progress("bill")
    assert forecast.quote(bistro, 4) == 15
    evening(60)
    assert forecast.quote(bistro, 4) == 5, "it should have left, and is expected to leave soon"


def test_a_table_that_is_booked_soon_is_not_quoted(bistro, evening, book, seat):
    """A party of four that was seated now would still be there when the booked party comes."""
    book("20:00", 4)
    book("20:00", 4)
    assert forecast.quote(bistro, 4) == 180


def test_a_late_party_takes_its_turn_time_from_now_on(bistro, evening, slot, seat):
    late = Reservation.objects.book(bistro, slot("19:00"), 4, name="Grace")
    seat("T4", 4)
    evening(15)
    assert forecast.expected_end(late) == late.ends_at + timedelta(minutes=15)
    assert forecast.quote(bistro, 4) == 105, "after the party at T4, not after the late one"


def test_parties_get_tables_in_the_order_in_which_they_joined(bistro, evening, seat, join):
    seat("T3", 4)
    evening(20)
    seat("T4", 4)
    first, second = join(4, "First"), join(3, "Second")
    assert forecast.ready_at(first) < forecast.ready_at(second)
    assert [forecast.position(first), forecast.position(second)] == [1, 2]
    assert forecast.quote(bistro, 4) == 100 + 120
    first.leave()
    assert [forecast.position(first), forecast.position(second)] == [0, 1]
    assert forecast.quote(bistro, 4) == 120
    assert forecast.ready_at(first) is None


def test_a_party_that_fits_no_table_is_refused(bistro, evening):
    with pytest.raises(Unfit, match="9"):
        forecast.quote(bistro, 9)
    assert forecast.quotes(bistro, [9]) == {9: None}


def test_it_costs_the_same_however_many_wait(bistro, evening, seat, join, django_assert_max_num_queries):
    for _ in range(5):
        join(2)
    with django_assert_max_num_queries(8):
        forecast.quotes(bistro, range(1, 9))
