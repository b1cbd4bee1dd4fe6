"""Check-in and boarding passes as passengers see them, behind the link of their booking."""

from datetime import timedelta

import pytest
import zxingcpp
from django.utils import timezone

from bookings.seats.models import Coupon, Status
from bookings.seats.models.flying import check_in_closes, check_in_opens
from bookings.seats.passengers.checkin_regions import BoardingPass, CheckIn
from bookings.seats.passes.bcbp import decode
from links.models import Opening
from live.regions import find
from tests.html import one_line
from tests.seats.test_bcbp_codes import drawn

HOURS = 60


@pytest.fixture
def soon(make_inventory):
    return make_inventory(minutes=4 * HOURS, gate="B22")


@pytest.fixture
def booking(soon, fly):
    return fly("Ada Lovelace", "Grace Hopper", on=[soon])


def tickets(booking):
    return list(Coupon.objects.filter(segment__booking=booking).order_by("segment__position", "traveller__position"))


def check_in(client, booking, *coupons, agrees=()):
    fields = {"coupon": [one.pk for one in coupons], "agrees": [one.pk for one in agrees]}
    return client.post(f"/fly/check-in/{booking.token}/", fields)


def pass_page(client, booking, coupon):
    return client.get(f"/fly/passes/{booking.token}/{coupon.pk}/")


def test_a_traveller_checks_in_and_gets_a_pass(client, booking):
    page = client.get(f"/fly/check-in/{booking.token}/").content.decode()
    assert "may-check-in" in page and "Ada Lovelace" in page and "B6 1010" in page
    ada, grace = tickets(booking)
    answer = check_in(client, booking, ada, grace)
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "2 boarding passes are ready." in page and page.count("Boarding pass<") == 2 and "Who checks in?" not in page
    assert [one.sequence for one in tickets(booking)] == [1, 2]


def test_what_is_not_paid_is_paid_first(client, soon, make_inventory, book_flight, fly):
    unpaid, changed = book_flight("Bea Stone", on=[soon]), fly("Cora Stone", on=[soon])
    later, now = make_inventory(number="7", minutes=5 * HOURS), timezone.now()
    owed = changed.price_on([later], now).quote.total.amount + changed.change_fee(now) - changed.worth()
    changed.change_to([later.pk], owed)
    for booking in (unpaid, changed):
        page = client.get(f"/fly/check-in/{booking.token}/").content.decode()
        assert f"Pay {booking.amount_due()}" in page and f"/fly/pay/{booking.token}/" in page
        assert "may-check-in" not in page and "Who checks in?" not in page
    changed.settle_change()
    page = client.get(f"/fly/check-in/{changed.token}/").content.decode()
    assert "may-check-in" in page and "Pay $" not in page


def test_the_code_of_the_page_is_the_pass(client, booking):
    ada, _grace = tickets(booking)
    ada.check_in()
    page = pass_page(client, booking, ada).content.decode()
    (read,) = zxingcpp.read_barcodes(drawn(page[page.index('<svg class="aztec"') :]))
    assert decode(read.text) == [ada.boarding_pass()]
    text = one_line(page)
    assert "Ada Lovelace" in text and ada.seat in text and "B22" in text and "LOVELACE/ADA" in text
    assert "Check-in sequence" in text and "0001" in text and "group" not in text.lower()


def test_the_pass_page_is_for_the_phone_and_for_nobody_else(client, booking, fly, soon):
    ada, _grace = tickets(booking)
    ada.check_in()
    other = fly("Alan Turing", on=[soon])
    assert pass_page(client, other, ada).status_code == 404
    assert client.get(f"/fly/passes/{booking.token}x/{ada.pk}/").status_code == 404
    assert client.get(f"/live/boarding-pass/{other.token}/{ada.pk}/").status_code == 404
    answer = pass_page(client, booking, ada)
    assert answer["Airside-Pass"] and "no-store" in answer["Cache-Control"]


