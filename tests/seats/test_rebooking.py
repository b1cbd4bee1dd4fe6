"""The plan of who goes where after a cancellation: nobody twice, no flight beyond its seats, families side by side."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.seats.desk.parties import PartyOn, Person
from bookings.seats.desk.rebooking import Need, Option, plan_rebooking
from bookings.seats.layouts import layout
from bookings.seats.layouts.choosing import apart

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLAN = layout("a320-one-cabin")
E190 = layout("e190")


def option(*flights, hours=1):
    return Option(flights, NOON + timedelta(hours=hours), NOON + timedelta(hours=hours + 1))


def party(booking, adults=1, children=0, **more):
    kinds = ["adult"] * adults + ["child"] * children
    people = tuple(Person(booking * 10 + place, f"{booking}-{place}", kind) for place, kind in enumerate(kinds))
    return PartyOn(booking, f"R{booking}", "economy", people, booked=f"{booking:04}", **more)


def need(booking, *options, adults=1, children=0, has=(), **more):
    return Need(party(booking, adults, children, **more), options, frozenset(has))


def plan(needs, **free):
    """``one="1A 1C"``: the free seats of the flights 1 and 2."""
    numbers = {"one": 1, "two": 2}
    seats = {numbers[name]: set(text.split()) for name, text in free.items()}
    return plan_rebooking(needs, dict.fromkeys(seats, PLAN), seats)


def where(found):
    return {place.need.party.booking: place.option.flights for place in found.places}


EARLY, LATE = option(1), option(2, hours=5)


def test_the_earliest_arrival_with_room():
    found = plan([need(1, LATE, EARLY), need(2, LATE, EARLY)], one="3A", two="3A 3B")
    assert where(found) == {1: (1,), 2: (2,)} and not found.left


def test_who_needs_care_is_placed_first():
    alone = need(1, EARLY)
    others = [
        need(5, EARLY, adults=0, children=1),
        need(4, EARLY, is_connecting=True),
        need(3, EARLY, adults=1, children=1),
        need(2, EARLY, is_paid=False),
    ]
    helped = need(6, EARLY)
    helped = helped._replace(party=helped.party._replace(people=(helped.party.people[0]._replace(needs_help=True),)))
    found = plan([alone, *others, helped], one="")
    assert [each.party.booking for each in found.left] == [5, 6, 4, 3, 1, 2]


def test_a_party_is_never_split():
    found = plan([need(1, EARLY, LATE, adults=3)], one="3A 3B", two="3A 3B 3C")
    assert where(found) == {1: (2,)}


def test_a_child_is_never_away_from_its_adult():
    found = plan([need(1, EARLY, LATE, adults=1, children=1)], one="3A 4C", two="3A 3B")
    assert where(found) == {1: (2,)}


def test_somebody_gives_way_so_that_nobody_is_left():
    found = plan([need(1, EARLY, LATE), need(2, EARLY)], one="3A", two="3A")
    assert where(found) == {1: (2,), 2: (1,)}


def test_large_parties_are_not_left_over_for_single_travellers():
    needs = [need(1, EARLY), need(2, EARLY), need(3, EARLY, adults=3)]
    assert plan(needs, one="3A 3B 3C").people_left == 2


def test_a_connection_that_is_kept_needs_no_new_seat():
    found = plan([need(1, option(1, 7), has=[7])], one="3A")
    (place,) = found.places
    assert place.seats == {1: ("3A",)}


def test_another_cabin_is_no_room():
    two = layout("e190-two-cabins")
    front = {seat.code for seat in two.in_cabin(two.cabins[0])}
    assert plan_rebooking([need(1, EARLY)], {1: two}, {1: front}).left


FREE = st.sets(st.sampled_from(sorted(E190.seats)), max_size=30)
FLIGHTS = [option(number, hours=number) for number in (1, 2, 3)] + [option(1, 3, hours=4)]


@st.composite
def waves(draw):
    sizes = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=12))
    return [
        need(
            number,
            *draw(st.lists(st.sampled_from(FLIGHTS), unique=True, max_size=4)),
            adults=adults,
            children=children,
            is_connecting=draw(st.booleans()),
        )
        for number, (adults, children) in enumerate(sizes, 1)
    ]


@settings(max_examples=150, deadline=None)
@given(waves(), st.fixed_dictionaries(dict.fromkeys((1, 2, 3), FREE)))
def test_any_plan_keeps_the_rules(needs, free):
    found = plan_rebooking(needs, dict.fromkeys(free, E190), free)
    placed = [place.need.party.booking for place in found.places]
    left = [each.party.booking for each in found.left]
    assert sorted(placed + left) == [each.party.booking for each in needs]  # everybody once
    taken = Counter((key, seat) for place in found.places for key, seats in place.seats.items() for seat in seats)
    assert all(count == 1 and seat in free[key] for (key, seat), count in taken.items())
    for place in found.places:
        people = place.need.party.people
        assert place.option in place.need.options and set(place.seats) == set(place.option.flights)
        for seats in place.seats.values():
            assert len(seats) == len(people) and not apart(E190, seats, place.need.party.children)
            exits = [seat for seat in seats if E190.seats[seat].is_exit]
            assert not (exits and place.need.party.is_family)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 3), max_size=8), st.integers(0, 12))
def test_no_party_is_left_that_would_fit(sizes, room):
    """With one flight and adults only, fewer seats stay free than the smallest party left over has people."""
    free = {1: set(sorted(E190.seats)[:room])}
    needs = [need(number, EARLY, adults=size) for number, size in enumerate(sizes, 1)]
    found = plan_rebooking(needs, {1: E190}, free)
    assert all(room - found.people_placed < each.people for each in found.left)


def test_a_full_aircraft_is_planned():
    plans = {key: layout("a320") for key in range(1, 9)}
    free = {key: set(plan.seats) for key, plan in plans.items()}
    options = [option(key, hours=key) for key in plans]
    needs = [need(number, *options, adults=1 + number % 2, children=number % 3 == 0) for number in range(180)]
    assert not plan_rebooking(needs, plans, free).left
