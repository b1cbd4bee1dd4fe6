"""Many parties want one table at once: one gets it, and the others are refused. And the same with the guards taken out."""

import os
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

import references
from bookings.restaurants.models import Full, Refused, Reservation, Restaurant, State, Table, TableSlot, Taken, Use
from bookings.restaurants.models.making import HOLD
from bookings.restaurants.models.room import room_for
from tests.races import all_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 12


@pytest.fixture
def last_table(bistro):
    """All tables but one for two are closed."""
    Table.objects.exclude(name="T1").update(is_open=False)
    return Table.objects.get(name="T1")


@pytest.fixture
def buyers(bistro, slot):
    at = slot("19:00")
    return [lambda: Reservation.objects.hold(Restaurant.objects.get(pk=bistro.pk), at, 2, uuid4())] * BUYERS


@pytest.fixture
def two_ways(bistro, book, hold):
    """Four bookings for two at one time that all want T3 for later."""
    return [book("17:00"), book("17:00"), book("19:00"), book("19:00")]


def sold(table):
    """How many reservations have the table in the slot with the most."""
    rows = Reservation.objects.taking().filter(tables=table).values_list("first", "count")
    quarters = [slot for first, count in rows for slot in range(first, first + count)]
    return max(map(quarters.count, quarters), default=0)


@pytest.mark.parametrize("_round", range(3))
def test_one_of_many_guests_gets_the_last_table(last_table, buyers, _round):
    ends = all_at_once(*buyers)
    assert len(faults(ends, Full)) == BUYERS - 1, ends
    assert Reservation.objects.count() == sold(last_table) == 1


def test_a_table_that_is_cancelled_again_and_again_is_sold_once_each_time(last_table, buyers):
    """``ATTEMPTS=10000 make test ARGS='-k again_and_again'`` tries more often."""
    for _round in range(int(os.environ.get("ATTEMPTS", "120")) // BUYERS + 1):
        ends = all_at_once(*buyers)
        (held,) = [end for end in ends if isinstance(end, Reservation)]
        assert len(faults(ends, Full)) == BUYERS - 1, ends
        assert sold(last_table) == 1
        held.release()


@pytest.fixture
def rash_buyers(bistro, slot):
    """Buyers without the lock: all of them find the table free before any of them takes it."""
    at, looked = slot("19:00"), threading.Barrier(BUYERS)
    until = timezone.now() + HOLD

    def buy():
        time, tables = room_for(bistro, at, 2, Use.ONLINE)
        looked.wait(30)
        with transaction.atomic():
            held = Reservation(restaurant=bistro, expires_at=until)
            return Reservation.objects.start(held, "hold", time, 2, tables)

    return [buy] * BUYERS


def test_the_unique_constraint_alone_is_enough(last_table, rash_buyers):
    """All buyers find the table free, and the database gives it to one."""
    ends = all_at_once(*rash_buyers)
    assert len(faults(ends, Taken)) == BUYERS - 1, ends
    assert Reservation.objects.count() == sold(last_table) == 1


def test_without_lock_and_constraint_it_would_be_sold_twice(last_table, rash_buyers, monkeypatch):
    """Proves that the tests above can fail."""
    monkeypatch.setattr(TableSlot.objects, "bulk_create", list)
    all_at_once(*rash_buyers)
    assert sold(last_table) == BUYERS


def test_the_same_form_sent_many_times_at_once_is_one_hold(bistro, slot):
    key, at = uuid4(), slot("19:00")
    ends = all_at_once(*[lambda: Reservation.objects.hold(bistro, at, 2, key)] * BUYERS)
    assert {end.pk for end in ends} == {Reservation.objects.get().pk}


def test_the_same_hold_confirmed_many_times_at_once_is_one_booking(hold):
    held = hold("19:00")
    ends = all_at_once(*[lambda: Reservation.objects.get(pk=held.pk).confirm("Ada", "ada@example.org")] * BUYERS)
    assert len(faults(ends, Refused)) == BUYERS - 1, ends
    assert Reservation.objects.get().changes.filter(verb="confirm", field="state").count() == 1


def test_of_parties_that_are_moved_to_one_table_at_once_one_gets_it(two_ways, tables):
    """Two at 17:00 and two at 19:00: one of each gets it, and the refusals name the parties that have it."""
    ends = all_at_once(*[lambda each=each: Reservation.objects.get(pk=each.pk).move(tables("T3")) for each in two_ways])
    refused = faults(ends)
    assert len(refused) == 2 and all(isinstance(end, Taken) for end in refused), ends
    assert {end.by.starts_at for end in refused} == {two_ways[0].starts_at, two_ways[2].starts_at}
    assert sold(tables("T3")[0]) == 1


def test_a_join_and_its_tables_are_not_both_given(bistro, slot):
    """A party of eight needs T3 and T4 together, a party of four needs one of them."""
    at = slot("19:00")
    moves = [lambda size=size: Reservation.objects.hold(bistro, at, size, uuid4()) for size in (8, 4, 8, 4, 8, 4)]
    all_at_once(*moves)
    for name in ("T3", "T4"):
        assert sold(Table.objects.get(name=name)) == 1


def test_an_expired_hold_is_confirmed_or_taken_but_not_both(last_table, bistro, hold, slot, time_machine):
    """It expires while it is confirmed, and other guests want its table at that moment."""
    held = hold("19:00")
    time_machine.move_to(timezone.now() + HOLD + timedelta(seconds=1))
    at = slot("19:00")
    ends = all_at_once(
        lambda: Reservation.objects.get(pk=held.pk).confirm("Ada", "ada@example.org"),
        lambda: Reservation.objects.hold(bistro, at, 2, uuid4()),
        lambda: Reservation.objects.hold(bistro, at, 2, uuid4()),
    )
    assert len(faults(ends)) == 2, ends
    assert sold(last_table) == Reservation.objects.taking().count() == 1


def test_pacing_is_kept_with_many_at_once(bistro, buyers):
    """There are tables for eight guests more, but only four may come in that slot."""
    bistro.services.update(pace_online=4)
    ends = all_at_once(*buyers)
    assert len(faults(ends, Full)) == BUYERS - 2, ends


def test_cancelling_and_seating_at_once_does_one_of_them(book, slot, time_machine, dora):
    reservation = book("19:00")
    time_machine.move_to(slot("19:00") * 900)
    mine = lambda: Reservation.objects.get(pk=reservation.pk)  # noqa: E731
    all_at_once(lambda: mine().cancel(by=dora), lambda: mine().seat(), lambda: mine().no_show())
    after = mine()
    assert after.slots.exists() == (after.state == State.SEATED)


def test_a_reference_that_somebody_takes_meanwhile_is_drawn_again(bistro, slot, hold, monkeypatch):
    """In the middle of a hold's transaction the reference turns out to be taken: the hold is made with the next one."""
    taken = hold("17:00").reference
    drawn = iter([taken, taken, "ZZZZZZ"])
    monkeypatch.setattr(references, "new_reference", lambda model: next(drawn))
    with transaction.atomic():
        held = Reservation.objects.hold(bistro, slot("19:00"), 2, uuid4())
    assert held.reference == "ZZZZZZ" and held.slots.count() == 6
    assert Reservation.objects.count() == 2


def test_without_drawing_again_the_hold_would_fail(bistro, slot, hold, monkeypatch):
    taken = hold("17:00").reference
    monkeypatch.setattr(references, "new_reference", lambda model: taken)
    monkeypatch.setattr(references, "TRIES", 1)
    with pytest.raises(RuntimeError):
        Reservation.objects.hold(bistro, slot("19:00"), 2, uuid4())