def test_the_worker_is_not_an_opening_of_the_link(client, booking):
    ada, _grace = tickets(booking)
    ada.check_in()
    pass_page(client, booking, ada)
    client.get(f"/fly/passes/{booking.token}/{ada.pk}/", headers={"Airside-Keep": "yes"})
    assert list(Opening.objects.values_list("count", flat=True)) == [1]


def test_the_worker_has_the_scope_of_passes(client, db):
    answer = client.get("/fly/passes/worker.js")
    assert answer["Content-Type"] == "text/javascript" and "no-store" in answer["Cache-Control"]
    assert "Service-Worker-Allowed" not in answer and 'const MARK = "Airside-Pass"' in answer.content.decode()


def test_a_pass_says_why_it_is_not_valid(client, soon, booking):
    ada, grace = tickets(booking)
    page = pass_page(client, booking, ada).content.decode()
    assert "You are not checked in" in page and "<svg class" not in page
    ada.check_in().offload()
    grace.check_in()
    assert "You were taken off this flight" in pass_page(client, booking, ada).content.decode()
    booking.cancel()
    page = pass_page(client, booking, grace).content.decode()
    assert "This ticket was cancelled" in page and "<svg class" not in page


def test_a_cancelled_flight_has_no_passes(client, soon, booking):
    ada, _grace = tickets(booking)
    ada.check_in()
    soon.flight.cancel()
    page = pass_page(client, booking, ada).content.decode()
    assert "B6 1010 is cancelled" in page and "<svg class" not in page


def test_a_seat_that_moved_is_said_and_the_code_is_the_new_one(client, soon, booking):
    ada, _grace = tickets(booking)
    seat = ada.check_in().seat
    free = sorted(soon.free("economy"))[0]
    booking.move({ada.pk: free})
    page = one_line(pass_page(client, booking, ada).content.decode())
    assert f"Your seat is now {free}." in page and f"with seat {seat} is not valid any more" in page
    (read,) = zxingcpp.read_barcodes(drawn(page[page.index('<svg class="aztec"') :]))
    assert decode(read.text)[0].seat == free


def test_the_gate_and_the_boarding_time_are_live(soon, booking, assert_published):
    ada, _grace = tickets(booking)
    ada.check_in()
    region = BoardingPass(token=booking.token, pk=ada.pk)
    before = region.render().version
    soon.flight.assign_gate("C4")
    soon.flight.delay(soon.flight.off_block_scheduled + timedelta(minutes=40))
    assert f"flight-{soon.flight.pk}" in region.topics() and f"flight-booking-{booking.pk}" in region.topics()
    after = region.render()
    boards = soon.flight.off_block_scheduled + timedelta(minutes=10)
    assert after.version != before and "C4" in after.html and "<s>B22</s>" in after.html
    assert f"<time>{boards.astimezone(soon.flight.origin.tz):%H:%M}</time>" in after.html


def test_an_infant_has_a_pass_of_its_own(client, soon, fly):
    booking = fly("Ada Lovelace", "Mia Lovelace", infants_lap=1, on=[soon])
    adult, infant = tickets(booking)
    assert check_in(client, booking, adult, infant).status_code == 303
    page = pass_page(client, booking, infant).content.decode()
    (read,) = zxingcpp.read_barcodes(drawn(page[page.index('<svg class="aztec"') :]))
    assert decode(read.text)[0].seat == "INF" and "Mia Lovelace" in page


def test_the_conditions_of_an_exit_row_are_confirmed_first(client, soon, booking):
    ada, grace = tickets(booking)
    seat = next(seat.code for seat in soon.plan.in_cabin("economy") if seat.is_exit)
    booking.move({ada.pk: seat})
    assert f"{seat} is at an emergency exit" in client.get(f"/fly/check-in/{booking.token}/").content.decode()
    answer = check_in(client, booking, ada, grace)
    assert answer.status_code == 422 and "agree to the conditions" in answer.content.decode()
    assert {one.status for one in tickets(booking)} == {Status.ISSUED}  # all or none
    assert check_in(client, booking, ada, grace, agrees=[ada]).status_code == 303


