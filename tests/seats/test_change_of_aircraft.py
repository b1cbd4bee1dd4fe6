"""Another aircraft: who keeps the seat, who gets one like it, and who has none left, before it is done and after."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.seats.desk.aircraft import plan_change
from bookings.seats.desk.aircraft_views import plan_for
from bookings.seats.desk.parties import PartyOn, Person
from bookings.seats.layouts import LAYOUTS, layout
from bookings.seats.layouts.choosing import apart
from bookings.seats.models import Assignment, Coupon, Inventory, State
from live.regions import find

E190, SMALL = layout("e190"), layout("erj-145")


def party(number, *seats, children=(), cabin="economy", **person):
    people = tuple(
        Person(number * 10 + place, f"{number}-{place}", "child" if place in children else "adult", seat, **person)
        for place, seat in enumerate(seats)
    )
    return PartyOn(number, f"R{number}", cabin, people, booked=f"{number:04}")


def seats(plan):
    return [move.seat for move in plan.moves]


def test_a_seat_that_is_there_is_kept():
    plan = plan_change(E190, SMALL, [party(1, "3A")])
    assert seats(plan) == ["3A"] and plan.kept and not plan.moved


def test_one_that_is_gone_becomes_one_like_it():
    plan = plan_change(E190, SMALL, [party(1, "25F"), party(2, "25C")])
    window, aisle = (SMALL.seats[seat] for seat in seats(plan))
    assert window.is_window and aisle.is_aisle


def test_a_family_goes_together_when_one_of_it_loses_the_seat():
    plan = plan_change(E190, SMALL, [party(1, "3D", "3F", children=[1]), party(2, "25A", "25C", children=[1])])
    for place in (0, 2):
        adult, child = seats(plan)[place : place + 2]
        assert child in SMALL.neighbours(adult)


def test_nobody_moves_into_an_exit_row_who_may_not_sit_there():
    exits = [seat.code for seat in SMALL.seats.values() if "1B" in seat.codes]
    others = sorted(set(SMALL.seats) - set(exits))
    taken = [party(number, seat) for number, seat in enumerate(others, 2)]
    plan = plan_change(SMALL, SMALL, [party(1, "", needs_help=True), *taken])
    assert [move.person.coupon for move in plan.unseated] == [10]
    assert not plan_change(SMALL, SMALL, [party(1, ""), *taken]).unseated


def test_whoever_has_no_seat_left_is_named_and_families_are_not_split():
    full = [party(number, seat) for number, seat in enumerate(sorted(SMALL.seats)[:-1], 2)]
    plan = plan_change(E190, SMALL, [party(1, "25A", "25C", children=[1]), *full])
    assert [move.person.name for move in plan.unseated] == ["1-0", "1-1"]


def test_blocked_seats_stay_blocked_and_are_not_given_away():
    blocked = sorted(set(SMALL.seats) - {"3A"})
    plan = plan_change(E190, SMALL, [party(1, "3C"), party(2, "3D")], blocked=[*blocked[:-1], "25F"])
    assert plan.blocked_gone == ("25F",) and "3A" not in plan.blocked
    assert set(seats(plan)) <= {"3A", blocked[-1], ""}


def test_seats_sold_elsewhere_are_counted_too():
    sold = [(seat, "economy") for seat in E190.seats]
    plan = plan_change(E190, SMALL, [], elsewhere=sold)
    assert plan.elsewhere_unseated == E190.capacity() - SMALL.capacity()


def test_nobody_changes_the_cabin():
    two = layout("e190-two-cabins")
    front = two.in_cabin(two.cabins[0])[0].code
    plan = plan_change(two, E190, [party(1, front, cabin=two.cabins[0])])
    assert plan.unseated


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_plan_keeps_the_rules(data):
    new = layout(data.draw(st.sampled_from(sorted(LAYOUTS))))
    codes = data.draw(st.lists(st.sampled_from(sorted(E190.seats)), unique=True, max_size=60))
    parties, number = [], 1
    while codes:
        size = min(data.draw(st.integers(1, 4)), len(codes))
        children = [size - 1] if size > 1 and data.draw(st.booleans()) else []
        parties.append(party(number, *codes[:size], children=children))
        codes, number = codes[size:], number + 1
    plan = plan_change(E190, new, parties)
    given_seats = [seat for seat in seats(plan) if seat]
    assert len(given_seats) == len(set(given_seats)) and set(given_seats) <= set(new.seats)
    assert len(plan.moves) == sum(len(each.people) for each in parties)
    for each in parties:
        theirs = [plan.seats[person.coupon] for person in each.people]
        if each.children:
            assert all(theirs) or not any(theirs)
            assert not any(theirs) or not apart(new, theirs, each.children)
        assert all(new.seats[seat].cabin == "economy" for seat in theirs if seat)
    single = [each for each in parties if len(each.people) == 1]
    if any(not plan.seats[each.people[0].coupon] for each in single):
        assert len(given_seats) >= new.capacity("economy") - sum(seat.is_exit for seat in new.seats.values())


# On the desk


@pytest.fixture
def desk(client, sally):
    client.force_login(sally)
    return client


def fields(desk, inventory, slug="erj-145"):
    html = desk.get(f"/fly/desk/{inventory.pk}/aircraft/", {"layout": slug}).content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', html) for name in ("seen", "layout", "agreed")}
    return {name: match[1] for name, match in found.items() if match}


def change(desk, inventory, data):
    return desk.post(f"/fly/desk/{inventory.pk}/aircraft/", data)


def seat_of(booking):
    return list(
        Coupon.objects.filter(segment__booking=booking, assignment__isnull=False)
        .order_by("traveller__position")
        .values_list("assignment__seat", flat=True)
    )


def test_it_is_shown_before_it_is_done(desk, inventory, fly):
    booking = fly("Ada Lovelace")
    (coupon,) = booking.coupons()
    booking.move({coupon.pk: "25F"})
    html = desk.get(f"/fly/desk/{inventory.pk}/aircraft/", {"layout": "erj-145"}).content.decode()
    assert "Nothing is changed yet" in html and "Ada Lovelace" in html and "25F" in html
    inventory.refresh_from_db()
    assert inventory.layout == "e190" and seat_of(booking) == ["25F"]


def test_it_is_done_as_it_was_shown_with_a_history_in_each_booking(desk, inventory, fly, sally, assert_published):
    ada, bob = fly("Ada Lovelace"), fly("Bob Stone")
    (coupon,) = ada.coupons()
    ada.move({coupon.pk: "25F"})
    data = fields(desk, inventory)
    (planned,) = [move.seat for move in plan_for(inventory, "erj-145").moved]
    with assert_published(f"flight-booking-{ada.pk}", f"seats-{inventory.pk}"):
        assert change(desk, inventory, data).status_code == 303
    inventory.refresh_from_db()
    assert inventory.layout == "erj-145" and seat_of(ada) == [planned] and len(seat_of(bob)) == 1
    moved = ada.changes.get(verb="change_aircraft", field="segments")
    assert (moved.before, moved.after, moved.by) == ("25F", planned, sally)
    assert not bob.changes.filter(verb="change_aircraft").exists()  # the seat is the same
    ledger = inventory.ledger()
    assert (ledger.sold, ledger.seats) == (2, SMALL.capacity())
    assert inventory.assignments.values_list("held_until", "rank").distinct().count() == 1


def test_what_changed_after_it_was_shown_is_shown_again_and_nothing_is_done(desk, inventory, fly, hold_seats):
    fly("Ada Lovelace")
    data = fields(desk, inventory)
    hold_seats()
    answer = change(desk, inventory, data)
    assert answer.status_code == 422 and "since you looked" in answer.content.decode()
    inventory.refresh_from_db()
    assert inventory.layout == "e190"


def test_what_another_agent_changed_is_told(desk, inventory):
    data = fields(desk, inventory)
    inventory.block(["25F"], "repair")
    answer = change(desk, inventory, data)
    assert answer.status_code == 409 and "25F (repair)" in answer.content.decode()


def test_too_small_leaves_people_without_a_seat_as_a_task(desk, inventory, make_inventory, fly):
    flight = make_inventory(layout="e190", number="77", minutes=10 * 24 * 60 + 90)
    Assignment.objects.bulk_create(
        Assignment(inventory=flight, seat=seat, cabin="economy", rank=0) for seat in SMALL.seats if seat != "3A"
    )
    ada = fly("Ada Lovelace", on=[flight])
    bob = fly("Bob Stone", on=[flight])
    change(desk, flight, fields(desk, flight))
    flight.refresh_from_db()
    (left,) = [booking for booking in (ada, bob) if not seat_of(booking)]
    left.refresh_from_db()
    assert left.state == State.CONFIRMED
    html = find(f"sales-flight/{flight.pk}/").render().html
    assert "1 passenger has no seat" in html and left.travellers.get().name in html
    ledger = flight.ledger()
    assert ledger.free == 0 and ledger.sold == SMALL.capacity()


def test_a_hold_without_a_seat_left_is_released(desk, inventory, hold_seats):
    hold = hold_seats(adults=1)
    (coupon,) = hold.coupons()
    hold.move({coupon.pk: "25F"})
    Assignment.objects.bulk_create(Assignment(inventory=inventory, seat=seat, cabin="economy") for seat in SMALL.seats)
    html = desk.get(f"/fly/desk/{inventory.pk}/aircraft/", {"layout": "erj-145"}).content.decode()
    assert "a hold: it will be released" in html
    change(desk, inventory, fields(desk, inventory))
    hold.refresh_from_db()
    assert hold.state == State.CANCELLED


def test_a_flight_that_has_left_keeps_its_aircraft(desk, inventory, bob):
    data = fields(desk, inventory)
    inventory.flight.cancel(by=bob)
    assert change(desk, inventory, data).status_code == 422
    assert Inventory.objects.get().layout == "e190"


def test_nonsense_is_no_aircraft(desk, inventory):
    assert "agreed" not in fields(desk, inventory, "zeppelin")
    assert change(desk, inventory, {"layout": "zeppelin", "agreed": "x", "seen": 0}).status_code == 422
