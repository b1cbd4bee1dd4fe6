"""Each verb of a reservation: what it changes, records and publishes, and in which states it is refused."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.restaurants.models import (
    Changed,
    Closed,
    Full,
    IllegalMove,
    Refused,
    Reservation,
    ReservationChange,
    State,
    TableSlot,
    Taken,
    Unfit,
    Use,
)
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.making import HOLD
from bookings.restaurants.models.states import EXPECTED, LEGAL, TAKING

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(slot, time_machine):
    """``evening("19:05")``: the clock stands still at that time of tomorrow."""

    def at(clock):
        hours, minutes = clock.split(":")
        quarter = f"{hours}:{int(minutes) // 15 * 15:02}"
        time_machine.move_to(slot(quarter) * 900 + int(minutes) % 15 * 60, tick=False)

    return at


@pytest.fixture
def arguments(bistro, slot, tables, tomorrow):
    """Legal arguments for each verb."""

    def of(name):
        time = Availability(bistro, tomorrow, now=timezone.now() - timedelta(hours=6)).find(slot("20:00"), 2)
        return {
            "confirm": ("Ada", "ada@example.org"),
            "change": (time, 2, tables("T2")),
            "move": (tables("T2"),),
            "join": (tables("T2"),),
            "split": (1, tables("T2")),
            "extend": (15,),
            "progress": ("dessert",),
            "transfer": ("Grace", "grace@example.org"),
            "contest_no_show": ("I was there",),
        }.get(name, ())

    return of


@pytest.fixture
def in_state(book, hold, evening, dora):
    """A party of two, booked for 19:00 at T1 and brought to a state by verbs; it is 19:05."""

    def come(state):
        if state == State.HELD:
            reservation = hold("19:00")
            Reservation.objects.update(expires_at=reservation.starts_at)
            reservation.refresh_from_db()
            evening("18:55")
            return reservation
        reservation = book("19:00")
        evening("19:05")
        steps = {
            State.ARRIVED: ["arrive"],
            State.SEATED: ["arrive", "seat"],
            State.FINISHED: ["seat", "finish"],
            State.NO_SHOW: ["no_show"],
            State.CANCELLED: ["cancel"],
        }
        for step in steps.get(state, ()):
            getattr(reservation, step)(by=dora)
        return reservation

    return come


def facts(reservation):
    """All that is stored about it."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    fields = {field.name: getattr(reservation, field.name) for field in reservation._meta.concrete_fields}
    names = sorted(reservation.tables.values_list("name", flat=True))
    return fields, names, sorted(reservation.slots.values_list("table__name", "slot")), reservation.changes.count()


def names(reservation):
    return sorted(reservation.tables.values_list("name", flat=True))


def assert_consistent(reservation):
    """Its rows of TableSlot match its tables, first and count; there are none once it has ended."""
    reservation = Reservation.objects.get(pk=reservation.pk)
    wanted = {
        (table, slot)
        for table in reservation.tables.values_list("pk", flat=True)
        for slot in range(reservation.first, reservation.first + reservation.count)
        if reservation.state in TAKING
    }
    assert set(reservation.slots.values_list("table", "slot")) == wanted


SAYS = {
    "held": "is not booked yet",
    "booked": "is booked already",
    "arrived": "has arrived already",
    "seated": "is already seated",
    "finished": "has left already",
    "no_show": "is marked as a no-show",
    "cancelled": "is cancelled",
}
NEED_A_SEAT = {"extend", "progress", "finish"}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", LEGAL)
def test_every_verb_from_every_state_does_what_the_table_says(in_state, arguments, name, state, assert_published, dora):
    reservation = in_state(state)
    before = facts(reservation)
    given = {"by": dora, **({"notes": "Window"} if name == "annotate" else {})}
    if state in LEGAL[name]:
        day = reservation.day
        with assert_published(f"restaurant-book-{reservation.restaurant_id}-{day}", f"reservation-{reservation.pk}"):
            getattr(reservation, name)(*arguments(name), **given)
        after = Reservation.objects.get(pk=reservation.pk)
        assert after.revision == before[0]["revision"] + 1
        changes = after.changes.filter(revision=after.revision)
        assert {change.verb for change in changes} == {name}
        assert_consistent(reservation)
    else:
        says = "is not seated" if name in NEED_A_SEAT and state in EXPECTED else SAYS[state]
        with assert_published(), pytest.raises(IllegalMove, match=f"^You can’t do this: .* {says}.$"):
            getattr(reservation, name)(*arguments(name), **given)
        assert facts(reservation) == before
        assert reservation.state == state, "nor in memory"


