"""Availability: when a party can come."""

from datetime import timedelta

import pytest

from bookings.restaurants.models import Closure, Reservation, Use
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.times import FREE, FULL, HELD


def clocks(bistro, day, party=2, state=FREE, **options):
    times = Availability(bistro, day).times(day, party, **options)
    return [time.at.astimezone(bistro.tz).strftime("%H:%M") for time in times if time.state == state]


def test_every_slot_of_an_empty_service_is_free(bistro, tomorrow):
    free = clocks(bistro, tomorrow)
    assert free[0] == "17:00" and free[-1] == "21:00" and len(free) == 17


def test_a_party_gets_the_table_that_leaves_the_fewest_seats_empty(bistro, book):
    assert [table.name for table in book("18:00", 2).tables.all()] == ["T1"]
    assert [table.name for table in book("18:00", 2).tables.all()] == ["T2"]
    assert [table.name for table in book("18:00", 2).tables.all()] == ["T3"]
    assert sorted(table.name for table in book("20:00", 7).tables.all()) == ["T3", "T4"]


def test_a_table_is_taken_for_the_turn_time_and_then_free_again(bistro, book, tomorrow):
    book("18:00", 7)
    free = clocks(bistro, tomorrow, 8)
    assert free == ["20:00", "20:15", "20:30", "20:45", "21:00"]


def test_two_tables_that_are_free_at_different_times_are_not_a_free_join(bistro, book, tomorrow):
    """A join needs both of its tables for the whole time."""
    book("17:00", 4)
    book("19:00", 4)
    assert "19:00" not in clocks(bistro, tomorrow, 8)


def test_a_hold_shows_as_held_and_says_when_it_expires(bistro, hold, tomorrow):
    held = hold("18:00", 8)
    times = {time.slot: time for time in Availability(bistro, tomorrow).times(tomorrow, 6)}
    assert times[held.first].state == HELD
    assert times[held.first].frees_at == held.expires_at


def test_a_hold_may_be_booked_or_deleted_after_availability_was_read(bistro, hold, tomorrow):
    booked, gone = hold("18:00", 8), hold("19:00", 2)
    availability = Availability(bistro, tomorrow)
    booked.confirm("Ada Lovelace", "ada@example.org")
    gone.delete()
    times = {time.slot: time for time in availability.times(tomorrow, 8)}
    assert (times[booked.first].state, times[booked.first].frees_at) == (HELD, availability.now), "as it was read"


def test_an_expired_hold_is_free_without_any_job(bistro, hold, tomorrow, time_machine):
    held = hold("18:00", 8)
    assert "18:00" not in clocks(bistro, tomorrow, 8)
    time_machine.move_to(held.expires_at + timedelta(seconds=1))
    assert "18:00" in clocks(bistro, tomorrow, 8)
    assert Reservation.objects.get().state == "held", "no job has cleared it away"


def test_pacing_counts_online_and_all_reservations_apart(bistro, book, slot, tomorrow):
    bistro.services.update(pace_online=4, pace=6)
    book("18:00", 4)
    assert "18:00" not in clocks(bistro, tomorrow, 2)
    assert "18:15" in clocks(bistro, tomorrow, 2)
    assert "18:00" in clocks(bistro, tomorrow, 2, channel=Use.IN_HOUSE)
    Reservation.objects.book(bistro, slot("18:00"), 2, name="Grace")
    assert "18:00" not in clocks(bistro, tomorrow, 1, channel=Use.IN_HOUSE)


def test_tables_for_walk_ins_are_not_booked(bistro, book, slot, tomorrow):
    for _ in range(4):
        book("18:00", 2)
    assert "18:00" in clocks(bistro, tomorrow, 2, state=FULL)
    assert "18:00" not in clocks(bistro, tomorrow, 2, channel=Use.IN_HOUSE)
    assert "18:00" in clocks(bistro, tomorrow, 2, channel=Use.WALK_IN)


@pytest.mark.parametrize("service", [True, False])
def test_a_closed_service_or_day_has_no_times(bistro, tomorrow, service):
    Closure.objects.create(restaurant=bistro, day=tomorrow, service=bistro.services.get() if service else None)
    assert Availability(bistro, tomorrow).times(tomorrow, 2) == []
    assert clocks(bistro, tomorrow + timedelta(days=1)) != []


def test_a_service_past_midnight_belongs_to_the_day_on_which_it_begins(bistro, tomorrow, slot):
    bistro.services.update(last="00:30", ends="02:00")
    assert clocks(bistro, tomorrow)[-1] == "00:30"
    time = Availability(bistro, tomorrow, tomorrow + timedelta(days=1)).find(
        slot("00:30", tomorrow + timedelta(days=1)), 2
    )
    assert time.day == tomorrow


def test_guests_must_give_notice_and_staff_need_not(bistro, slot, time_machine, tomorrow):
    time_machine.move_to((slot("18:05")) * 900 + 60)
    assert clocks(bistro, tomorrow)[0] == "18:30"
    assert clocks(bistro, tomorrow, channel=Use.IN_HOUSE)[0] == "18:00"


def test_the_nearest_times_are_before_and_after(bistro, book, slot, tomorrow):
    for _ in range(2):
        book("19:00", 4)
    near = Availability(bistro, tomorrow).nearest(slot("19:00"), 4)
    assert [time.at.astimezone(bistro.tz).strftime("%H:%M") for time in near] == ["17:00", "21:00"]


def test_availability_is_read_in_six_queries_however_much_is_booked(
    bistro, book, tomorrow, django_assert_max_num_queries
):
    for clock in ("17:00", "18:30", "20:00"):
        book(clock, 2)
    with django_assert_max_num_queries(6):
        calendar = Availability(bistro, tomorrow, tomorrow + timedelta(days=29)).calendar(2)
    assert len(calendar) == 30 and all(calendar.values())


@pytest.mark.parametrize(("day", "hours"), [("2027-03-14", 3), ("2027-11-07", 5)])
def test_a_night_in_which_clocks_change_has_an_hour_more_or_less(bistro, day, hours, time_machine):
    """In New York clocks go from 2:00 to 3:00 on 14 March 2027, and from 2:00 to 1:00 on 7 November."""
    from datetime import date, time

    bistro.services.update(begins=time(0), last=time(4), ends=time(6))
    time_machine.move_to(f"{date.fromisoformat(day) - timedelta(days=2)}T12:00:00Z")
    slots, _ends = bistro.services.get().times(date.fromisoformat(day), bistro.tz)
    assert len(slots) == hours * 4 + 1
