"""Who has flown a part of a booking: the desk pays back the rest, by the terms of the fare."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.seats.models import State, Status, TooLate, Unfit
from post.models import Message

DAY = 24 * 60


@pytest.fixture
def flights(make_inventory):
    """New York to San Francisco, and on to Boston."""
    return make_inventory(number="11", destination="SFO", minutes=300), make_inventory(
        number="12", origin="SFO", minutes=500
    )


@pytest.fixture
def desk(client, sally):
    client.force_login(sally)
    return client


@pytest.fixture
def half_way(fly, flights, time_machine):
    """The first flight has left with them."""

    def make(*names, family="standard", **options):
        booking = fly(*names, on=flights, family=family, **options)
        time_machine.move_to(timezone.now() + timedelta(minutes=301))
        booking.coupons().filter(segment__position=0).update(status=Status.BOARDED)
        flights[0].flight.depart()
        return booking

    return make


def back_of(booking, members=None):
    return booking.unused(members or booking.party_members(), timezone.now()).back.amount


def paid_for(booking, position):
    return sum(booking.lines.filter(segment__position=position).values_list("amount", flat=True))


def give_back(desk, coupon, accepted=None):
    path = f"/fly/desk/traveller/{coupon.pk}/give-back-unused/"
    booking = coupon.segment.booking
    booking.refresh_from_db()
    return desk.post(path, {"accepted": back_of(booking) if accepted is None else accepted, "seen": booking.revision})


def test_the_rest_comes_back_less_the_fee_of_the_fare(half_way, flights):
    booking = half_way("Ada Lovelace")
    paid, back = booking.charged, back_of(booking)
    assert back == max(0, paid_for(booking, 1) - booking.terms["refund_fee"])
    booking.give_back_unused([booking.party_members()[0].pk], back)
    assert booking.charged == paid - back and booking.state == State.CONFIRMED
    assert sum(booking.lines.filter(segment__position=0).values_list("refunded", flat=True)) == 0
    assert flights[1].ledger().sold == 0 and flights[0].ledger().sold == 1
    with pytest.raises(Unfit):
        booking.give_back_unused([booking.party_members()[0].pk], 0)


def test_a_fare_that_gives_nothing_back_gives_nothing_unless_the_flight_is_cancelled(half_way, flights):
    booking = half_way("Ada Lovelace", family="basic")
    assert back_of(booking) == 0
    flights[1].flight.cancel()
    assert back_of(booking) == paid_for(booking, 1) > 0


def test_nothing_is_flown_yet_or_somebody_is_on_board(fly, flights, half_way):
    with pytest.raises(Unfit, match="can be cancelled"):
        back_of(fly("Bob Stone", on=flights))
    booking = half_way("Ada Lovelace")
    booking.coupons().filter(segment__position=1).update(status=Status.BOARDED)
    with pytest.raises(TooLate):
        back_of(booking)


def test_an_infant_on_a_lap_goes_with_its_adult(half_way, flights):
    booking = half_way("Ada Lovelace", "Tim Lovelace", infants_lap=1, family="flex")
    ada = booking.party_members()[0]
    booking.give_back_unused([ada.pk], back_of(booking))
    assert set(booking.coupons().filter(segment__position=1).values_list("status", flat=True)) == {Status.VOID}
    assert flights[1].ledger().infants == 0


def test_an_agent_does_it_and_the_passenger_hears_of_it(desk, half_way, sally):
    booking = half_way("Ada Lovelace", family="flex")
    coupon = booking.coupons().get(segment__position=0)
    back = booking.unused(booking.party_members(), timezone.now()).back
    assert f"Pay back {back}" in desk.get(f"/fly/desk/traveller/{coupon.pk}/").text
    assert give_back(desk, coupon, back.amount + 1).status_code == 422
    booking.refresh_from_db()
    assert booking.charged == booking.total
    assert give_back(desk, coupon).status_code == 303
    booking.refresh_from_db()
    assert booking.total - booking.charged == back.amount
    assert booking.changes.filter(verb="give_back_unused").first().by == sally
    mail = Message.objects.latest("pk")
    assert mail.subject.startswith("Paid back") and str(back) in mail.body
    assert "Pay back what is not flown" not in desk.get(f"/fly/desk/traveller/{coupon.pk}/").text


def test_it_is_for_the_desk(client, half_way):
    coupon = half_way("Ada Lovelace").coupons().first()
    assert client.post(f"/fly/desk/traveller/{coupon.pk}/give-back-unused/", {"accepted": 0}).status_code == 302


def test_what_was_paid_back_is_not_flown_for_nothing_later(half_way, flights, make_inventory, time_machine):
    booking = half_way("Ada Lovelace", family="flex")
    booking.give_back_unused([booking.party_members()[0].pk], back_of(booking))
    flights[1].flight.cancel()
    one = make_inventory(number="21", origin="SFO", destination="LHR", minutes=600)
    two = make_inventory(number="22", origin="LHR", minutes=800)
    assert not booking.trouble().may_rebook
    with pytest.raises(TooLate):
        booking.rebook_onto([one.pk, two.pk], 1)
    assert one.ledger().sold == two.ledger().sold == 0


def test_who_was_taken_off_gets_no_ticket_when_the_others_are_rebooked_by_two_flights(fly, make_inventory, bob):
    direct = make_inventory(number="1", minutes=300)
    booking = fly("Ada Lovelace", "Bea Stone", on=[direct])
    booking.coupons().get(traveller__given="Bea").offload("unruly", by=bob)
    out = make_inventory(number="11", destination="SFO", minutes=400)
    on = make_inventory(number="12", origin="SFO", minutes=600)
    booking.rebook_onto([out.pk, on.pk], by=bob)
    assert (out.ledger().sold, on.ledger().sold) == (1, 1)