def test_history_says_what_changed_from_what_to_what_and_by_whom(book, dora):
    reservation = book("19:00").arrive(by=dora)
    change = reservation.changes.get(verb="arrive")
    assert (change.field, change.before, change.after, change.by) == ("state", "booked", "arrived", dora)
    assert (str(change.label), str(change.was), str(change.now)) == ("state", "Booked", "Arrived")


def test_a_verb_on_an_older_revision_is_refused_with_the_changes_since(book, dora, dave):
    reservation = book("19:00")
    seen = reservation.revision
    Reservation.objects.get(pk=reservation.pk).annotate(notes="Window", by=dora)
    with pytest.raises(Changed) as refused:
        reservation.arrive(by=dave, seen=seen)
    assert [(change.field, change.by) for change in refused.value.changes] == [("notes", dora)]
    assert facts(reservation)[0]["state"] == State.BOOKED


def test_a_verb_that_changes_nothing_leaves_no_history(book, tables):
    reservation = book("19:00")
    before = facts(reservation)
    reservation.move(tables("T1"))
    assert facts(reservation) == before


def test_slots_are_right_although_no_tracked_field_changes(book, evening, tables):
    reservation = book("19:00")
    evening("19:05")
    reservation.seat()
    evening("19:35")
    reservation.move(tables("T1"))
    assert_consistent(reservation)


# Hold, confirm, expire


def test_a_hold_lasts_seven_minutes_and_a_confirmed_one_for_good(bistro, hold, time_machine):
    held = hold("19:00")
    assert timedelta(0) < held.expires_at - timezone.now() <= HOLD == timedelta(minutes=7)
    held.confirm("Ada", "ada@example.org", notes="Window", allergies="Nuts")
    assert (held.state, held.expires_at, held.notes, held.allergies) == (State.BOOKED, None, "Window", "Nuts")
    time_machine.move_to(timezone.now() + timedelta(minutes=8))
    assert Reservation.objects.taking().filter(pk=held.pk).exists()


def test_the_same_key_gives_the_same_hold(bistro, slot):
    key = uuid4()
    first, second = (Reservation.objects.hold(bistro, slot("19:00"), 2, key) for _ in range(2))
    assert first == second
    assert Reservation.objects.count() == 1


def test_an_expired_hold_can_be_confirmed_while_nobody_has_taken_its_table(hold, time_machine):
    held = hold("19:00")
    time_machine.move_to(timezone.now() + HOLD + timedelta(seconds=1))
    assert held.confirm("Ada", "ada@example.org").state == State.BOOKED


def test_an_expired_hold_whose_table_somebody_took_is_gone(hold, time_machine):
    """It expires while it is confirmed. One party has the table, and the other gets a defined answer."""
    late = hold("19:00", 8)
    time_machine.move_to(timezone.now() + HOLD + timedelta(seconds=1))
    quick = hold("19:00", 8)
    with pytest.raises(Reservation.DoesNotExist):
        late.confirm("Ada", "ada@example.org")
    quick.confirm("Grace", "grace@example.org")
    assert [reservation.name for reservation in Reservation.objects.all()] == ["Grace"]


def test_an_expired_hold_is_refused_if_the_pacing_is_used_up(bistro, hold, time_machine):
    """Its table is free, but meanwhile others have booked all covers of that slot."""
    bistro.services.update(pace_online=4)
    late = hold("19:00", 2)
    time_machine.move_to(timezone.now() + HOLD + timedelta(seconds=1))
    hold("19:00", 4).confirm("Grace", "grace@example.org")
    with pytest.raises(Taken):
        late.confirm("Ada", "ada@example.org")
    assert late.state == State.HELD


@pytest.mark.parametrize(
    ("clock", "party", "why"), [("19:00", 0, Unfit), ("19:00", -1, Unfit), ("19:00", 9, Unfit), ("19:00", 10**9, Unfit), ("16:00", 2, Closed), ("21:15", 2, Closed)]
)  # fmt: skip
def test_an_impossible_hold_is_refused_with_nothing_changed(hold, clock, party, why):
    with pytest.raises(why):
        hold(clock, party)
    assert not Reservation.objects.exists() and not TableSlot.objects.exists()


def test_a_past_time_and_a_far_day_are_closed(bistro, slot, hold):
    for day in (date(2020, 1, 1), bistro.today() - timedelta(days=1), bistro.last_day() + timedelta(days=1)):
        with pytest.raises(Closed):
            Reservation.objects.hold(bistro, slot("19:00", day), 2, uuid4())


