"""A booking behind its signed link: what its page says before and after it is paid, and who may not see it."""

import pytest

from bookings.seats.models import Booking, State
from bookings.seats.passengers.trip.regions import MyTrips, Trip
from live.regions import find


def page_of(client, booking, path="", status=200):
    answer = client.get(f"/fly/trips/{booking.token}/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def test_an_unpaid_booking_shows_two_deadlines_and_its_terms(client, book_flight):
    booking = book_flight("Ada Lovelace", later=True)
    page = page_of(client, booking)
    assert "Price until" in page and "Pay until" in page and booking.price_until != booking.pay_until
    assert booking.reference in page and "Ada Lovelace" in page and str(booking.price) in page
    assert "Cancel free of charge until" in page


def test_a_paid_booking_shows_tickets_seats_and_lines_as_they_were_charged(client, fly):
    booking = fly("Ada Lovelace", "Tom Lovelace", infants_lap=1)
    page = page_of(client, booking)
    seat = booking.coupons().exclude(assignment=None).get().seat
    assert f"Seat {seat}" in page and "On a lap" in page
    assert all(traveller.ticket in page for traveller in booking.travellers.all())
    assert "Price until" not in page
    assert str(booking.price) in page and "September 11 security fee" in page


def test_the_page_is_the_fragment(client, fly):
    booking = fly()
    fragment = client.get(f"/live/fly/trip/{booking.token}/").content.decode()
    assert fragment == find(f"fly/trip/{booking.token}/").render().html
    assert booking.reference in fragment


def test_a_hold_an_altered_link_and_a_revoked_one_are_not_found(client, fly, hold_seats):
    booking, held = fly(), hold_seats()
    assert client.get(f"/fly/trips/{held.token}/")["Location"] == f"/fly/hold/{held.token}/"
    page_of(client, held, "cancel/", status=404)
    assert client.get(f"/fly/trips/{booking.token}x/").status_code == 404
    former = booking.token
    answer = client.post(f"/fly/trips/{former}/revoke/")
    booking.refresh_from_db()
    assert answer.status_code == 303 and answer["Location"] == booking.get_absolute_url()
    assert booking.token != former and client.get(f"/fly/trips/{former}/").status_code == 404
    assert not Trip(token=former).allows(None) and Trip(token=booking.token).allows(None)


def test_its_owner_sees_who_opened_it(client, fly):
    booking = fly()
    page_of(client, booking)
    assert "Who opened this link" in page_of(client, booking)


def test_an_account_lists_its_bookings_and_nobody_elses(client, fly, make_inventory, alice, charlie):
    mine = fly("Ada Lovelace", user=alice)
    theirs = fly("Bea Stone", on=[make_inventory(number="2")], user=charlie)
    client.force_login(alice)
    page = client.get("/fly/trips/").content.decode()
    assert mine.reference in page and theirs.reference not in page
    assert not MyTrips(user=charlie.pk).allows(alice)
    client.logout()
    assert client.get("/fly/trips/").status_code == 302


def test_the_list_says_which_flight_is_cancelled_and_hears_of_it(client, fly, inventory, alice, assert_published):
    fly("Ada Lovelace", user=alice)
    client.force_login(alice)
    assert "Confirmed" in client.get("/fly/trips/").content.decode()
    region = MyTrips(user=alice.pk)
    with assert_published(f"flight-{inventory.flight_id}"):
        inventory.flight.cancel()
    assert f"flight-{inventory.flight_id}" in region.topics()
    page = client.get("/fly/trips/").content.decode()
    assert "is cancelled" in page and "Confirmed" not in page


def test_basic_offers_no_change_and_no_choice_of_seats(client, fly, make_inventory):
    soon = [make_inventory(number="3", minutes=3 * 24 * 60)]  # no week ahead: the terms of the fare count at once
    basic, flex = (page_of(client, fly(family=family, on=soon)) for family in ("basic", "flex"))
    assert "Change flights" in flex and "Choose your seats" in flex
    assert "Change flights" not in basic and "Choose your seats" not in basic and "Show your seats" in basic


def test_cancelling_shows_first_what_comes_back_line_by_line(client, fly):
    booking = fly("Ada Lovelace", "Bea Lovelace")
    page = page_of(client, booking, "cancel/")
    assert f"get {booking.price} back" in page and "whatever your fare" in page
    assert Booking.objects.get(pk=booking.pk).state == State.CONFIRMED
    answer = client.post(f"/fly/trips/{booking.token}/cancel/", {"accepted": booking.total})
    assert answer.status_code == 303
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED and booking.charged == 0
    page = page_of(client, booking)
    assert "is cancelled" in page and "Paid back of it" in page


def test_one_of_two_is_cancelled_and_the_other_flies(client, fly):
    booking = fly("Ada Lovelace", "Bea Lovelace")
    ada, bea = booking.party_members()
    page = page_of(client, booking, f"cancel/?traveller={bea.pk}")
    half = booking.settlement([bea], booking.booked_at).back
    assert f"get {half} back" in page
    client.post(f"/fly/trips/{booking.token}/cancel/", {"traveller": bea.pk, "accepted": half.amount})
    booking.refresh_from_db()
    assert booking.party_members() == [ada] and booking.state == State.CONFIRMED
    assert "<s>Bea Lovelace</s>" in page_of(client, booking)


@pytest.mark.parametrize("accepted", ["", "1", "x"])
def test_without_the_amount_that_was_shown_nothing_is_cancelled(client, fly, accepted):
    booking = fly()
    answer = client.post(f"/fly/trips/{booking.token}/cancel/", {"accepted": accepted})
    assert answer.status_code in (409, 422)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_another_flight_is_chosen_at_the_price_that_its_button_names(client, fly, make_inventory, inventory):
    booking = fly("Ada Lovelace", family="flex")
    other = make_inventory(number="2", minutes=10 * 24 * 60 + 60)
    page = page_of(client, booking, "change/")
    assert f'value="{other.pk}:0"' in page and "for the same price" in page
    answer = client.post(f"/fly/trips/{booking.token}/change/", {"choice": f"{other.pk}:0"})
    assert answer.status_code == 303, answer.content.decode()
    assert (inventory.ledger().sold, other.ledger().sold) == (0, 1)


@pytest.mark.parametrize("choice", ["", "1", "999999:0", "x:0", "1-2-3:0"])
def test_what_is_not_offered_can_not_be_chosen(client, fly, choice):
    booking = fly(family="flex")
    answer = client.post(f"/fly/trips/{booking.token}/change/", {"choice": choice})
    assert answer.status_code == 422


def test_an_old_price_is_told_beside_the_new_one(client, fly, make_inventory):
    booking = fly(family="flex")
    other = make_inventory(number="2", minutes=10 * 24 * 60 + 60)
    answer = client.post(f"/fly/trips/{booking.token}/change/", {"choice": f"{other.pk}:-500"})
    assert answer.status_code == 409 and "Nothing is changed yet" in answer.content.decode()


@pytest.mark.parametrize("path", ["rebook", "keep", "revoke"])
def test_what_changes_something_is_a_post(client, fly, path):
    assert client.get(f"/fly/trips/{fly().token}/{path}/").status_code == 405
