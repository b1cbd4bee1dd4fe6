"""A traveller at the desk: another seat, a swap, and off the flight."""

import pytest

from bookings.seats.models import Coupon, NotTogether, Status, Unfit
from bookings.seats.models.staff_verbs import swap

HTMX = {"HX-Request": "true"}


def coupons(booking):
    related = ("traveller", "assignment", "segment__booking", "segment__inventory")
    found = Coupon.objects.filter(segment__booking=booking).select_related(*related)
    return list(found.order_by("traveller__position"))


def seat(coupon):
    return Coupon.objects.get(pk=coupon.pk).seat


@pytest.fixture
def desk(client, sally):
    client.force_login(sally)
    return client


def move(desk, coupon, to, seen=None, **more):
    seen = coupon.segment.booking.revision if seen is None else seen
    path = f"/fly/desk/traveller/{coupon.pk}/move/"
    return desk.post(path, {"seat": to, "seen": seen, **more}, headers=HTMX)


def test_an_agent_gives_another_seat(desk, fly, sally):
    booking = fly("Ada Lovelace")
    (ada,) = coupons(booking)
    answer = move(desk, ada, "20a")
    assert answer.status_code == 200 and "Ada Lovelace has seat 20A now" in answer.content.decode()
    assert seat(ada) == "20A"
    assert booking.changes.get(verb="move").by == sally


def test_who_looked_before_a_change_is_told(desk, fly):
    booking = fly("Ada Lovelace")
    (ada,) = coupons(booking)
    seen = booking.revision
    booking.move({ada.pk: "20A"})
    answer = move(desk, ada, "21A", seen)
    assert answer.status_code == 409 and "Since you looked" in answer.content.decode()
    assert seat(ada) == "20A"


def test_a_taken_seat_offers_a_swap_and_others_like_it(desk, fly):
    (ada,), (bob,) = coupons(fly("Ada Lovelace")), coupons(fly("Bob Stone"))
    answer = move(desk, ada, bob.seat)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Swap with Bob Stone" in html and 'name="seat" value="' in html
    before = ada.seat, bob.seat
    assert move(desk, ada, bob.seat, swap="on").status_code == 200
    assert (seat(bob), seat(ada)) == before


def test_a_swap_is_in_both_histories_and_told_on_both_pages(fly, sally, assert_published):
    first, second = fly("Ada Lovelace"), fly("Bob Stone")
    (ada,), (bob,) = coupons(first), coupons(second)
    with assert_published(f"flight-booking-{first.pk}", f"flight-booking-{second.pk}"):
        swap(ada, bob, by=sally)
    assert first.changes.get(verb="swap").after == bob.seat
    assert second.changes.get(verb="swap").after == ada.seat


def test_two_of_one_booking_swap_and_keep_what_was_sold(fly):
    booking = fly("Ada Lovelace", "Bob Lovelace")
    ada, bob = coupons(booking)
    swap(ada, bob)
    assert (seat(ada), seat(bob)) == (bob.seat, ada.seat)
    assert booking.assignments().filter(held_until=None).count() == 2


def test_a_child_is_not_swapped_away_from_its_adult(fly):
    family, single = coupons(fly("Ada Lovelace", "Mia Lovelace", children=1)), fly("Bob Stone")
    (bob,) = coupons(single)
    single.move({bob.pk: "20A"})
    (bob,) = coupons(single)
    with pytest.raises(NotTogether, match="Mia"):
        swap(family[1], bob)
    assert seat(bob) == "20A" and seat(family[1]) == family[1].seat


def test_nobody_swaps_with_somebody_on_another_flight(make_inventory, fly):
    other = make_inventory(number="77", minutes=10 * 24 * 60 + 90)
    (ada,), (bob,) = coupons(fly("Ada Lovelace")), coupons(fly("Bob Stone", on=[other]))
    with pytest.raises(Unfit):
        swap(ada, bob)
    with pytest.raises(Unfit):
        swap(ada, ada)


def test_off_the_flight_with_the_infant_and_a_reason(desk, inventory, fly, sally):
    ada, baby = coupons(fly("Ada Lovelace", "Tim Lovelace", infants_lap=1))
    fields = {"reason": "no passport", "seen": ada.revision}
    answer = desk.post(f"/fly/desk/traveller/{ada.pk}/offload/", fields, headers=HTMX)
    assert answer.status_code == 200 and "no passport" in answer.content.decode()
    for coupon in (ada, baby):
        coupon.refresh_from_db()
        assert (coupon.status, coupon.reason) == (Status.OFFLOADED, "no passport")
    assert not inventory.assignments.exists() and inventory.ledger().infants == 0
    assert {change.by for change in ada.changes.filter(verb="offload")} == {sally}


def test_a_reason_is_needed(desk, fly):
    (ada,) = coupons(fly("Ada Lovelace"))
    answer = desk.post(f"/fly/desk/traveller/{ada.pk}/offload/", {"reason": "", "seen": ada.revision}, headers=HTMX)
    assert answer.status_code == 422
    ada.refresh_from_db()
    assert ada.status == Status.ISSUED


def test_a_traveller_without_a_seat_gets_one(desk, inventory, fly):
    (ada,) = coupons(fly("Ada Lovelace"))
    ada.assignment.delete()  # as after a change of aircraft
    ada.segment.booking.refresh_from_db()
    assert move(desk, ada, "20A").status_code == 200 and seat(ada) == "20A"