def test_the_policy_is_copied_onto_the_booking(bistro, book):
    bistro.policy, bistro.cancel_before = "Two hours", 120
    bistro.save()
    reservation = book("19:00")
    type(bistro).objects.update(policy="A day", cancel_before=1440)
    reservation = Reservation.objects.get(pk=reservation.pk)
    assert reservation.policy == "Two hours"
    assert reservation.cancel_until == reservation.starts_at - timedelta(hours=2)


# Changes


def test_a_change_to_another_day_is_published_for_both_days(bistro, book, slot, tables, tomorrow, assert_published):
    reservation = book("19:00")
    later = tomorrow + timedelta(days=1)
    time = Availability(bistro, later).find(slot("19:00", later), 4)
    with assert_published(f"restaurant-book-{bistro.pk}-{tomorrow}", f"restaurant-book-{bistro.pk}-{later}"):
        reservation.change(time, 4, tables("T3"))
    assert (reservation.day, reservation.party, reservation.sequence) == (later, 4, 1)
    assert_consistent(reservation)


def test_a_taken_table_is_refused_with_the_name_of_the_party_that_has_it(book, tables):
    book("19:00", name="Grace Hopper")
    second = book("19:00")
    before = facts(second)
    with pytest.raises(Taken, match=r"T1.*Grace Hopper.*19:00") as refused:
        second.move(tables("T1"))
    assert refused.value.by.name == "Grace Hopper"
    assert facts(second) == before and second.first == before[0]["first"]


def test_no_tables_are_refused(book):
    with pytest.raises(Unfit):
        book("19:00").move([])


def test_a_transfer_revokes_the_link(book):
    reservation = book("19:00")
    reservation.transfer("Grace", "grace@example.org")
    assert (reservation.name, reservation.email, reservation.link_version) == ("Grace", "grace@example.org", 2)


def test_split_and_join_keep_all_guests_and_all_tables(book, tables):
    reservation = book("19:00", 7)
    reservation.split(3, tables("T4"))
    other = Reservation.objects.exclude(pk=reservation.pk).get()
    assert (reservation.party, names(reservation)) == (4, ["T3"])
    assert (other.party, names(other), other.name, other.state) == (3, ["T4"], reservation.name, State.BOOKED)
    assert other.reference != reservation.reference
    for each in (reservation, other):
        assert_consistent(each)
    reservation.join(tables("T1", "T2"))
    assert names(reservation) == ["T1", "T2", "T3"]
    assert_consistent(reservation)
    with pytest.raises(Unfit):
        reservation.split(4, tables("T1"))
    with pytest.raises(Unfit):
        reservation.split(1, tables("T1", "T2", "T3"))


# The evening


def test_a_party_seated_late_has_its_whole_turn_time_if_no_party_follows(book, evening):
    reservation = book("19:00")
    evening("19:20")
    reservation.seat()
    assert reservation.ends_at == timezone.now() + timedelta(minutes=90)
    assert_consistent(reservation)
    assert not reservation.overruns


def test_a_table_is_kept_only_until_the_next_party_is_due(book, evening, tables):
    """However long the party that has it is expected to stay."""
    first, second = book("17:00"), book("18:30")
    second.move(tables("T1"))
    evening("17:10")
    first.seat().extend(45)
    assert first.overruns
    assert first.first + first.count == second.first
    for each in (first, second):
        assert_consistent(each)


def test_a_party_is_not_seated_at_a_table_that_another_has_not_left(book, evening, tables, bistro):
    """Although the time of the other party is over."""
    first, second = book("17:00", name="Grace"), book("18:30")
    second.move(tables("T1"))
    evening("17:00")
    first.seat()
    evening("18:40")
    with pytest.raises(Taken, match="Grace"):
        second.seat()
    second.seat(tables("T2"))
    with pytest.raises(Taken, match="Grace"):
        Reservation.objects.walk_in(bistro, 2, tables("T1"))
    first.finish()
    assert Reservation.objects.walk_in(bistro, 2, tables("T1")).state == State.SEATED


def test_an_early_party_is_seated_if_its_table_is_free_until_its_time(book, evening, tables):
    reservation, before = book("19:00"), book("17:00")
    before.move(tables("T1"))
    evening("18:10")
    with pytest.raises(Taken):
        reservation.seat()
    evening("18:35")
    reservation.seat()
    assert reservation.ends_at == timezone.now() + timedelta(minutes=90)
    assert_consistent(reservation)