def test_it_opens_and_closes_by_itself(make_inventory, fly, time_machine):
    inventory = make_inventory(minutes=30 * HOURS)
    booking = fly(on=[inventory])
    region = CheckIn(token=booking.token)
    opens, closes = check_in_opens(inventory.flight), check_in_closes(inventory.flight)
    html = region.render().html
    assert "may-check-in" not in html and "Opens" in html
    assert region.stale_at(timezone.now()) == opens
    time_machine.move_to(opens, tick=False)
    assert "may-check-in" in region.render().html and region.stale_at(timezone.now()) == closes
    time_machine.move_to(closes, tick=False)
    html = region.render().html
    assert "may-check-in" not in html and "Check-in closed" in html and region.stale_at(timezone.now()) is None


def test_of_a_connection_what_is_open_is_checked_in(client, make_inventory, fly):
    first = make_inventory(minutes=20 * HOURS)
    second = make_inventory(minutes=26 * HOURS, number="22", origin="BOS", destination="SFO")
    booking = fly(on=[first, second])
    here, onward = tickets(booking)
    assert check_in(client, booking, here, onward).status_code == 303
    assert [one.status for one in tickets(booking)] == [Status.CHECKED_IN, Status.ISSUED]
    answer = check_in(client, booking, onward)
    assert answer.status_code == 422 and "opens 24 hours before" in answer.content.decode()


def test_what_is_not_paid_is_not_checked_in(client, soon, book_flight):
    booking = book_flight(on=[soon])
    page = client.get(f"/fly/check-in/{booking.token}/").content.decode()
    assert "not paid yet" in page and "may-check-in" not in page and "Who checks in?" not in page
    assert check_in(client, booking, *tickets(booking)).status_code == 422


@pytest.mark.parametrize("coupon", [[], ["x"], ["999999"], ["1" * 400]])
def test_nonsense_checks_in_nobody(client, booking, coupon):
    answer = client.post(f"/fly/check-in/{booking.token}/", {"coupon": coupon})
    assert answer.status_code == 422 and {one.status for one in tickets(booking)} == {Status.ISSUED}


def test_a_ticket_of_another_booking_is_left_alone(client, booking, soon, fly):
    (other,) = tickets(fly("Alan Turing", on=[soon]))
    check_in(client, booking, other)
    assert Coupon.objects.get(pk=other.pk).status == Status.ISSUED


def test_a_revoked_link_opens_no_pass(client, booking):
    ada, _grace = tickets(booking)
    ada.check_in()
    token = booking.token
    booking.revoke_links()
    booking.save()
    assert client.get(f"/fly/passes/{token}/{ada.pk}/").status_code == 404
    assert not find(f"boarding-pass/{token}/{ada.pk}/").allows(None)


def test_check_in_is_undone_to_change_the_booking(client, booking):
    ada, grace = tickets(booking)
    ada.check_in().board()
    grace.check_in()
    assert "may-undo" in client.get(f"/fly/check-in/{booking.token}/").content.decode()
    assert client.get(f"/fly/check-in/{booking.token}/undo/").status_code == 405
    assert client.post(f"/fly/check-in/{booking.token}/undo/").status_code == 303
    assert [one.status for one in tickets(booking)] == [Status.BOARDED, Status.ISSUED]
    assert "may-undo" not in client.get(f"/fly/check-in/{booking.token}/").content.decode()


def test_a_pass_of_a_flight_that_the_booking_no_longer_has(client, booking):
    ada, _grace = tickets(booking)
    address = f"/fly/passes/{booking.token}/{ada.pk}/"
    ada.delete()
    page = client.get(address)
    assert page.status_code == 200 and "the booking has other flights now" in page.content.decode()


def test_a_change_is_paid_before_check_in(client, booking, monkeypatch):
    monkeypatch.setattr(type(booking), "due", 100)
    assert "change of this booking is not paid yet" in client.get(f"/fly/check-in/{booking.token}/").content.decode()
    assert check_in(client, booking, *tickets(booking)).status_code == 422