def test_a_walk_in_has_its_table_until_the_next_party_is_due(bistro, book, evening, tables):
    due = book("18:30")
    evening("17:50")
    walk_in = Reservation.objects.walk_in(bistro, 2, tables("T1"))
    assert walk_in.channel == Use.WALK_IN and walk_in.seated_at == timezone.now()
    assert walk_in.first + walk_in.count == due.first
    assert walk_in.ends_at == timezone.now() + timedelta(minutes=90)
    assert_consistent(walk_in)
    assert walk_in.revision == 1


def test_a_course_shifts_the_time_at_which_the_table_is_expected_back(book, evening):
    reservation = book("19:00", 4)
    evening("19:00")
    reservation.seat().progress("dessert")
    assert reservation.ends_at == timezone.now() + timedelta(minutes=30)
    assert_consistent(reservation)


def test_no_show_is_refused_before_the_time_of_the_reservation(book, evening):
    reservation = book("19:00")
    evening("18:59")
    with pytest.raises(Unfit, match="19:00"):
        reservation.no_show()
    evening("19:00")
    assert reservation.no_show().state == State.NO_SHOW


# Undo


@pytest.mark.parametrize("steps", [["arrive"], ["seat"], ["arrive", "seat"], ["no_show"], ["cancel"], ["arrive", "no_show"], ["seat", "finish"]])  # fmt: skip
def test_undo_reverts_one_step_at_a_time(book, evening, steps, dora):
    reservation = book("19:00")
    evening("19:05")
    states = [reservation.state]
    for step in steps:
        getattr(reservation, step)(by=dora)
        states.append(reservation.state)
    for state in reversed(states[:-1]):
        reservation.undo()
        assert reservation.state == state
        assert_consistent(reservation)
    with pytest.raises(IllegalMove):
        reservation.undo()


def test_undo_is_refused_if_the_table_is_taken(book, evening, tables):
    reservation = book("19:00")
    evening("19:05")
    reservation.no_show()
    other = Reservation.objects.walk_in(reservation.restaurant, 2, tables("T1"))
    before = facts(reservation)
    with pytest.raises(Taken):
        reservation.undo()
    assert facts(reservation) == before and reservation.state == State.NO_SHOW
    other.finish()
    assert reservation.undo().state == State.BOOKED


def test_a_walk_in_has_nothing_to_undo(bistro, evening, tables):
    evening("19:00")
    with pytest.raises(IllegalMove):
        Reservation.objects.walk_in(bistro, 2, tables("T1")).undo()


# Staff


def test_staff_book_without_notice_but_within_the_pacing(bistro, slot, evening, dora):
    evening("18:55")
    booked = Reservation.objects.book(bistro, slot("18:45"), 2, name="Grace", by=dora)
    assert (booked.state, booked.channel) == (State.BOOKED, Use.IN_HOUSE)
    assert booked.changes.filter(verb="book", by=dora).exists()
    bistro.services.update(pace=2)
    with pytest.raises(Full):
        Reservation.objects.book(bistro, slot("18:45"), 2, name="Ada")


def test_a_closed_day_takes_no_new_reservations_and_keeps_the_others(bistro, book, hold, tomorrow, assert_published):
    reservation = book("19:00")
    with assert_published(f"restaurant-book-{bistro.pk}-{tomorrow}"):
        closure = bistro.close(tomorrow, reason="Private party")
    with pytest.raises(Closed):
        hold("20:00")
    assert reservation.arrive().state == State.ARRIVED
    bistro.reopen(closure)
    assert hold("20:00").state == State.HELD


def test_a_refusal_changes_nothing(book, tables, slot, bistro):
    book("19:00"), book("19:00", 4)
    before = list(TableSlot.objects.order_by("pk").values()), ReservationChange.objects.count()
    for refused in (
        lambda: Reservation.objects.book(bistro, slot("19:00"), 2, tables=tables("T1", "T2")),
        lambda: Reservation.objects.filter(party=4).get().join(tables("T1", "T2")),
        lambda: Reservation.objects.filter(party=2).get().move(tables("T2", "T3")),
    ):
        with pytest.raises(Refused):
            refused()
    assert (list(TableSlot.objects.order_by("pk").values()), ReservationChange.objects.count()) == before


@pytest.mark.parametrize("state", EXPECTED)
def test_a_party_that_is_still_expected_can_be_cancelled_and_leaves_no_table(in_state, state, dora):
    reservation = in_state(state)
    assert reservation.slots.exists()
    reservation.cancel(by=dora)
    assert (reservation.state, reservation.slots.exists()) == (State.CANCELLED, False)
